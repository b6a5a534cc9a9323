"""The limits that a new brand begins with: about as much in its currency as $50, $100 and $200."""

from typing import TypedDict

from core import money

_ABOUT = {
    10: "BOB BWP CNY CZK DKK EGP ERN GHS GTQ HKD HNL LSL MAD MDL MOP MRU MUR MVR MXN NAD NIO NOK PHP SCR"
    " SEK SLE SRD STN SZL THB TRY TTD TWD UAH UYU VES ZAR ZMW",
    100: "AFN ALL AMD BDT BTN CRC CVE DJF DOP DZD ETB GMD GYD HTG HUF INR ISK JMD JPY KES KGS KMF KZT LKR"
    " LRD MKD MZN NPR PKR RSD RUB SDG SSP VUV XAF XOF XPF YER",
    1_000: "AOA ARS BIF CDF CLP COP IQD KHR KRW MGA MMK MNT MWK NGN RWF SOS SYP TZS UGX",
    10_000: "GNF IDR IRR LAK LBP PYG STD UZS VND",
}
ABOUT_A_DOLLAR = {code: units for units, codes in _ABOUT.items() for code in codes.split()}
"""Units of a currency, to the nearest round number; 1 of what is not named. Owners set what suits them,
so nobody has to keep up with rates here."""


class Limits(TypedDict):
    """Columns of a brand; minor units."""

    void_limit: int
    goodwill_person_limit: int
    goodwill_store_limit: int


def first_limits(currency: str) -> Limits:
    """Until an owner sets others."""
    dollar = ABOUT_A_DOLLAR.get(currency, 1) * 10 ** money.decimals(currency)
    return Limits(
        void_limit=50 * dollar,
        goodwill_person_limit=100 * dollar,
        goodwill_store_limit=200 * dollar,
    )
