"""A refund by whomever: the gifts that it was for are gone, and the books agree with Stripe's balance."""

from typing import Any

import pytest
import stripe
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.payments.stripe import charge_state
from giftshop.payments.stripe.client import StripeUnavailable
from giftshop.refunds import read
from giftshop.refunds.ask import AskRefused, ask
from giftshop.refunds.choose import choose
from giftshop.refunds.models import Refund
from redemption.audit.actors import SYSTEM, Actor
from redemption.models import Account, Code, StaffMember
from sandbox.stripe_double import StripeDouble
from tests.giftshop.payments.conftest import session_of
from tests.giftshop.refunds.conftest import Hear, send_asked, states
from tests.redemption.books import total

pytestmark = pytest.mark.usefixtures("in_brand")

VOIDED, ACTIVE, HELD = (Code.State.VOIDED, 0), (Code.State.ACTIVE, 650), (Code.State.ON_HOLD, 650)


def clearing(sdk: stripe.StripeClient) -> int:
    """What Stripe's balance holds."""
    return sum(line.net for line in sdk.v1.balance_transactions.list({"limit": 100}).data)


def books_agree(sdk: stripe.StripeClient) -> None:
    assert total(Account.STRIPE_CLEARING) == clearing(sdk)
    call_command("verify_ledger")


def ask_for(gift: Gift, **more: Any) -> Refund:
    return ask(
        order=gift.order,
        amounts={gift.pk: None},
        origin=Refund.Origin.SENDER,
        actor=SYSTEM,
        reason="the sender asked",
        now=timezone.now(),
        **more,
    )


def test_what_stripe_tells_again_costs_looks_and_no_writing(
    paid: Payment, sdk: stripe.StripeClient, double: StripeDouble, hear: Hear
) -> None:
    """Most events about a charge tell nothing new."""
    sdk.v1.refunds.create({"payment_intent": paid.payment_intent_id, "amount": 300})
    double.issuer.dispute(session_of(paid))
    hear()
    state = charge_state.retrieve(paid.charge_id)
    assert state
    assert state.refunds
    assert state.disputes
    with CaptureQueriesContext(connection) as said:
        read.record(state=state, now=timezone.now())
    statements = [each["sql"] for each in said if "SAVEPOINT" not in each["sql"]]
    assert all(sql.startswith("SELECT") for sql in statements)
    assert len(statements) <= 10


def test_all_of_it_sent_back_in_the_dashboard_kills_what_is_left(
    paid: Payment, sdk: stripe.StripeClient, hear: Hear
) -> None:
    sdk.v1.refunds.create({"payment_intent": paid.payment_intent_id})
    hear()
    assert states(paid.order) == [VOIDED, VOIDED]
    assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0
    books_agree(sdk)
    hear(lambda told: [*reversed(told), *told])
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    books_agree(sdk)


def test_a_part_sent_back_in_the_dashboard_holds_all_until_somebody_says_which(
    paid: Payment,
    gifts: list[Gift],
    sdk: stripe.StripeClient,
    hear: Hear,
    manager: StaffMember,
) -> None:
    sdk.v1.refunds.create({"payment_intent": paid.payment_intent_id, "amount": 650})
    hear()
    assert states(paid.order) == [HELD, HELD]
    found = Refund.objects.get()
    assert found.is_unclear
    with pytest.raises(AskRefused, match="unclear"):
        ask_for(gifts[0])
    choose(
        refund_id=found.pk,
        amounts={gifts[1].pk: 650},
        actor=Actor.staff(manager),
        now=timezone.now(),
    )
    assert states(paid.order) == [ACTIVE, VOIDED]
    assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0
    books_agree(sdk)


def test_asked_for_it_is_held_then_sent_then_gone(
    paid: Payment, gifts: list[Gift], sdk: stripe.StripeClient, hear: Hear
) -> None:
    asked = ask_for(gifts[0])
    assert states(paid.order) == [HELD, ACTIVE]
    with pytest.raises(AskRefused, match="under_way"):
        ask_for(gifts[0])
    send_asked()
    assert states(paid.order) == [VOIDED, ACTIVE]
    hear(lambda told: [*reversed(told), *told])
    asked.refresh_from_db()
    assert (asked.state, asked.amount) == (Refund.State.SUCCEEDED, 650)
    assert Refund.objects.count() == 1
    books_agree(sdk)


@pytest.mark.parametrize("first", ["pending", "succeeded"])
def test_one_that_fails_revives_only_what_was_never_paid_back(
    double: StripeDouble,
    paid: Payment,
    gifts: list[Gift],
    sdk: stripe.StripeClient,
    hear: Hear,
    first: str,
) -> None:
    double.faults(refunds=first)
    asked = ask_for(gifts[0])
    send_asked()
    asked.refresh_from_db()
    with double.world.change():
        double.world.acts["fail_refund"](
            double.world, double.world.store.get("refund", asked.refund_id or "")
        )
    hear()
    asked.refresh_from_db()
    if first == "pending":
        assert (asked.state, states(paid.order)) == (Refund.State.FAILED, [ACTIVE, ACTIVE])
        assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0
    else:
        assert (asked.state, states(paid.order)) == (Refund.State.RETURNED, [VOIDED, ACTIVE])
        assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == -650
        again = ask_for(gifts[0])
        double.faults(refunds="succeeded")
        send_asked()
        again.refresh_from_db()
        assert again.state == Refund.State.SUCCEEDED
        assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0
    books_agree(sdk)


def test_it_waits_while_our_balance_at_stripe_does_not_reach(
    double: StripeDouble, paid: Payment, gifts: list[Gift]
) -> None:
    double.faults(refunds="refused_for_funds")
    asked = ask_for(gifts[0])
    with pytest.raises(StripeUnavailable):
        send_asked()
    asked.refresh_from_db()
    assert (asked.state, states(paid.order)) == (Refund.State.ASKED, [HELD, ACTIVE])
    double.faults(refunds="succeeded")
    send_asked()
    asked.refresh_from_db()
    assert (asked.state, states(paid.order)) == (Refund.State.SUCCEEDED, [VOIDED, ACTIVE])
