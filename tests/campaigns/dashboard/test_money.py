"""Today tells an owner what waits about money, and the share of disputes where it says something."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from campaigns.dashboard import money
from campaigns.dashboard.money import Share, money_today
from campaigns.models import Rollup
from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute, FraudWarning
from tests.cast import Place, pay

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def payment(place: Place) -> Payment:
    order: Order = pay(place())
    now = timezone.now()
    return Payment.objects.create(
        brand=order.brand,
        order=order,
        attempt=1,
        state=Payment.State.PAID,
        amount=order.total,
        currency=order.currency,
        expires_at=now,
        opened_at=now,
        asked_at=now,
        settled_at=now,
    )


def disputed(payment: Payment, status: str, days: int) -> Dispute:
    now = timezone.now()
    return Dispute.objects.create(
        brand=payment.brand,
        payment=payment,
        dispute_id=f"du_{status}_{days}",
        status=status,
        reason="fraudulent",
        amount=payment.amount,
        currency=payment.currency,
        opened_at=now - timedelta(days=days),
        due_by=now + timedelta(days=1),
    )


def test_disputes_and_early_warnings_are_counted_and_questions_are_not(
    payment: Payment, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    disputed(payment, "needs_response", 3)
    disputed(payment, "won", 60)
    disputed(payment, "warning_needs_response", 2)
    for name in ("issfr_1", "prv_1"):
        FraudWarning.objects.create(
            brand=brand,
            payment=payment,
            warning_id=name,
            is_open=False,
            made_at=timezone.now() - timedelta(days=40),
        )
    assert money_today(brand, timezone.now()).shares == [], "of so few it says nothing"
    Rollup.objects.create(
        brand=brand, grain="brand", day=timezone.now().astimezone(brand.tz).date(), orders=400
    )
    told = money_today(brand, timezone.now())
    assert [(each.days, each.part) for each in told.shares] == [(30, 1), (90, 3)]
    assert told.waiting == 2, "a dispute and a question wait for an answer"


def test_the_tone_follows_the_limits() -> None:
    assert [Share(30, part, 1000).tone for part in (4, 5, 14, 15)] == [
        "good",
        "warn",
        "warn",
        "bad",
    ]
    assert money.ENOUGH > 0


def test_it_stands_on_the_overview_of_who_sees_money(
    payment: Payment, owner_client: Client, brand: Brand
) -> None:
    disputed(payment, "needs_response", 3)
    Rollup.objects.create(
        brand=brand, grain="brand", day=timezone.now().astimezone(brand.tz).date(), orders=400
    )
    page = owner_client.get(f"/studio/{brand.slug}/").content.decode()
    assert "1 thing about money waits for you" in page
    assert "1 of 400 payments" in page
