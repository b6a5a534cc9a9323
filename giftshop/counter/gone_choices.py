"""What the till says of the choices of a gift: which the store is out of."""

from datetime import datetime
from uuid import UUID

from brands.models import Store
from giftshop.catalog.sold_out import choices_gone
from giftshop.orders.models import Gift


def of_gift(store: Store, code_id: UUID, now: datetime) -> frozenset[tuple[str, str]]:
    """(choice's key, option's key) of what is sold out there; nothing for a code that is no gift's.
    Expects the brand's scope. At most 2 queries."""
    gift = Gift.objects.filter(code=code_id).only("treat_id").first()
    if gift is None:
        return frozenset()
    return choices_gone(store=store, treat_id=gift.treat_id, now=now)
