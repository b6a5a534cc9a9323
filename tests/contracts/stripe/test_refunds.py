"""Money given back."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


def test_a_payment_is_given_back_whole(
    client: stripe.StripeClient, paid: Make, happened: Make
) -> None:
    intent = paid()

    refund: Any = client.v1.refunds.create(
        {
            "payment_intent": intent.id,
            "reason": "requested_by_customer",
            "metadata": {"why": "late"},
        }
    )

    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (refund.amount, refund.status, refund.currency) == (1300, "succeeded", "usd")
    assert (refund.charge, refund.payment_intent) == (charge.id, intent.id)
    assert (refund.reason, refund.metadata.to_dict()) == ("requested_by_customer", {"why": "late"})
    assert (charge.refunded, charge.amount_refunded) == (True, 1300)
    assert happened(charge.id, "charge.refunded") == ["charge.refunded"]
    assert "refund.created" in happened(refund.id, "refund.created")


def test_a_part_is_given_back_and_no_more_than_is_left(
    client: stripe.StripeClient, paid: Make
) -> None:
    charge_id = paid().latest_charge

    first = client.v1.refunds.create({"charge": charge_id, "amount": 300})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": charge_id, "amount": 1001})
    second = client.v1.refunds.create({"charge": charge_id})

    assert refusal.value.param == "amount"
    assert (first.amount, second.amount) == (300, 1000)
    charge = client.v1.charges.retrieve(charge_id, {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded) == (True, 1300)
    assert charge.refunds
    assert [each.id for each in charge.refunds.data] == [second.id, first.id]


def test_nothing_is_given_back_twice(client: stripe.StripeClient, paid: Make) -> None:
    intent = paid()
    client.v1.refunds.create({"payment_intent": intent.id})

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})

    assert (refusal.value.http_status, refusal.value.code) == (400, "charge_already_refunded")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"payment_intent": "pi_nothing_of_the_kind"}, 404),
        ({"charge": "ch_nothing_of_the_kind"}, 404),
        ({}, 400),
        ({"charge": "ch_x", "why": "because"}, 400),
    ],
)
def test_a_refund_of_nothing_is_refused(
    client: stripe.StripeClient, params: Any, status: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params)

    assert refusal.value.http_status == status


def test_reasons_are_stripes_own(client: stripe.StripeClient, paid: Make) -> None:
    params: Any = {"payment_intent": paid().id, "reason": "melted"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params)

    assert refusal.value.param == "reason"


def test_an_unpaid_intent_has_nothing_to_give_back(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {
            "amount": 700,
            "currency": "usd",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_refunds_are_found_and_listed(client: stripe.StripeClient, paid: Make) -> None:
    intent = paid()
    made = [
        client.v1.refunds.create({"payment_intent": intent.id, "amount": each}).id
        for each in (100, 200)
    ]

    listed = client.v1.refunds.list({"payment_intent": intent.id})
    by_charge = client.v1.refunds.list({"charge": intent.latest_charge, "limit": 1})

    assert [each.id for each in listed.data] == made[::-1]
    assert [each.id for each in by_charge.data] == made[-1:]
    assert by_charge.has_more
    again: Any = client.v1.refunds.retrieve(made[0], {"expand": ["charge"]})
    assert again.charge.id == intent.latest_charge


def test_a_refunds_metadata_can_change(client: stripe.StripeClient, paid: Make) -> None:
    refund: Any = client.v1.refunds.create(
        {"payment_intent": paid().id, "metadata": {"a": "1", "b": "2"}}
    )

    changed: Any = client.v1.refunds.update(refund.id, {"metadata": {"a": "", "c": "3"}})

    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}


def test_a_refund_is_booked_with_its_sign(client: stripe.StripeClient, paid: Make) -> None:
    refund: Any = client.v1.refunds.create({"payment_intent": paid().id, "amount": 400})

    line = client.v1.balance_transactions.retrieve(str(refund.balance_transaction))

    assert (line.amount, line.fee, line.net) == (-400, 0, -400)
    assert (line.type, line.reporting_category, line.source) == ("refund", "refund", refund.id)
