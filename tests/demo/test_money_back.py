"""The demo tells of each state that money which goes back can be in, and its books still tie."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from demo.brands import FROSTY_SPOON
from demo.money import money_back, paid
from demo.money.double import Double
from demo.replay import Stage
from demo.setup import brand as setup
from giftshop.orders.models import Order
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from redemption.models import Account
from sandbox.stripe_double import StripeDouble
from tests.redemption.books import total

pytestmark = pytest.mark.django_db(transaction=True)
State = Refund.State


@pytest.fixture
def double(settings: Any) -> Iterator[StripeDouble]:
    with StripeDouble() as running:
        settings.STRIPE_API_BASE = running.url
        settings.STRIPE_SECRET_KEY = "sk_test_demo"
        stripe_sdk.client.cache_clear()
        yield running
    stripe_sdk.client.cache_clear()


def test_each_state_is_told_of_once(
    double: StripeDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    now = timezone.now()
    began = now - timedelta(days=1)
    brand = setup.begin(FROSTY_SPOON, first_day=began.date(), days=1, now=began)
    with scope(brand=brand):
        for _ in range(2):
            money_back.play(FROSTY_SPOON, Stage(brand), now)
        assert Counter(Refund.objects.values_list("state", "is_unclear")) == {
            (State.WAITING, False): 1,
            (State.ASKED, False): 1,
            (State.PENDING, False): 1,
            (State.CREDITED, False): 1,
            (State.SUCCEEDED, False): 3,  # one of a refused payment, one for a warning
            (State.SUCCEEDED, True): 1,
            (State.FAILED, False): 1,
            (State.RETURNED, False): 1,
        }
        assert Counter(Dispute.objects.values_list("status", flat=True)) == {
            "needs_response": 1,
            "under_review": 1,
            "won": 1,
            "lost": 1,
            "warning_needs_response": 1,
        }
        assert sorted(row.holds() for row in FraudWarning.objects.all()) == [False, True]
        paid.give_payments(Double(double.url), now)
        assert not Order.objects.paid().filter(payments=None).exists()
        moved = double.totals("attempt", ["1"])["usd"].net
        assert total(Account.STRIPE_CLEARING) == moved
    call_command("verify_ledger")
    call_command("reconcile_stripe", "--since=2026-01-01")
    assert "no difference in 28 compared" in capsys.readouterr().out
