"""Counts characters as people see them: a family emoji is one, an accent or a vowel sign adds none.

Follows Unicode's grapheme clusters (UAX 29) as far as messages need it, and where it is in doubt it
counts fewer than a browser does, so that what the page let somebody write is never refused.
"""

import unicodedata

from django.utils.translation import gettext as _

from giftshop.orders.models import MESSAGE_CODE_POINTS_MAX, MESSAGE_LENGTH_MAX

_JOINER = "\u200d"
_VIRAMA = 9
"""Canonical combining class of the sign that ties an Indic consonant to the next one."""


def count(text: str) -> int:
    """ "👨‍👩‍👧 Hi" -> 4."""
    seen = 0
    previous, flag_half_open = "", False
    for character in text.replace("\r\n", "\n"):
        is_flag_half = "\U0001f1e6" <= character <= "\U0001f1ff"
        joins = (
            _extends(character)
            or previous == _JOINER
            or (
                previous != ""
                and unicodedata.combining(previous) == _VIRAMA
                and character.isalpha()
            )
            or (is_flag_half and flag_half_open)
            or _completes_hangul(previous, character)
        )
        if not joins or not previous:
            seen += 1
        flag_half_open = is_flag_half and not (joins and flag_half_open)
        previous = character
    return seen


def is_too_long(text: str) -> bool:
    """Too many to see, or (a pile of combining marks) too many to store."""
    return count(text) > MESSAGE_LENGTH_MAX or len(text) > MESSAGE_CODE_POINTS_MAX


def refusal(text: str) -> str:
    """Which limit the text is over, in words, or "" when it may be sent."""
    if (seen := count(text)) > MESSAGE_LENGTH_MAX:
        return _("There is room for %(most)s characters; these are %(count)s.") % {
            "most": MESSAGE_LENGTH_MAX,
            "count": seen,
        }
    if len(text) > MESSAGE_CODE_POINTS_MAX:
        return _(
            "Some of these characters are put together of many parts, as emoji with accents are."
            " There is room for %(most)s parts; these are %(count)s. Leave some of them out."
        ) % {"most": MESSAGE_CODE_POINTS_MAX, "count": len(text)}
    return ""


def _extends(character: str) -> bool:
    """Marks, joiners, variation selectors, skin tones and the tags inside a flag."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in ("\u200c", _JOINER)
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\ufe00" <= character <= "\ufe0f"
    )


def _completes_hangul(before: str, character: str) -> bool:
    """Whether a loose vowel or final consonant completes the Korean syllable before it."""
    is_part = "\u1160" <= character <= "\u11ff"
    return is_part and ("\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")
