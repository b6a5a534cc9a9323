"""A gift that nobody gave, to show what a real one would look like. In memory alone; its code is a word
that no till knows."""

from datetime import datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand
from giftshop.catalog import menu
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order, Recipient
from redemption.models import Code

CODE = "JUSTLOOKNOTAGIFTX"
"""As long as a code, with a letter that no code has."""
TOKEN = "sample"  # nosec B105  # opens nothing: no gift has it


def gift(brand: Brand, *, now: datetime) -> Gift:
    """Of the first treat on the menu, or of one that is yet to come. Expects the brand's scope; at most
    four queries."""
    treat = Treat.objects.on_the_menu(now.astimezone(brand.tz).date()).first()
    price = menu.cheapest(treat) if treat else None
    treat = treat or Treat(brand=brand, name=_("A treat of yours"))
    amount = price.amount if price else 0
    label = f"{treat.name}, {price.name}" if price and price.name else treat.name
    kind = Code.Kind.VALUE if price and price.is_free else Code.Kind.ITEM
    order = Order(
        brand=brand,
        sender_name=_("Amy"),
        currency=brand.currency,
        language=get_language() or "en",
    )
    code = Code(
        brand=brand,
        kind=kind,
        label=label,
        amount=amount,
        balance=amount,
        currency=brand.currency,
        valid_from=now,
        expires_at=brand.expiry_for(now) if brand.gift_valid_days else now + timedelta(days=1),
    )
    return Gift(
        brand=brand,
        order=order,
        position=1,
        recipient=Recipient(brand=brand, name=_("Ben")),
        channel=Gift.Channel.EMAIL,
        treat=treat,
        label=label,
        amount=amount,
        kind=kind,
        message=_("You had a long week. This one is on me."),
        code=code,
    )
