"""What a country's law asks of gifts and of the shop that sells them, as types.

Not legal advice. Each rule names its source, so that a lawyer can look it up; a rule that nobody wrote
down here is not known, which is not the same as that there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import ceil
from typing import Generic, TypeVar

Value = TypeVar("Value", covariant=True)

READ_ON = date(2026, 11, 30)
"""When the sources were last looked at. Where, stands beside what was looked up then."""


class GiftKind(StrEnum):
    """What a gift is in the eyes of the law."""

    PAID = "paid"
    GIVEN = "given"
    """By the brand, for nothing: in a campaign, or by hand."""


class Page(StrEnum):
    """What a shop tells its visitors because a law wants it."""

    LEGAL_NOTICE = "legal_notice"
    PRIVACY = "privacy"
    TERMS = "terms"
    ACCESSIBILITY = "accessibility"


@dataclass(frozen=True)
class Rule(Generic[Value]):
    """What holds, where that is written, and since when."""

    value: Value
    source: str
    """As lawyers cite it, in no language but its own."""
    since: date | None = None


@dataclass(frozen=True)
class CashOut:
    """What is left on a gift must be paid out when somebody asks and it is less than this."""

    region: str
    """ISO 3166-2: "US-CA"."""
    amount: int
    """Minor units."""
    currency: str


@dataclass(frozen=True, kw_only=True)
class Law:
    """Of one country. None and nothing: we know no rule."""

    country: str
    """ISO 3166-1, two letters."""
    valid_days: Mapping[GiftKind, Rule[int]] = field(default_factory=dict)
    """How long a gift must be good at least."""
    withdrawal_days: Rule[int] | None = None
    """How long a sender may take the purchase back, counted from the day of paying."""
    withdrawal_function: Rule[str] | None = None
    """That the shop's own pages take the withdrawal, in two steps with words that the law gives."""
    pages: Mapping[Page, Rule[str]] = field(default_factory=dict)
    """What the shop must show; the value says who need not, or nothing."""
    notice_facts: tuple[str, ...] = ()
    """Columns of the brand that its legal notice must fill beside name, address and e-mail."""
    cookie_consent: Rule[str] | None = None
    """That a browser keeps nothing of a shop before its yes but what a page that it asked for cannot do
    without. To be known again as who came by a link is no such thing."""
    cash_out: Rule[CashOut] | None = None
    mail_consent: Rule[str] | None = None
    """That nobody is sent advertising by e-mail who did not say yes to it before; the value is empty."""
    no_expiry_in: Rule[str] | None = None
    """A part of the country (ISO 3166-2) where paid gifts may not expire at all."""


def days_of(years: int) -> int:
    """So many days are never fewer than so many years, whichever of them are leap years."""
    return 365 * years + ceil(years / 4)
