"""What Stripe pays out is in the books once, by brand, and back where the bank did not take it."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments.models import Payment
from giftshop.payments.reconcile import Tally
from giftshop.payments.stripe import payouts
from giftshop.payments.stripe.payouts import PayoutLine
from giftshop.refunds.payouts import reconcile, record, shares
from redemption.models import Account, JournalEntry
from sandbox.stripe_double import StripeDouble
from tests.giftshop.refunds.conftest import Hear
from tests.redemption.books import total

pytestmark = pytest.mark.usefixtures("in_brand")
NET = 1300 - 68  # what Stripe keeps of it


def differences() -> list[str]:
    with scopes_disabled():
        since = timezone.now() - timezone.timedelta(days=1)
        return [each.detail for each in reconcile.differences(since=since, tally=Tally())]


def books() -> tuple[int, int]:
    return total(Account.BANK), total(Account.STRIPE_CLEARING)


def test_a_payout_is_booked_once_however_often_it_is_told(
    double: StripeDouble, paid: Payment, hear: Hear
) -> None:
    assert books() == (0, NET)
    payout = double.dashboard.pay_out(arrives=False)
    assert any("posted 0" in each for each in differences())
    hear()
    assert books() == (NET, 0)
    double.dashboard.end_payout(payout["id"], arrives=True)
    hear(lambda told: [*reversed(told), *told])
    assert books() == (NET, 0)
    assert differences() == []
    call_command("verify_ledger")


@pytest.mark.parametrize("is_heard_before", [True, False])
@pytest.mark.parametrize("had_arrived", [True, False])
def test_what_the_bank_sends_back_goes_with_the_next(
    double: StripeDouble, paid: Payment, hear: Hear, is_heard_before: bool, had_arrived: bool
) -> None:
    failed = double.dashboard.pay_out(arrives=had_arrived)
    if is_heard_before:
        hear()
    double.dashboard.end_payout(failed["id"], arrives=False)
    hear()
    assert books() == (0, NET)
    assert differences() == []
    double.dashboard.pay_out()
    hear()
    assert books() == (NET, 0)
    assert differences() == []
    assert JournalEntry.objects.filter(kind=JournalEntry.Kind.PAYOUT).count() == 3
    call_command("verify_ledger")
    call_command("reconcile_stripe", "--since=2026-01-01")


def test_two_that_book_it_in_the_same_moment_book_it_once(
    double: StripeDouble, paid: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is slower had looked before the other booked, and books after it."""
    state, now = payouts.retrieve(double.dashboard.pay_out()["id"]), timezone.now()
    assert state
    posted, turns = shares.posted, []

    def beaten(payout_id: str, *, came_back: bool) -> Counter[shares.Key]:
        seen = posted(payout_id, came_back=came_back)
        turns.append(seen)
        if len(turns) == 1:
            record.record(state=state, now=now)
        return seen

    monkeypatch.setattr(shares, "posted", beaten)
    with pytest.raises(IntegrityError):
        record.record(state=state, now=now)
    assert len(turns) == 4, "the control: the other one booked in between"
    assert books() == (NET, 0)
    record.record(state=state, now=now)
    assert books() == (NET, 0), "its turn is repeated"


def test_a_refund_that_was_paid_out_less_is_its_brands(
    double: StripeDouble, paid: Payment, hear: Hear
) -> None:
    double.dashboard.refund(paid.charge_id, amount=650)
    hear()
    double.dashboard.pay_out()
    hear()
    assert books() == (NET - 650, 0)
    assert differences() == []


def test_what_is_of_no_order_here_or_was_exchanged_is_in_nobodys_share(paid: Payment) -> None:
    with scopes_disabled():
        found = shares.of_lines(
            [
                PayoutLine("ch_of_another_shop", 500, "USD"),
                PayoutLine(paid.charge_id, 1_100, "EUR"),
                PayoutLine(paid.charge_id, 900, "USD"),
            ]
        )
    assert found.by_brand == {(paid.brand_id, "USD"): 900}
    assert found.converted == 1


def test_a_line_that_is_known_later_is_added(
    double: StripeDouble, paid: Payment, hear: Hear
) -> None:
    charge, now = paid.charge_id, timezone.now()
    payout = double.dashboard.pay_out()
    Payment.objects.update(charge_id="ch_not_yet_known")
    hear()
    assert total(Account.BANK) == 0
    Payment.objects.update(charge_id=charge)
    state = payouts.retrieve(payout["id"])
    assert state
    for _ in range(2):
        record.record(state=state, now=now)
    assert books() == (NET, 0)
