"""What is on a picture for a link, and the address that says all of it.

The address carries what is drawn, signed by us: it names no gift and no person, opens nothing, and nobody
else can have words of theirs drawn here. Whatever changes on the picture changes its address, so that it may
be kept for ever.
"""

from dataclasses import astuple, dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

WIDTH, HEIGHT = 1200, 630
"""What messengers and networks ask for."""
_SALT = "giftshop.share_pictures"


@dataclass(frozen=True)
class Sheet:
    """All that is drawn."""

    title: str
    """Empty: our letters can't write it, and the drawing stands alone."""
    brand: str
    """Its name; empty as above."""
    accent: str
    paper: str
    ink: str
    """Hexadecimal colours."""
    art: str
    """A drawing below static/, the name of an uploaded picture's file, or empty."""
    is_gift: bool = False
    """The present, on the brand's colour."""
    fills: bool = False
    """The drawing is a scene that may be cut; otherwise it is a thing and stands whole."""


def address(sheet: Sheet) -> str:
    """Where the picture is, with our host: messengers want the whole of it."""
    signed = _signer().sign_object(list(astuple(sheet)), compress=True)
    return settings.BASE_URL + reverse("share_picture", args=[signed])


def read(signed: str) -> Sheet:
    """Raises BadSignature for what we did not sign, and for a sheet of another version of ours."""
    told = _signer().unsign_object(signed)
    try:
        return Sheet(*told)
    except TypeError:
        raise BadSignature("a sheet of another version") from None


def _signer() -> Signer:
    return Signer(sep="~", salt=_SALT)
