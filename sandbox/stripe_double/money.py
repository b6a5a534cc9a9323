"""Amounts: how they are shown, their least, and what Stripe keeps of them. Integers of the smallest unit."""

from __future__ import annotations

ZERO_DECIMAL = frozenset((
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
))  # fmt: skip
SYMBOLS = {
    "usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "krw": "₩", "cad": "CA$", "aud": "A$", "nzd": "NZ$",
    "inr": "₹", "brl": "R$", "mxn": "MX$", "ils": "₪", "vnd": "₫", "hkd": "HK$", "twd": "NT$",
}  # fmt: skip
OTHER_CURRENCIES = frozenset((
    "aed", "ars", "bgn", "chf", "clp", "cny", "cop", "czk", "dkk", "egp", "huf", "idr", "isk",
    "kes", "mad", "myr", "nok", "pen", "php", "pkr", "pln", "qar", "ron", "rsd", "sar", "sek",
    "sgd", "thb", "try", "uah", "uyu", "zar", "bif", "djf", "gnf", "kmf", "mga", "pyg", "rwf",
    "ugx", "vuv", "xaf", "xof", "xpf",
))  # fmt: skip
CURRENCIES = OTHER_CURRENCIES | SYMBOLS.keys()
LEAST = {
    "usd": 50, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "eur": 50, "inr": 50, "nzd": 50,
    "sgd": 50, "jpy": 50, "gbp": 30, "hkd": 400, "nok": 300, "sek": 300, "dkk": 250, "pln": 200,
    "mxn": 1000, "czk": 1500, "huf": 17500, "thb": 1000, "myr": 200, "ron": 200, "aed": 200,
    "krw": 700, "twd": 1600, "vnd": 13000, "clp": 500,
}  # fmt: skip
MOST = 99_999_999
FEE_PER_MILLE = 29
FIXED_FEE = 30
DISPUTE_FEE = 1500


def shown(amount: int, currency: str) -> str:
    """(1950, "usd") -> "$19.50"; (500, "jpy") -> "¥500"; (100, "sek") -> "SEK 1.00"."""
    code = currency.lower()
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    number = f"{size:,}" if code in ZERO_DECIMAL else f"{size // 100:,}.{size % 100:02d}"
    symbol = SYMBOLS.get(code) or f"{code.upper()}\N{NO-BREAK SPACE}"
    return f"{sign}{symbol}{number}"


def least(currency: str) -> int:
    """The smallest amount that may be charged."""
    return LEAST.get(currency, 50)


def fee(amount: int) -> int:
    """Stripe's part of a charge: 2.9 % and 30, a half rounded up."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FIXED_FEE
