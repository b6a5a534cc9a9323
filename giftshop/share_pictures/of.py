"""What stands on the picture of a gift, a shop, a treat, a campaign, and of the directory."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand
from core.bidi import isolated, without_direction_marks
from giftshop.catalog import themes
from giftshop.catalog.brands import language_shown
from giftshop.catalog.colours import palette, plain_palette
from giftshop.catalog.models import Treat
from giftshop.friends.salutation import short_name
from giftshop.orders.models import Gift
from giftshop.pictures import drawings, fonts
from giftshop.share_pictures.sheet import HEIGHT, WIDTH, Sheet, address

PRESENT = "art/present/mail/wrapped.png"
WORDS_MAX = 160
"""More is cut: an address has to fit everywhere."""


@dataclass(frozen=True)
class Preview:
    """What a page's head says to messengers and networks."""

    title: str
    src: str
    alt: str
    """What is to be seen and read on the picture."""
    language: str
    width: int = WIDTH
    height: int = HEIGHT


def gift(gift: Gift) -> Preview:
    """The sender's first name and the wrapped present: neither treat, code, words nor recipient. In the
    language in which the recipient is written to, as far as the brand's pages are shown in it: a messenger
    asks for none."""
    brand = gift.order.brand
    colours = palette(brand)
    with translation.override(language_shown(brand, gift.language)):
        title = gift_title(gift)
        sheet = Sheet(
            title=_written(without_direction_marks(title)) or _("A gift for you"),
            brand=_name(brand),
            accent=colours.accent,
            paper=colours.paper,
            ink=colours.ink,
            art=PRESENT,
            is_gift=True,
        )
        alt = _("%(title)s: a wrapped present") % {"title": sheet.title}
        return Preview(title, address(sheet), alt, get_language() or "en")


def gift_title(gift: Gift) -> str:
    """In words, also where no letter of ours can draw them."""
    return _("%(sender)s has a gift for you") % {"sender": isolated(short_name(gift.order.sender))}


def shop(brand: Brand) -> Preview:
    """Its tagline beside its own picture."""
    title = str(brand.said["tagline"] or brand.name)
    return _of_brand(brand, title, art_of_shop(brand), fills=True)


def treat(treat: Treat) -> Preview:
    """What it is called, beside the treat."""
    title, fills = str(treat.said["name"]), bool(treat.picture.get("mail"))
    return _of_brand(treat.brand, title, art_of_treat(treat), fills=fills)


def campaign(brand: Brand, title: str, art: str, *, fills: bool) -> Preview:
    """What it promises, beside its own picture: the name of an upload, or of a drawing's copy."""
    return _of_brand(brand, title, art, fills=fills)


def art_of_shop(brand: Brand) -> str:
    """What stands on top of it: the name of an uploaded picture, or a drawing's copy; empty for neither."""
    uploaded = brand.pictures.get("hero", {}).get("share")
    drawn = f"{themes.art_folder(brand)}/hero.svg"
    return uploaded[-1][2] if uploaded else drawings.copy_of(drawn, "preview")


def art_of_treat(treat: Treat) -> str:
    """As art_of_shop()."""
    uploaded = treat.picture.get("mail")
    return uploaded[-1][2] if uploaded else drawings.copy_of(treat.art)


def directory(title: str) -> Preview:
    """Of the page with all brands."""
    colours = plain_palette()
    sheet = Sheet(
        title=_written(title),
        brand="Giftshop",
        accent=colours.accent,
        paper=colours.paper,
        ink=colours.ink,
        art=PRESENT,
    )
    return Preview(title, address(sheet), title, get_language() or "en")


def _of_brand(brand: Brand, title: str, art: str, *, fills: bool) -> Preview:
    colours = palette(brand)
    sheet = Sheet(
        title=_written(title),
        brand=_name(brand),
        accent=colours.accent,
        paper=colours.wash,
        ink=colours.ink,
        art=art or PRESENT,
        fills=fills and bool(art),
    )
    name = "" if title == brand.name else brand.name
    alt = " · ".join(filter(None, [title, name]))
    return Preview(title, address(sheet), alt, get_language() or "en")


def _name(brand: Brand) -> str:
    return _written(brand.name, fonts.TEXT)


def _written(words: str, face: fonts.Face = fonts.DISPLAY) -> str:
    """The words if all their letters are ours, else nothing: half a name is nobody's."""
    words = " ".join(words.split())[:WORDS_MAX]
    return words if fonts.has_all(face, words) else ""
