"""Amounts: how they are shown, their least, and what Stripe keeps of them. Integers of the smallest unit."""

from __future__ import annotations

from decimal import Decimal

from sandbox.stripe_double.errors import bad_parameter, refused

ZERO_DECIMAL = frozenset((
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
    "xof", "xpf",
))  # fmt: skip
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
STEPS = {"isk": 100, "ugx": 100, **dict.fromkeys(THREE_DECIMAL, 10)}
"""What an amount has to be a multiple of: whole units, though counted with two decimals, and a last 0."""
SYMBOLS = {
    "usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "krw": "₩", "cad": "CA$", "aud": "A$", "nzd": "NZ$",
    "inr": "₹", "brl": "R$", "mxn": "MX$", "ils": "₪", "vnd": "₫", "hkd": "HK$", "twd": "NT$",
}  # fmt: skip
OTHER_CURRENCIES = frozenset((
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "awg", "azn", "bam", "bbd", "bdt", "bgn",
    "bif", "bmd", "bnd", "bob", "bsd", "bwp", "byn", "bzd", "cdf", "chf", "clp", "cny", "cop",
    "crc", "cve", "czk", "djf", "dkk", "dop", "dzd", "egp", "etb", "fjd", "fkp", "gel", "gip",
    "gmd", "gnf", "gtq", "gyd", "hnl", "htg", "huf", "idr", "isk", "jmd", "kes", "kgs", "khr",
    "kmf", "kyd", "kzt", "lak", "lbp", "lkr", "lrd", "lsl", "mad", "mdl", "mga", "mkd", "mmk",
    "mnt", "mop", "mur", "mvr", "mwk", "myr", "mzn", "nad", "ngn", "nio", "nok", "npr", "pab",
    "pen", "pgk", "php", "pkr", "pln", "pyg", "qar", "ron", "rsd", "rub", "rwf", "sar", "sbd",
    "scr", "sek", "sgd", "shp", "sle", "sos", "srd", "std", "szl", "thb", "tjs", "top", "try",
    "ttd", "tzs", "uah", "ugx", "uyu", "uzs", "vuv", "wst", "xaf", "xcd", "xcg", "xof", "xpf",
    "yer", "zar", "zmw",
))  # fmt: skip
CURRENCIES = OTHER_CURRENCIES | THREE_DECIMAL | SYMBOLS.keys()
LEAST = {
    "usd": 50, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "eur": 50, "inr": 50, "nzd": 50,
    "sgd": 50, "jpy": 50, "gbp": 30, "hkd": 400, "nok": 300, "sek": 300, "dkk": 250, "pln": 200,
    "mxn": 1000, "czk": 1500, "huf": 17500, "thb": 1000, "myr": 200, "ron": 200, "aed": 200,
    "krw": 700, "twd": 1600, "vnd": 13000, "clp": 500,
}  # fmt: skip
MOST = {"idr": 999_999_999_999, "cop": 9_999_999_999, "inr": 999_999_999}
FEE_PER_MILLE = 29
FIXED_FEE = 30
DISPUTE_FEE = 1500


def shown(amount: int, currency: str) -> str:
    """(1950, "usd") -> "$19.50"; (500, "jpy") -> "¥500"; (100, "sek") -> "SEK 1.00"."""
    code = currency.lower()
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    places = decimals(code)
    whole, part = divmod(size, 10**places)
    number = f"{whole:,}.{part:0{places}d}" if places else f"{whole:,}"
    symbol = SYMBOLS.get(code) or f"{code.upper()}\N{NO-BREAK SPACE}"
    return f"{sign}{symbol}{number}"


def typed(text: str, currency: str) -> int:
    """("19.50", "usd") -> 1950; raises Stripe's refusal of what is no amount of that currency."""
    try:
        amount = Decimal(text.strip()).scaleb(decimals(currency))
        whole = int(amount)
    except (ArithmeticError, ValueError):
        raise bad_parameter(f"Not an amount: {text}", "amount") from None
    if whole != amount:
        raise bad_parameter(f"Not an amount in {currency.upper()}: {text}", "amount")
    return whole


def decimals(currency: str) -> int:
    """As Stripe counts them, which is not always as ISO 4217 does."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def least(currency: str) -> int:
    """The smallest amount that may be charged."""
    return LEAST.get(currency, 50)


def most(currency: str) -> int:
    """The largest amount that may be charged at once."""
    return MOST.get(currency, 99_999_999)


def fee(amount: int, currency: str) -> int:
    """Stripe's part of a charge: 2.9 % and 30, a half rounded up, in what the currency can be paid in."""
    return whole((amount * FEE_PER_MILLE + 500) // 1000 + FIXED_FEE, currency)


def dispute_fee(currency: str) -> int:
    """What a chargeback costs."""
    return whole(DISPUTE_FEE, currency)


def whole(amount: int, currency: str) -> int:
    """The next amount that can be paid: of Iceland's crowns, whole ones."""
    step = STEPS.get(currency, 1)
    return -(-amount // step) * step


def check_step(amount: int, currency: str, param: str) -> None:
    """Refuse a fraction of what has none."""
    step = STEPS.get(currency, 1)
    if amount % step:
        message = f"Invalid amount: in {currency} it must be evenly divisible by {step}."
        raise refused(message, code="parameter_invalid_integer", param=param)
