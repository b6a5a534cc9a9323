"""What Stripe and we hold of refunds and disputes, held against each other."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments.models import Payment
from giftshop.payments.reconcile import Tally
from giftshop.refunds import reconcile
from giftshop.refunds.models import Dispute, Refund
from sandbox.stripe_double import StripeDouble
from tests.giftshop.refunds.conftest import Hear

pytestmark = pytest.mark.usefixtures("in_brand")
Compare = Callable[[], list[str]]


@pytest.fixture
def compare() -> Compare:
    def differences() -> list[str]:
        now = timezone.now()
        with scopes_disabled():
            found = reconcile.differences(
                since=now - timedelta(days=1), now=now + timedelta(hours=2), tally=Tally()
            )
            return [each.detail for each in found]

    return differences


def test_both_ways(
    double: StripeDouble,
    paid: Payment,
    hear: Hear,
    compare: Compare,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refund = double.dashboard.refund(paid.charge_id, amount=650)["id"]
    dispute = double.issuer.dispute(paid.charge_id, amount=650)["id"]
    unknown = compare()
    assert unknown == [
        f"Stripe has refund {refund} of 650 USD, we have none",
        f"Stripe has dispute {dispute} of 650 USD, needs_response, we have none",
    ]
    hear()
    assert compare() == []
    call_command("reconcile_stripe", "--since=2026-01-01")
    assert "no difference in 3 compared" in capsys.readouterr().out
    double.issuer.close_dispute(dispute, "won")
    double.issuer.fail_refund(refund)
    assert [each.partition(" (")[0] for each in compare()] == [
        f"refund {refund} is failed, ours succeeded",
        "Stripe's balance moved by 650 USD",
        f"dispute {dispute} is of 650 USD, won, ours of 650 USD, needs_response",
        "Stripe's balance moved by 650 USD",
    ]
    hear()
    assert compare() == []
    Refund.objects.update(refund_id="re_made_up")
    Dispute.objects.update(dispute_id="du_made_up")
    assert "Stripe has no refund re_made_up" in compare()
    assert "Stripe has no dispute du_made_up" in compare()
    Refund.objects.update(refund_id=None, state=Refund.State.ASKED, over_at=None)
    assert "we owe 650 USD, asked, Stripe was not told" in compare()
