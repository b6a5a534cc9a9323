"""Which numbers can be texted: those of mobile phones, as E.164 writes them."""

import phonenumbers
from phonenumbers import PhoneNumberType

from brands import phone_numbers

MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
"""In North America nobody can tell the two apart."""


class NotAMobile(ValueError):
    """A number, but of no phone that takes texts."""


def read_mobile(text: str, country: str) -> str:
    """Of "0151 12345678" in DE: "+4915112345678". Raises NotAPhoneNumber and NotAMobile."""
    kept = phone_numbers.read(text, country)
    number = phonenumbers.parse(kept, None)
    if number.extension or phonenumbers.number_type(number) not in MOBILE:
        raise NotAMobile
    return kept


def is_mobile(number: str) -> bool:
    """Whether it is one as they are kept."""
    try:
        return read_mobile(number, "") == number
    except ValueError:
        return False


def country_of(number: str) -> str:
    """ISO 3166 of a number in E.164; empty where it is of none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
    except phonenumbers.NumberParseException:
        return ""
