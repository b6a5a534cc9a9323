"""Payment intents, charges and what the balance makes of them."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


def test_a_good_card_pays(client: stripe.StripeClient, paid: Make) -> None:
    intent = paid(metadata={"order": "7"})

    charge = client.v1.charges.retrieve(intent.latest_charge)

    assert (intent.status, intent.amount_received) == ("succeeded", 1300)
    assert (charge.status, charge.paid, charge.amount, charge.amount_refunded) == (
        "succeeded",
        True,
        1300,
        0,
    )
    assert (charge.payment_intent, charge.metadata.to_dict()) == (intent.id, {"order": "7"})


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ],
)
def test_a_bad_card_is_declined_with_its_reason(
    client: stripe.StripeClient, paid: Make, card: str, code: str, decline_code: str
) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        paid(card=card)

    error: Any = refusal.value.error
    assert (refusal.value.http_status, error.code, error.decline_code) == (402, code, decline_code)
    intent = client.v1.payment_intents.retrieve(error.payment_intent.id)
    assert intent.status == "requires_payment_method"
    charge = client.v1.charges.retrieve(error.charge)
    assert (charge.status, charge.paid) == ("failed", False)


def test_a_card_may_ask_for_3d_secure_first(paid: Make) -> None:
    intent = paid(
        card="pm_card_authenticationRequired",
        automatic_payment_methods={"enabled": True},
        return_url="https://shop.example/back",
    )

    assert (intent.status, intent.amount_received) == ("requires_action", 0)
    assert intent.next_action


def test_an_intent_is_made_first_and_confirmed_later(client: stripe.StripeClient) -> None:
    made = client.v1.payment_intents.create(
        {
            "amount": 700,
            "currency": "usd",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )

    done = client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})

    assert (made.status, done.status) == ("requires_payment_method", "succeeded")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.cancel(made.id)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_an_unpaid_intent_can_be_cancelled(client: stripe.StripeClient, happened: Make) -> None:
    made = client.v1.payment_intents.create(
        {
            "amount": 700,
            "currency": "usd",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )

    done = client.v1.payment_intents.cancel(made.id, {"cancellation_reason": "abandoned"})

    assert (done.status, done.cancellation_reason) == ("canceled", "abandoned")
    assert done.canceled_at
    assert "payment_intent.canceled" in happened(made.id, "payment_intent.canceled")


def test_the_amount_and_the_currency_are_needed(client: stripe.StripeClient) -> None:
    params: Any = {"currency": "usd"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(params)

    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", "amount")


def test_what_was_paid_is_booked_less_the_fee(
    client: stripe.StripeClient, paid: Make, eventually: Make
) -> None:
    charge_id = paid().latest_charge

    def booked() -> Any:
        expanded = client.v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]})
        return expanded.balance_transaction

    line = eventually(booked)

    assert (line.type, line.reporting_category, line.amount, line.source) == (
        "charge",
        "charge",
        1300,
        charge_id,
    )
    assert line.fee > 0
    assert (
        line.net
        == line.amount - line.fee
        == line.amount - sum(each.amount for each in line.fee_details)
    )
    found = client.v1.balance_transactions.retrieve(line.id, {"expand": ["source"]})
    assert found.source.id == charge_id  # type: ignore[union-attr]
    listed = client.v1.balance_transactions.list({"source": charge_id})
    assert [each.id for each in listed.data] == [line.id]


def test_charges_are_listed_by_payment(client: stripe.StripeClient, paid: Make) -> None:
    intent = paid()
    paid()

    listed = client.v1.charges.list(
        {"payment_intent": intent.id, "expand": ["data.payment_intent"]}
    )

    assert [charge.id for charge in listed.data] == [intent.latest_charge]
    assert listed.data[0].payment_intent.status == "succeeded"  # type: ignore[union-attr]


def test_a_paid_intent_tells_of_it(paid: Make, happened: Make) -> None:
    wanted = ("payment_intent.created", "charge.succeeded", "payment_intent.succeeded")

    assert set(happened(paid().id, *wanted)) == set(wanted)


def test_a_disputed_charge_cannot_be_refunded_and_accepting_loses(
    client: stripe.StripeClient, paid: Make, eventually: Make, happened: Make
) -> None:
    intent = paid(card="pm_card_createDispute")

    dispute = eventually(lambda: client.v1.disputes.list({"payment_intent": intent.id}).data)[0]

    assert (dispute.reason, dispute.status, dispute.amount) == (
        "fraudulent",
        "needs_response",
        1300,
    )
    assert dispute.charge == intent.latest_charge
    assert client.v1.charges.retrieve(intent.latest_charge).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_disputed"
    assert client.v1.disputes.close(dispute.id).status == "lost"
    assert happened(dispute.id, "charge.dispute.created", "charge.dispute.closed")


def test_winning_evidence_brings_the_money_back(
    client: stripe.StripeClient, paid: Make, eventually: Make, happened: Make
) -> None:
    intent = paid(card="pm_card_createDispute")
    dispute = eventually(lambda: client.v1.disputes.list({"payment_intent": intent.id}).data)[0]

    client.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True}
    )

    assert eventually(lambda: client.v1.disputes.retrieve(dispute.id).status == "won")
    assert "charge.dispute.funds_reinstated" in happened(
        dispute.id, "charge.dispute.funds_reinstated"
    )


def test_an_early_fraud_warning_is_listed_by_its_charge(
    client: stripe.StripeClient, paid: Make, eventually: Make
) -> None:
    charge_id = paid(card="pm_card_createIssuerFraudRecord").latest_charge

    (warning,) = eventually(
        lambda: client.v1.radar.early_fraud_warnings.list({"charge": charge_id}).data
    )

    assert warning.actionable
    assert client.v1.radar.early_fraud_warnings.retrieve(warning.id).charge == charge_id
    assert not client.v1.charges.retrieve(charge_id).disputed


def test_the_account_and_its_balance_can_be_read(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.retrieve_current()
    balance: Any = client.v1.balance.retrieve()

    assert account.id.startswith("acct_")
    assert {"usd"} <= {each.currency for each in (*balance.available, *balance.pending)}
