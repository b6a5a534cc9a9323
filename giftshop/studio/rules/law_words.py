"""What the law asks of a brand, in words for its owner: brands/policy has the rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.policy.countries import law_of
from brands.policy.law import READ_ON, GiftKind, Law, Page, Rule
from core.bidi import isolated
from core.locales import readers_locale
from core.templatetags.money import money

REGIONS = {"US-CA": gettext_lazy("California")}
PAGES = {
    Page.LEGAL_NOTICE: gettext_lazy("Your shop shows a legal notice."),
    Page.PRIVACY: gettext_lazy("Your shop says what it knows of people: privacy."),
    Page.TERMS: gettext_lazy("Your shop says on what terms it sells."),
    Page.ACCESSIBILITY: gettext_lazy("Your shop says how accessible it is."),
}
EXEMPT = {
    "": "",
    "microenterprises": gettext_lazy(
        "Businesses with fewer than ten people and at most two million euros a year need not."
    ),
}


@dataclass(frozen=True)
class Line:
    """One rule."""

    text: str
    source: str
    since: date | None


@dataclass(frozen=True)
class Words:
    """Of one country."""

    country: str
    lines: list[Line]
    unknown: list[str]
    read_on: date = READ_ON


def of_country(country: str) -> Words:
    """In the reader's language. No query."""
    law, name = law_of(country), country_name(country)
    return Words(name, list(_lines(law)), list(_unknown(law, name)))


def country_name(country: str) -> str:
    """In the reader's language; its two letters where Babel has no name."""
    return str(readers_locale().territories.get(country, country))


def too_short(rule: Rule[int]) -> str:
    """Why a brand cannot let its gifts expire so soon."""
    return _(
        "The law (%(source)s) asks that gifts that were paid for are good for %(days)s days at least."
    ) % {
        "days": rule.value,
        "source": isolated(rule.source),
    }


def takes_back_longer(rule: Rule[int]) -> str:
    """Why a brand cannot keep a sender's money so soon."""
    return _("The law (%(source)s) lets senders take a gift back for %(days)s days at least.") % {
        "days": rule.value,
        "source": isolated(rule.source),
    }


TOO_SHORT: dict[str, Callable[[Rule[int]], str]] = {
    "gift_valid_days": too_short,
    "withdrawal_days": takes_back_longer,
}
"""By the name of the rule that is below what the law gives."""


def without_days(country: str) -> str:
    """What holds while the brand names no days of its own."""
    if law := law_of(country).withdrawal_days:
        return _("Empty: the %(days)s days of the law (%(source)s).") % {
            "days": law.value,
            "source": isolated(law.source),
        }
    return _("Empty: until the gift is opened. With days they may after that, too.")


def _lines(law: Law) -> Iterator[Line]:
    for kind, rule in law.valid_days.items():
        if kind == GiftKind.PAID:
            text = _("Gifts that were paid for are good for %(days)s days at least.")
            yield _line(text % {"days": rule.value}, rule)
    if free := law.no_expiry_in:
        text = _("In %(region)s they may not expire at all.")
        yield _line(text % {"region": REGIONS[free.value]}, free)
    if back := law.withdrawal_days:
        text = _("Whoever bought may take it back within %(days)s days.")
        yield _line(text % {"days": back.value}, back)
    if function := law.withdrawal_function:
        text = _("They do so on a page of your shop, which confirms it by e-mail: we have it.")
        yield _line(text, function)
    if cash := law.cash_out:
        text = _("In %(region)s less than %(amount)s left is paid out when somebody asks.")
        shown = {
            "region": REGIONS[cash.value.region],
            "amount": money(cash.value.amount, cash.value.currency),
        }
        yield _line(text % shown, cash)
    for page, wanted in law.pages.items():
        yield _line(f"{PAGES[page]} {EXEMPT[wanted.value]}".strip(), wanted)


def _line(text: str, rule: Rule[object]) -> Line:
    return Line(text, rule.source, rule.since)


def _unknown(law: Law, country: str) -> Iterator[str]:
    """What we do not know is said, so that nobody takes silence for leave."""
    if law == Law(country=law.country):
        text = _(
            "We know no rule for your country (%(country)s). There may be some all the same: ask a lawyer."
        )
        yield text % {"country": country}
    elif not law.valid_days:
        yield _("How long gifts must be good there, we don't know: ask a lawyer.")
