"""What may stand for a person: names as they are typed, without what spoofs the text around them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.bidi import in_one_line

LENGTH_MAX = 60
DIGITS_MAX = 4
"""A class of 2026 is a name; a number with more digits is somebody's phone."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text that lists them."""
    return frozenset(text.split())


_ENDINGS = "|".join(
    sorted(
        word_set("""
    com net org edu gov info biz name mobi io co app dev me tv cc ly gl gg to ai xyz top site shop
    store online link live club page web click icu gift gifts cards pay bank example test invalid
    localhost us uk ca au nz ie de at ch fr es it pt nl be lu dk se no fi pl cz hu ro gr ru ua tr br
    mx ar cl pe jp cn kr in za eu mp zip mov рф
""")
    )
)
# Both are looked for only where a word begins, or in a bounded stretch: linear in the text.
_LINK = re.compile(
    rf"://|(?<![\w-])(?:www\.|[^\W_][\w-]+\.(?:{_ENDINGS})(?![\w-])|[^\W_]\.(?:{_ENDINGS})(?=/|\s*$))",
    re.IGNORECASE,
)
"""One letter alone is rather an initial than a host: t.me/x and x.com are links, "M.de Boer" is none."""
_AT = re.compile(
    r"@|[(\[{] ?(?:at|ät|arroba) ?[)\]}]|\s(?:at|arroba)\s.{1,60}?\s(?:dot|punkt|punto)\s",
    re.IGNORECASE,
)
_LAST_WORDS = word_set("""
    jr sr ii iii iv phd md esq dds inc llc ltd gmbh
""")
_LOOKALIKES = str.maketrans(
    "аеіјорсухѕԁһԛԝтквмнαεικνορτυχβημζᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɡ",
    "aeijopcyxsdhqwtkbmhaeiknoptuxbhmzabcdefghijklmnoprstuvwyzig",
) | str.maketrans("013457", "oieast")
"""Cyrillic and Greek letters, small or large, small capitals, and digits that stand for letters."""
_FROM_THE_BRAND = "giftshop"
TOLD_LENGTH_MIN = 8
"""A brand's name of so many letters is found however it is spaced: "F.r.o.s.t.y Spoon"."""
_OFFICES = word_set("""
    the a team support service services help helpdesk desk customer care client security billing
    payments payment account accounts admin administrator official office staff shop store sales
    info gifts gift card cards noreply no reply from at of by via your das der die ihr ihre
    kundenservice kundendienst hilfe sicherheit konto zahlung el la los de del su equipo soporte
    servicio ayuda seguridad tienda cuenta pagos
""")


def is_link(text: str) -> bool:
    """Whether a mail program would make a link of part of it: no name does that."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    return bool(_LINK.search(plain))


def is_address_in_words(text: str) -> bool:
    """Whether it tells an e-mail address: "ben (at) example", "ben at example dot com"."""
    return bool(_AT.search(f"{text} "))


def is_number(text: str) -> bool:
    """Whether it is, or holds, what is dialled."""
    return sum(character.isdigit() for character in text) > DIGITS_MAX


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def validate_name(text: str) -> None:
    """For a form. Raises ValidationError with what else it is."""
    if "@" in text or is_address_in_words(text):
        raise ValidationError(_("Write a name here. The e-mail address has a field of its own."))
    if is_link(text):
        raise ValidationError(_("Write a name here, without a web address."))
    if not in_one_line(text):
        raise ValidationError(_("Write a name here."))


def reordered(text: str) -> str:
    """ "Okafor, Ben" -> "Ben Okafor", "Smith, John, Jr." -> "John Smith Jr."; "" where that is not clear."""
    parts = [part for each in text.split(",") if (part := each.strip())]
    last = [part for part in parts[1:] if _is_last_word(part)]
    first = [part for part in parts[1:] if not _is_last_word(part)]
    if not parts or len(first) > 1 or not all(map(has_letters, parts)):
        return ""
    return " ".join([*first, parts[0], *last])


def _is_last_word(text: str) -> bool:
    return text.replace(".", "").casefold() in _LAST_WORDS


def is_the_brand(name: str, brand: str, slug: str = "") -> bool:
    """Whether a sender of this name would pass for the shop itself: "Giftshop support", the brand's own name,
    or what its address makes of it: "Frosty Spoon" of Frosty Spoon Creamery, frosty-spoon.

    A brand of one word may be a person's name too: then only the word alone, or with an office, is taken.
    """
    said = _words(name)
    spelt = "".join(said)
    short = _words(slug.replace("-", " "))
    for own in ([_FROM_THE_BRAND], _words(brand), short if len(short) > 1 else []):
        if own and [word for word in said if word not in _OFFICES or word in own] == own:
            return True
        if len(own) > 1 and ("".join(own) in said or _holds(said, own)):
            return True
        if len("".join(own)) >= TOLD_LENGTH_MIN and len(own) > 1 and "".join(own) in spelt:
            return True
    return _FROM_THE_BRAND in spelt


def _holds(words: list[str], part: list[str]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words)))


def _words(text: str) -> list[str]:
    """In small Latin letters without accents, as they look: a Cyrillic letter is the Latin one here."""
    plain = unicodedata.normalize("NFKD", in_one_line(text)).casefold().translate(_LOOKALIKES)
    seen = "".join(each for each in plain if unicodedata.category(each) not in ("Mn", "Cf"))
    return re.findall(r"[^\W_]+", re.sub(r"['\u2019`]", "", seen))
