from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments import reconcile, settle
from giftshop.payments.models import Payment
from sandbox.stripe_double import StripeDouble


def differences() -> list[str]:
    with scopes_disabled():
        since = timezone.now() - timedelta(days=1)
        return [difference.detail for difference in reconcile.differences(since=since)]


@pytest.fixture
def settled(double: StripeDouble, opened: Payment) -> Payment:
    double.pay(str(opened.session_id))
    payment = settle.settle(session_id=str(opened.session_id))
    assert payment is not None
    return payment


def test_books_that_agree_have_no_difference(settled: Payment) -> None:
    assert differences() == []


def test_a_charge_we_do_not_know_is_found(double: StripeDouble, opened: Payment) -> None:
    double.pay(str(opened.session_id))
    assert differences() == ["Stripe took 1300 USD, no payment"]


def test_a_payment_stripe_does_not_know_is_found(settled: Payment) -> None:
    Payment.objects.filter(pk=settled.pk).update(charge_id="ch_made_up")
    assert set(differences()) == {
        "Stripe took 1300 USD, no payment",
        "we have a payment, Stripe lists no charge",
    }


def test_another_amount_is_found(settled: Payment) -> None:
    Payment.objects.filter(pk=settled.pk).update(amount=1299)
    assert differences() == ["Stripe took 1300 USD, we asked for 1299 USD"]


def test_a_fee_that_was_not_posted_is_found(double: StripeDouble, opened: Payment) -> None:
    double.faults(settle_delay=60)
    double.pay(str(opened.session_id))
    settle.settle(session_id=str(opened.session_id))
    double.advance(61)
    assert differences() == ["Stripe's fee is 68, posted 0"]


def test_a_charge_from_before_midnight_that_was_settled_after_it_is_no_difference(
    settled: Payment,
) -> None:
    tomorrow = timezone.now() + timedelta(hours=1)
    Payment.objects.filter(pk=settled.pk).update(settled_at=tomorrow)
    with scopes_disabled():
        assert list(reconcile.differences(since=tomorrow - timedelta(minutes=1))) == []


def test_the_command_says_how_it_went(settled: Payment, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile_stripe", "--since=2026-01-01")
    assert "no difference" in capsys.readouterr().out
    Payment.objects.filter(pk=settled.pk).update(amount=1)
    with pytest.raises(SystemExit):
        call_command("reconcile_stripe", "--since=2026-01-01")
    assert "1 differences" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_day_is_asked_for_plainly() -> None:
    with pytest.raises(CommandError, match="is not a date like 2030-12-31"):
        call_command("reconcile_stripe", "--since=yesterday")
