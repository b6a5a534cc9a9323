"""What the API answers: a message, a country's prices, an error. As Twilio's own are shaped."""

from __future__ import annotations

from typing import Any

from sandbox.message_double.store import Row

PRICES = {"US": "0.0083", "DE": "0.1128", "ES": "0.0855", "GB": "0.0524"}
"""Something to count with; Twilio's own are asked for by the same call."""


class ApiError(Exception):
    """An answer of Twilio's: status, code, words."""

    def __init__(self, status: int, code: int, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


def resource(row: Row, account_sid: str) -> Row:
    """As the API shows a message."""
    sid = row["sid"]
    return {
        "account_sid": account_sid, "api_version": "2010-04-01", "body": row["body"],
        "date_created": row["date_created"], "date_sent": row.get("date_sent"),
        "date_updated": row.get("date_updated") or row["date_created"], "direction": row["direction"],
        "error_code": row.get("error_code"), "error_message": None, "from": row.get("from"),
        "messaging_service_sid": row.get("messaging_service_sid"), "num_media": "0",
        "num_segments": row.get("num_segments", "1"), "price": None, "price_unit": "USD", "sid": sid,
        "status": row["status"], "to": row["to"],
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{sid}.json",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{account_sid}/Messages/{sid}/Media.json"},
    }  # fmt: skip


def prices(country: str) -> dict[str, Any]:
    """As the pricing API shows a country."""
    price = PRICES.get(country, "0.0750")
    each = {"base_price": price, "current_price": price, "number_type": "mobile"}
    carriers = [{"carrier": "any", "mcc": "000", "mnc": "00", "prices": [each]}]
    return {
        "country": country, "iso_country": country, "price_unit": "USD", "inbound_sms_prices": [],
        "outbound_sms_prices": carriers, "url": f"https://pricing.twilio.com/v1/Messaging/Countries/{country}",
    }  # fmt: skip
