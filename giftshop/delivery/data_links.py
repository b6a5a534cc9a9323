"""The link to what a shop keeps of somebody. They have no account: the link is the proof.

It names a letter they got or, on a gift's page, that gift, and is signed. Whoever holds a gift's page can do
with it what its recipient can, so such a link reaches that gift alone; a letter's reaches all that is kept
under the address it went to.
"""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing

from core.crypto import Signer
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import secret_pages
from giftshop.orders.models import Gift

_signer = Signer(salt="giftshop.privacy")


class Proof(NamedTuple):
    """What a link names: `kind` is "letter" or "gift". `mark`: of the gift's link as it was then, so that
    whoever holds an old one learns nothing of the person it goes to by now."""

    kind: str
    id: UUID
    mark: str = ""


def of_letter(delivery: Delivery) -> str:
    """The whole address, for a letter. Empty for one of the installation itself, which has no such page."""
    if delivery.brand_id is None:
        return ""
    return settings.BASE_URL + path_of_letter(delivery)


def path_of_letter(delivery: Delivery) -> str:
    """The same on pages of ours."""
    return secret_pages.path("your-data", _signer.sign(f"letter-{delivery.pk.hex}"))


def of_gift(gift: Gift) -> str:
    """The path, for the gift's own page."""
    return secret_pages.path("your-data", _signer.sign(f"gift-{gift.pk.hex}-{mark_of(gift)}"))


def mark_of(gift: Gift) -> str:
    """The same as long as its link is."""
    return bytes(gift.token_digest).hex()[:16]


def read(signed: str) -> Proof | None:
    """None for a forged one."""
    try:
        kind, found, *mark = _signer.unsign(signed).split("-")
        return Proof(kind, UUID(found), *mark)
    except (signing.BadSignature, ValueError):
        return None
