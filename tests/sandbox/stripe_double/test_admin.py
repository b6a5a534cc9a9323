"""What banks and people do outside the shop, by the admin API and its page."""

import http.client
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]


def test_a_dispute_is_opened_and_lost(
    double: StripeDouble, client: Any, paid: Make, admin: Make
) -> None:
    intent = paid()

    _, dispute = admin(
        "/disputes", {"payment_intent": intent.id, "amount": 500, "reason": "product_not_received"}
    )
    admin(f"/disputes/{dispute['id']}/close", {"outcome": "lost"})

    found = client.v1.disputes.retrieve(dispute["id"])
    assert (found.status, found.amount, found.reason) == ("lost", 500, "product_not_received")
    assert [line.net for line in found.balance_transactions] == [-500 - 1500]
    assert [event.type for event in client.v1.events.list({"type": "charge.dispute.*"}).data][
        ::-1
    ] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
    ]


def test_a_dispute_that_is_won_brings_the_money_back(
    double: StripeDouble, client: Any, paid: Make, admin: Make
) -> None:
    intent = paid("4000000000000259")
    (dispute,) = client.v1.disputes.list({"charge": intent.latest_charge}).data

    admin(f"/disputes/{dispute.id}/close", {"outcome": "won"})

    found = client.v1.disputes.retrieve(dispute.id)
    assert found.status == "won"
    assert [line.reporting_category for line in found.balance_transactions] == [
        "dispute",
        "dispute_reversal",
    ]
    assert sum(line.amount for line in found.balance_transactions) == 0
    assert client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_a_charge_is_not_disputed_twice(double: StripeDouble, paid: Make, admin: Make) -> None:
    intent = paid()
    admin("/disputes", {"payment_intent": intent.id})

    status, _ = admin("/disputes", {"payment_intent": intent.id})

    assert status == 400


def test_an_early_fraud_warning_is_given(
    double: StripeDouble, client: Any, paid: Make, admin: Make
) -> None:
    intent = paid()

    _, warning = admin(
        "/fraud_warnings", {"charge": intent.latest_charge, "fraud_type": "made_with_stolen_card"}
    )

    listed = client.v1.radar.early_fraud_warnings.list({"payment_intent": intent.id})
    assert [(each.id, each.fraud_type) for each in listed.data] == [
        (warning["id"], "made_with_stolen_card")
    ]


def test_a_payout_says_what_it_was_made_of(
    double: StripeDouble, client: Any, paid: Make, admin: Make
) -> None:
    first, second = paid(), paid()
    client.v1.refunds.create({"payment_intent": first.id, "amount": 300})

    _, payout = admin("/payouts", {})

    lines = client.v1.balance_transactions.list({"payout": payout["id"], "limit": 100}).data
    assert payout["amount"] == 2 * 1232 - 300
    assert sum(line.net for line in lines) == 0
    assert [line.type for line in lines] == ["payout", "refund", "charge", "charge"]
    assert {line.source for line in lines} >= {first.latest_charge, second.latest_charge}
    found = client.v1.payouts.retrieve(payout["id"], {"expand": ["balance_transaction"]})
    assert (found.status, found.reconciliation_status) == ("paid", "completed")
    assert found.balance_transaction.amount == -payout["amount"]
    types = [event.type for event in client.v1.events.list({"types": ["payout.*"]}).data]
    assert types == ["payout.reconciliation_completed", "payout.paid", "payout.created"]
    paid()
    _, later = admin("/payouts", {})
    assert later["amount"] == 1232
    assert admin("/payouts", {})[0] == 400


def test_somebody_refunds_in_the_dashboard(
    double: StripeDouble, client: Any, paid: Make, admin: Make
) -> None:
    intent = paid()

    admin("/refunds", {"payment_intent": intent.id, "amount": 200})

    (event,) = client.v1.events.list({"type": "refund.created"}).data
    assert event.data.object.amount == 200
    assert event.request.id is None


@pytest.mark.parametrize("end", ["succeed", "fail"])
def test_a_pending_refund_is_brought_to_its_end(
    double: StripeDouble, client: Any, paid: Make, admin: Make, end: str
) -> None:
    intent = paid()
    double.faults(refunds="pending")
    refund = client.v1.refunds.create({"payment_intent": intent.id})

    admin(f"/refunds/{refund.id}/{end}", {})

    after = client.v1.refunds.retrieve(refund.id)
    charge = client.v1.charges.retrieve(refund.charge)
    types = [event.type for event in client.v1.events.list({"types": ["refund.*"]}).data][::-1]
    assert refund.status == "pending"
    if end == "succeed":
        assert (after.status, charge.amount_refunded) == ("succeeded", 1300)
        assert types == ["refund.created", "refund.updated"]
    else:
        assert (after.status, charge.amount_refunded, charge.refunded) == ("failed", 0, False)
        assert after.failure_reason == "expired_or_canceled_card"
        assert (
            client.v1.balance_transactions.retrieve(after.failure_balance_transaction).amount
            == 1300
        )
        assert types == ["refund.created", "refund.updated", "refund.failed"]
        assert client.v1.refunds.create({"payment_intent": intent.id}).status == "pending"


def test_refunds_fail_by_switch(double: StripeDouble, client: Any, paid: Make) -> None:
    double.faults(refunds="failed")

    refund = client.v1.refunds.create({"payment_intent": paid().id})

    assert client.v1.refunds.retrieve(refund.id).status == "failed"


@pytest.mark.parametrize(
    ("card", "first", "then"),
    [("4000000000007726", "pending", "succeeded"), ("4000000000005126", "succeeded", "failed")],
)
def test_some_cards_refunds_turn_later(
    double: StripeDouble, client: Any, paid: Make, card: str, first: str, then: str
) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid(card).id})

    double.advance(10)

    assert (refund.status, client.v1.refunds.retrieve(refund.id).status) == (first, then)


def test_a_session_is_paid_by_one_call(
    double: StripeDouble, client: Any, order: Make, admin: Make
) -> None:
    session = client.v1.checkout.sessions.create(order())
    path = f"/sessions/{session.id}/pay"

    declined = admin(path, {"card": "4000 0000 0000 0002"})
    challenged = admin(path, {"card": "4000002760003184"})
    paid = admin(path, {"card": "4000002760003184", "authentication": "complete"})

    assert (declined[0], declined[1]["error"]["code"]) == (402, "card_declined")
    assert challenged[1]["outcome"] == "challenge"
    assert paid[1] == {
        "outcome": "paid",
        "success_url": f"http://127.0.0.1:1/thanks?s={session.id}",
    }


def test_the_page_shows_payments_and_its_buttons_work(
    double: StripeDouble, client: Any, paid: Make
) -> None:
    intent = paid()
    address = urllib.parse.urlsplit(double.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", "/_double/")
        page = connection.getresponse().read().decode()
        form = urllib.parse.urlencode({"charge": intent.latest_charge})
        connection.request(
            "POST", "/_double/disputes", form, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()

    assert intent.id in page
    assert "Fraud warning" in page
    assert (answer.status, answer.headers["Location"]) == (303, "/_double/")
    assert client.v1.charges.retrieve(intent.latest_charge).disputed


def test_another_sites_page_cannot_press_the_buttons(double: StripeDouble, admin: Make) -> None:
    status, _ = admin("/reset", {}, Origin="https://elsewhere.example")

    assert status == 403


@pytest.mark.parametrize(
    ("path", "given"), [("/nothing", {}), ("/nothing", None), ("/disputes", {"charge": "ch_x"})]
)
def test_unknown_things_are_404(double: StripeDouble, admin: Make, path: str, given: Any) -> None:
    assert admin(path, given)[0] == 404


def test_deliveries_are_logged(
    double: StripeDouble, shop: Any, paid: Make, admin: Make, eventually: Make
) -> None:
    shop.answers = [503]
    paid()
    eventually(lambda: len(shop.events) == 5)

    _, log = admin("/deliveries")

    assert log[0]["outcome"] == "HTTP 503"
    assert {each["outcome"] for each in log[1:]} == {"ok"}
