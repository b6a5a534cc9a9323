"""A gift in reply to another: to its sender, at an address that the shop knows and its recipient does not."""

from collections.abc import Iterable
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from brands.models import Brand
from giftshop.http.said_on import says, typed
from giftshop.orders.models import Gift

SIGNED_LENGTH_MAX = 120

_signer = signing.Signer(salt="giftshop.orders.reply")


def sign(gift: Gift) -> str:
    """What its opened page sends to answer it. It names the gift and opens nothing: neither its page nor its
    sender's."""
    return _signer.sign(str(gift.pk))


def genuine(signed: str) -> str:
    """The same text, if we signed it; else nothing. What a page repeats of its address is never a stranger's.
    No query."""
    try:
        return _signer.sign(str(UUID(_signer.unsign(signed[:SIGNED_LENGTH_MAX]))))
    except (signing.BadSignature, ValueError):
        return ""


@says("gift")
def came_from(request: HttpRequest, _brand: Brand) -> str:
    """The gift whose page led here, signed by us, or empty. No query."""
    return genuine(typed(request, "gift"))


def gift_of(signed: str) -> Gift | None:
    """The gift that is answered, with its order and treat; None for a forged one, another brand's,
    and one whose sender is erased. Expects
    the brand's scope. One query."""
    try:
        gift_id = UUID(_signer.unsign(signed[:SIGNED_LENGTH_MAX]))
    except (signing.BadSignature, ValueError):
        return None
    gifts = Gift.objects.issued().select_related("order", "recipient", "treat", "price")
    return gifts.filter(pk=gift_id, order__sender_erased_at=None).first()


def addresses(gift_ids: Iterable[str]) -> dict[str, str]:
    """By gift, where its sender is written to. Expects the brand's scope. One query, none for no gifts."""
    wanted = list(gift_ids)
    if not wanted:
        return {}
    found = Gift.objects.filter(pk__in=wanted).values_list("pk", "order__sender_email")
    return {str(pk): address for pk, address in found}
