"""Money is kept in minor units, as Stripe counts them; people write and read it as a number.

How many decimals a currency has is Stripe's to say, for Stripe charges it, whatever ISO 4217, CLDR or a
browser say: of RSD 450.00 they would make 450 minor units, and Stripe would charge 4.50. The table is that
of Stripe's page "Supported currencies" (docs.stripe.com/currencies): "Zero-decimal currencies",
"Three-decimal currencies" and "Special cases". Two of the special cases, HUF and TWD, hold for payouts
alone; nothing here pays out.
"""

from decimal import Decimal

from babel.numbers import get_currency_precision

DIGITS_MAX = 18
"""What a column of 64 bits takes, and more than any sum of money has."""

MINOR_UNITS_MAX = 999_999_999_999
"""The most that one amount may be: as much as can be charged of any currency. Columns take nine million times
as much, sums of such amounts; a number of JSON nine thousand times."""

USUAL_DECIMALS = 2
DECIMALS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF"], 0),
    **dict.fromkeys(["VND", "VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "JOD", "KWD", "OMR", "TND"], 3),
}
WHOLE_ONLY = frozenset({"ISK", "UGX"})
"""Without decimals since, but still counted with two of them, which have to be 00."""

USUAL_LEAST = 50
LEAST = {
    **dict.fromkeys(["GBP"], 30),
    **dict.fromkeys(["AED", "MYR", "PLN", "RON"], 2_00),
    "DKK": 2_50,
    **dict.fromkeys(["NOK", "SEK"], 3_00),
    "HKD": 4_00,
    **dict.fromkeys(["MXN", "THB"], 10_00),
    "CZK": 15_00,
    "TWD": 16_00,
    "HUF": 175_00,
    "CLP": 500,
    "KRW": 700,
    "VND": 13_000,
}
"""What may be charged at least. Of currencies that its table doesn't name Stripe wants what is worth as much,
at the rate of the day: it may refuse what passes here."""
USUAL_MOST = 99_999_999
MOST = {"IDR": 999_999_999_999, "COP": 9_999_999_999, "INR": 999_999_999}
"""What may be charged at once, by whatever means: eight digits, and more of these. Cards may take more of
others."""


def decimals(currency: str) -> int:
    """By how many places minor units are shifted: 2 for USD."""
    return DECIMALS.get(currency, USUAL_DECIMALS)


def number(amount: int, currency: str) -> Decimal:
    """650, "USD" -> 6.50."""
    return Decimal(amount).scaleb(-decimals(currency))


def minor_units(number: Decimal, currency: str) -> int | None:
    """6.50, "USD" -> 650; None for less than the smallest coin: 6.505. Raises ValueError for what has
    more digits than any amount: an exponent would cost as many as it says."""
    if not number.is_finite() or abs(number.adjusted()) > DIGITS_MAX:
        raise ValueError(f"no amount of money has more than {DIGITS_MAX} digits")
    minor = number.scaleb(decimals(currency))
    if minor != minor.to_integral_value() or (currency in WHOLE_ONLY and minor % 100):
        return None
    return int(minor)


def least_charge(currency: str) -> int:
    """Minor units: 50 for USD, 13,000 for VND."""
    return LEAST.get(currency, USUAL_LEAST)


def most_charge(currency: str) -> int:
    """Minor units that may be paid at once."""
    return MOST.get(currency, USUAL_MOST)


def is_chargeable(amount: int, currency: str) -> bool:
    """Whether Stripe takes it: neither less nor more than its limits, in coins that it counts."""
    return least_charge(currency) <= amount <= most_charge(currency) and has_coins(amount, currency)


def coin(currency: str) -> int:
    """Minor units of the least that Stripe counts: whole units of ISK and UGX; of three decimals the last has
    to be 0."""
    if currency in WHOLE_ONLY:
        return 100
    return 10 if decimals(currency) > 2 else 1


def has_coins(amount: int, currency: str) -> bool:
    """Whether Stripe counts it."""
    return amount % coin(currency) == 0


def in_coins(amount: int, currency: str) -> int:
    """As much of it as Stripe counts, and so as can be charged or sent back: 4990 of 4995 fils."""
    return amount - amount % coin(currency)


def written_decimals(currency: str) -> int:
    """How many of them people write at most."""
    return 0 if currency in WHOLE_ONLY else decimals(currency)


def shown_decimals(amount: int, currency: str) -> int:
    """As many as its people are used to, and all of them for an amount that needs them: RSD 450 and
    RSD 450.50."""
    used = min(decimals(currency), get_currency_precision(currency))
    return used if number(amount, currency) % Decimal(1).scaleb(-used) == 0 else decimals(currency)


def key_step(currency: str) -> int:
    """Minor units for which the last place stands when an amount is typed from the right."""
    return int(10 ** (decimals(currency) - shown_decimals(0, currency)))
