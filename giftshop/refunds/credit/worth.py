"""On which code the worth of a gift is now: on its own, or on the credit that its sender got for it."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from uuid import UUID

from giftshop.orders.models import Gift
from giftshop.refunds.models import Refund
from redemption.models import Code


def with_worth(gifts: Iterable[Gift]) -> list[Gift]:
    """The gifts, in their order; one whose worth moved as a copy that has the credit for its code, which is
    not to be saved. One query, two where one moved. Expects the brand's scope."""
    gifts = list(gifts)
    rows = Refund.objects.credited().filter(lines__gift__in=gifts)
    moved = dict(rows.values_list("lines__gift", "credit"))
    codes = Code.objects.select_related("brand").in_bulk(moved.values()) if moved else {}
    return on_credits(gifts, {gift: codes[code] for gift, code in moved.items()})


def on_credits(gifts: Iterable[Gift], moved: Mapping[UUID, Code | None]) -> list[Gift]:
    """`moved`: the credits of those that moved, by the gift's id. No query."""
    return [_on_credit(gift, moved[gift.pk]) if gift.pk in moved else gift for gift in gifts]


def _on_credit(gift: Gift, credit: Code | None) -> Gift:
    moved = copy(gift)
    moved.code = credit
    return moved


def gifts_by_code(code_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Ids of the gifts whose worth these codes carry, or carried: by the code's id. Two queries."""
    found = dict(Gift.objects.filter(code__in=code_ids).values_list("code", "pk"))
    credited = Refund.objects.credited().filter(credit__in=code_ids)
    found |= dict(credited.values_list("credit", "lines__gift"))
    return found
