"""What a text costs, as far as the provider's list says what may be a price."""

from types import SimpleNamespace

import pytest

from giftshop.texts import client, prices


@pytest.mark.parametrize(
    ("listed", "taken"),
    [
        (["0.0083", "0.0079"], "0.0083"),
        (["0.0083", "1E+999999", "1E-999999", "NaN", "sNaN", "-1", "1000", "dear", None], "0.0083"),
        (["1E+999999"], None),
    ],
)
def test_the_dearest_of_what_may_be_a_price(
    monkeypatch: pytest.MonkeyPatch, listed: list[str | None], taken: str | None
) -> None:
    carriers = [{"prices": [{"current_price": each} for each in listed]}]
    told = SimpleNamespace(outbound_sms_prices=carriers, price_unit="usd")
    monkeypatch.setattr(client, "ask", lambda _call: told)
    found = prices.of_country("US")
    assert (found and (str(found.amount), found.currency)) == (taken and (taken, "USD"))
