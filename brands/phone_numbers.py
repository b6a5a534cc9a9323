"""Telephone numbers: kept as E.164 writes them, so that they can be called from anywhere; shown as people
write them."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

KEPT = re.compile(r"(\+[1-9]\d{4,14})(?:;ext=(\d{1,11}))?")
"""+12065550162, or +12065550162;ext=5 (RFC 3966)."""


class NotAPhoneNumber(ValueError):
    """No number of that country can be read in the text."""


def read(text: str, country: str) -> str:
    """Of "(206) 555-0162 ext. 5" in the US: "+12065550162;ext=5". `country` (ISO 3166) is where a number
    without a country code is meant. Raises NotAPhoneNumber."""
    number = _parsed(text, country)
    if number is None or not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber
    kept = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if number.extension:
        kept += f";ext={number.extension}"
    if not KEPT.fullmatch(kept):
        raise NotAPhoneNumber
    return kept


def link(kept: str) -> str:
    """tel:+12065550162; an empty text for what was kept before numbers were read, and is none."""
    return f"tel:{kept}" if KEPT.fullmatch(kept) else ""


def shown(kept: str, country: str) -> str:
    """For a reader in that country: a number of the same country without its code. What is no number as we
    keep them stays as it is."""
    number = _parsed(kept, country) if KEPT.fullmatch(kept) else None
    if number is None:
        return kept
    at_home = number.country_code == phonenumbers.country_code_for_region(country)
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def _parsed(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
