"""VAT of gifts as their receipt shows it: what the brand said when they were sold.

A gift is a voucher. Of some brands it is known at the sale where and at which rate it will be taxed: then it
is a single-purpose voucher, and VAT is in its price (Directive 2006/112/EC, art. 30a and 30b, by Directive
(EU) 2016/1065). Else it is a multi-purpose one, taxed when it is used, and nothing is shown. A gift of an
amount is a multi-purpose one unless the brand says otherwise.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

from brands.models import Brand
from giftshop.orders.models import Gift
from redemption.models import Code

WHOLE = 10_000
"""Basis points."""


@dataclass(frozen=True)
class VatLine:
    """All gifts of an order at one rate. `rate` in basis points, the rest in minor units."""

    rate: int
    net: int
    vat: int

    @property
    def percent(self) -> str:
        """7.5, as the reader writes it."""
        return number_format(Decimal(self.rate).scaleb(-2).normalize() + 0, use_l10n=True)


@dataclass(frozen=True)
class Vat:
    lines: list[VatLine]
    """The highest rate first."""
    is_whole: bool
    """No gift beside them is taxed later."""


def rate_of(brand: Brand, kind: str) -> int | None:
    """At which a gift that is sold now is taxed, in basis points; None: when it is used. No query."""
    if kind == Code.Kind.VALUE and not brand.vat_on_amounts:
        return None
    return brand.vat_rate


def of_gifts(gifts: Iterable[Gift]) -> Vat:
    """By what was said when they were sold. Prices have their VAT in them; it is taken from the sum of what
    was paid for all gifts at a rate, rounded once, half a minor unit up. No query."""
    sums: Counter[int] = Counter()
    is_whole = True
    for gift in gifts:
        if gift.vat_rate is None:
            is_whole = False
        else:
            sums[gift.vat_rate] += gift.paid
    return Vat([_line(rate, sums[rate]) for rate in sorted(sums, reverse=True)], is_whole)


def _line(rate: int, gross: int) -> VatLine:
    parts = WHOLE + rate
    vat = (2 * gross * rate + parts) // (2 * parts)
    return VatLine(rate, gross - vat, vat)
