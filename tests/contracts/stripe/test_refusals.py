"""Errors in Stripe's shapes, events and lists."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


def test_a_wrong_key_is_turned_away(client_with: Make) -> None:
    with pytest.raises(stripe.AuthenticationError) as refusal:
        client_with("sk_wrong_key").v1.balance.retrieve()

    assert refusal.value.http_status == 401
    assert "Invalid API Key provided" in str(refusal.value.user_message)


@pytest.mark.parametrize(
    ("noun", "object_id"),
    [
        ("payment_intents", "pi_nobody"),
        ("charges", "ch_nobody"),
        ("refunds", "re_nobody"),
        ("disputes", "du_nobody"),
        ("events", "evt_nobody"),
        ("payouts", "po_nobody"),
        ("balance_transactions", "txn_nobody"),
    ],
)
def test_an_unknown_id_is_missing(client: stripe.StripeClient, noun: str, object_id: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        getattr(client.v1, noun).retrieve(object_id)

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    assert object_id in str(refusal.value.user_message)
    assert str(refusal.value.request_id).startswith("req_")


def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient, paid: Make) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.retrieve(paid().id, {"expand": ["bogus"]})


def test_a_list_refuses_filters_it_does_not_know(client: stripe.StripeClient) -> None:
    params: Any = {"colour": "red"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.list(params)

    assert refusal.value.param == "colour"


def test_a_cursor_must_exist(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.charges.list({"starting_after": "ch_nobody"})


def test_a_number_must_be_one(client: stripe.StripeClient) -> None:
    params: Any = {"amount": "many", "currency": "usd"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(params)

    assert (refusal.value.code, refusal.value.param) == ("parameter_invalid_integer", "amount")


@pytest.mark.parametrize(
    "metadata", [{"k" * 41: "v"}, {"k": "v" * 501}, {f"k{n}": "v" for n in range(51)}]
)
def test_metadata_has_its_limits(
    client: stripe.StripeClient, order: Make, metadata: dict[str, str]
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(metadata=metadata))


def test_every_event_can_be_read_again(
    client: stripe.StripeClient, paid: Make, eventually: Make
) -> None:
    intent = paid()

    def told() -> Any:
        listed = client.v1.events.list({"type": "payment_intent.succeeded", "limit": 5})
        return [event for event in listed.data if event.data.object["id"] == intent.id]

    (event,) = eventually(told)

    again = client.v1.events.retrieve(event.id)
    assert (again.object, again.type, again.livemode) == (
        "event",
        "payment_intent.succeeded",
        False,
    )
    assert again.data.object["amount_received"] == 1300
    assert again.api_version
    assert again.request
    assert str(again.request.id).startswith("req_")


def test_events_are_filtered_by_type_and_time(client: stripe.StripeClient, paid: Make) -> None:
    intent = paid()
    types: Any = ["charge.succeeded", "payment_intent.created"]

    found = client.v1.events.list(
        {"types": types, "created": {"gte": intent.created}, "limit": 100}
    )
    none = client.v1.events.list({"types": types, "created": {"lt": 1_000_000_000}})

    assert {event.type for event in found.data} <= set(types)
    assert none.data == []


def test_all_pages_are_walked_without_gap_or_repeat(
    client: stripe.StripeClient, paid: Make
) -> None:
    made = [paid(amount=100 + each).id for each in range(5)]

    walked = []
    for intent in client.v1.payment_intents.list({"limit": 2}).auto_paging_iter():
        walked.append(intent.id)
        if len(walked) == 5:
            break

    assert walked == made[::-1]


@pytest.mark.parametrize(
    "params",
    [
        {"types": [f"charge.kind_{number}" for number in range(21)]},
        {"type": "charge.refunded", "types": ["charge.updated"]},
    ],
)
def test_events_are_listed_by_twenty_types_at_most(
    client: stripe.StripeClient, params: Any
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.events.list(params)

    assert refusal.value.http_status == 400
