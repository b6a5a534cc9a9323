"""Money on its way to the shop's bank, there, and back."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]


@pytest.mark.parametrize("was_there", [True, False])
def test_a_payout_comes_back_and_the_next_takes_it_along(
    double: StripeDouble, client: Any, paid: Make, admin: Make, was_there: bool
) -> None:
    paid()
    _, payout = admin("/payouts", {"arrives": "no"})
    assert (payout["status"], payout["amount"]) == ("in_transit", 1232)
    if was_there:
        _, arrived = admin(f"/payouts/{payout['id']}/end", {"arrives": "yes"})
        assert arrived["status"] == "paid"

    admin(f"/payouts/{payout['id']}/end", {"arrives": "no"})

    found = client.v1.payouts.retrieve(payout["id"], {"expand": ["failure_balance_transaction"]})
    line = found.failure_balance_transaction
    assert (found.status, found.failure_code) == ("failed", "account_closed")
    assert (line.type, line.reporting_category, line.net) == (
        "payout_failure",
        "payout_reversal",
        1232,
    )
    assert client.v1.events.list({"type": "payout.*"}).data[0].type == "payout.failed"
    assert admin(f"/payouts/{payout['id']}/end", {"arrives": "yes"})[0] == 400
    assert double.dashboard.pay_out()["amount"] == 1232
