"""What a buyer typed into the payment page, judged in the page's words."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from sandbox.stripe_double.cards import luhn
from sandbox.stripe_double.objects.values import EMAIL

FIELD_OF_CODE = {"incorrect_cvc": "cardCvc", "expired_card": "cardExpiry"}


@dataclass
class Entry:
    email: str = ""
    number: str = ""
    expiry: tuple[int, int] = (0, 0)  # month, year
    name: str = ""
    country: str = "US"
    problems: dict[str, str] = field(default_factory=dict)  # by field


def field_of(code: str) -> str:
    """Which field a card error belongs to."""
    return FIELD_OF_CODE.get(code, "cardNumber")


def read(form: dict[str, str], email: str | None, now: int) -> Entry:
    """The entry; without ``problems`` it can be tried. ``email``: the session's own, which stays."""
    entry = Entry(
        email=email or form.get("email", "").strip(),
        number=re.sub(r"\D", "", form.get("cardNumber", "")),
        name=form.get("billingName", "").strip(),
        country=form.get("billingCountry", "US"),
    )
    if not EMAIL.fullmatch(entry.email):
        entry.problems["email"] = (
            "Your email is incomplete." if entry.email else "Enter your email."
        )
    _check_number(entry)
    _check_expiry(entry, form.get("cardExpiry", ""), now)
    digits = 4 if entry.number.startswith(("34", "37")) else 3
    if not re.fullmatch(rf"\d{{{digits}}}", form.get("cardCvc", "").strip()):
        entry.problems["cardCvc"] = "Your card's security code is incomplete."
    if not entry.name:
        entry.problems["billingName"] = "Enter the name on the card."
    return entry


def _check_number(entry: Entry) -> None:
    length = 15 if entry.number.startswith(("34", "37")) else 16
    if len(entry.number) < length:
        entry.problems["cardNumber"] = "Your card number is incomplete."
    elif len(entry.number) > 19 or not luhn(entry.number):
        entry.problems["cardNumber"] = "Your card number is invalid."


def _check_expiry(entry: Entry, typed: str, now: int) -> None:
    match = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*/?\s*(?:20)?(\d\d)\s*", typed)
    if not match:
        entry.problems["cardExpiry"] = "Your card's expiration date is incomplete."
        return
    month, year = int(match[1]), 2000 + int(match[2])
    today = time.gmtime(now)
    if (year, month) < (today.tm_year, today.tm_mon):
        which = "year" if year < today.tm_year else "date"
        entry.problems["cardExpiry"] = f"Your card's expiration {which} is in the past."
    entry.expiry = (month, year)
