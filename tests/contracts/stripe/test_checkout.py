"""What the product counts on when it sends a buyer to Checkout."""

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


def test_a_new_session_is_open_and_has_a_page(client: stripe.StripeClient, order: Make) -> None:
    session: Any = client.v1.checkout.sessions.create(
        order(
            client_reference_id="order-7", metadata={"order": "7"}, customer_email="ann@example.com"
        )
    )

    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.amount_subtotal, session.amount_total, session.currency) == (1300, 1300, "usd")
    assert (session.client_reference_id, session.metadata.to_dict()) == ("order-7", {"order": "7"})
    assert session.customer_email == "ann@example.com"
    assert session.id.startswith("cs_test_")
    assert session.url
    assert session.url.startswith("http")
    assert session.payment_intent is None
    assert session.livemode is False
    assert abs(session.expires_at - time.time() - 24 * 3600) < 300


def test_a_session_is_found_again(client: stripe.StripeClient, order: Make) -> None:
    made = client.v1.checkout.sessions.create(order(metadata={"order": "8"}))

    found = client.v1.checkout.sessions.retrieve(made.id)

    assert found.to_dict() == made.to_dict()


def test_line_items_keep_their_order_and_can_be_asked_for_with_the_session(
    client: stripe.StripeClient, order: Make
) -> None:
    items = [
        {
            "quantity": count,
            "price_data": {
                "currency": "usd",
                "unit_amount": 100 * count,
                "product_data": {"name": f"No {count}"},
            },
        }
        for count in (1, 2, 3)
    ]
    made = client.v1.checkout.sessions.create(order(line_items=items, expand=["line_items"]))

    lines = client.v1.checkout.sessions.line_items.list(made.id)

    assert made.line_items
    assert [line.id for line in made.line_items.data] == [line.id for line in lines.data]
    assert {line.description: line.amount_total for line in lines.data} == {
        "No 1": 100,
        "No 2": 400,
        "No 3": 900,
    }
    assert {(line.price.type, line.price.currency) for line in lines.data if line.price} == {
        ("one_time", "usd")
    }


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"bogus": 1}, "bogus"),
        (
            {"line_items": [{"quantity": 1, "price_data": {"currencyy": "usd"}}]},
            "line_items[0][price_data]",
        ),
        ({"success_url": "not an address"}, "success_url"),
        ({"mode": "gift"}, "mode"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"expires_at": int(time.time()) + 29 * 60}, "expires_at"),
        ({"expires_at": int(time.time()) + 25 * 3600}, "expires_at"),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(
    client: stripe.StripeClient, order: Make, changes: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(**changes))

    assert refusal.value.http_status == 400
    assert str(refusal.value.param).startswith(param)


@pytest.mark.parametrize("name", ["line_items", "success_url"])
def test_what_a_payment_needs_must_be_there(
    client: stripe.StripeClient, order: Make, name: str
) -> None:
    params = order()
    del params[name]

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(params)

    assert refusal.value.http_status == 400


def test_an_unknown_parameter_says_so_in_its_code(client: stripe.StripeClient, order: Make) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(bogus=1))

    assert refusal.value.code == "parameter_unknown"
    assert "bogus" in str(refusal.value.user_message)


def test_currencies_do_not_mix(client: stripe.StripeClient, order: Make) -> None:
    items = [
        {
            "quantity": 1,
            "price_data": {"currency": each, "unit_amount": 500, "product_data": {"name": each}},
        }
        for each in ("usd", "eur")
    ]

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(line_items=items))


def test_less_than_half_a_dollar_cannot_be_charged(
    client: stripe.StripeClient, order: Make
) -> None:
    price = {"currency": "usd", "unit_amount": 49, "product_data": {"name": "A crumb"}}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(line_items=[{"quantity": 1, "price_data": price}]))

    assert refusal.value.code == "amount_too_small"


def test_an_open_session_can_be_expired_but_only_once(
    client: stripe.StripeClient, order: Make, happened: Make
) -> None:
    session = client.v1.checkout.sessions.create(order())

    expired = client.v1.checkout.sessions.expire(session.id)

    assert (expired.status, expired.url) == ("expired", None)
    assert happened(session.id, "checkout.session.expired") == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


def test_sessions_are_listed_newest_first_page_by_page(
    client: stripe.StripeClient, order: Make
) -> None:
    made = [client.v1.checkout.sessions.create(order()).id for _ in range(3)]

    first = client.v1.checkout.sessions.list({"limit": 2})
    second = client.v1.checkout.sessions.list({"limit": 2, "starting_after": first.data[-1].id})
    back = client.v1.checkout.sessions.list({"limit": 2, "ending_before": second.data[0].id})
    near = client.v1.checkout.sessions.list({"limit": 1, "ending_before": second.data[0].id})

    assert first.has_more
    assert [each.id for each in (*first.data, *second.data)][:3] == made[::-1]
    assert [each.id for each in back.data] == [each.id for each in first.data]
    assert [each.id for each in near.data] == [first.data[1].id]
    assert near.has_more


def test_a_session_paid_on_the_page_leads_to_its_payment(
    client: stripe.StripeClient, order: Make, hosted_page: ModuleType
) -> None:
    made = client.v1.checkout.sessions.create(
        order(payment_intent_data={"metadata": {"order": "7"}, "description": "Two lattes"})
    )

    landing = hosted_page.pay(made.url)
    session = client.v1.checkout.sessions.retrieve(
        made.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )

    assert landing.location == f"https://shop.example/thanks?session={made.id}"
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details
    assert session.customer_details.email == "jenny@example.com"
    intent: Any = session.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == (
        "succeeded",
        1300,
        {"order": "7"},
    )
    assert intent.description == "Two lattes"
    charge = intent.latest_charge
    assert (charge.paid, charge.captured, charge.refunded, charge.disputed) == (
        True,
        True,
        False,
        False,
    )
    assert charge.payment_method_details.card.last4 == "4242"
    line = charge.balance_transaction
    assert (line.amount, line.fee, line.net, line.type) == (1300, 68, 1232, "charge")
    listed = client.v1.checkout.sessions.list({"payment_intent": intent.id})
    assert [each.id for each in listed.data] == [made.id]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(made.id)


def test_events_of_a_paid_session_come_in_stripes_order(
    client: stripe.StripeClient, order: Make, hosted_page: ModuleType, happened: Make
) -> None:
    made = client.v1.checkout.sessions.create(order())

    hosted_page.pay(made.url)

    intent = str(client.v1.checkout.sessions.retrieve(made.id).payment_intent)
    assert happened(intent) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]


def test_a_declined_card_leaves_the_session_open_for_another(
    client: stripe.StripeClient, order: Make, hosted_page: ModuleType
) -> None:
    made = client.v1.checkout.sessions.create(order())

    declined = hosted_page.pay(made.url, "4000 0000 0000 0002")
    between = client.v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    hosted_page.pay(made.url)
    after = client.v1.checkout.sessions.retrieve(made.id)

    intent: Any = between.payment_intent
    assert declined.alert == "Your card was declined."
    assert (between.status, intent.status) == ("open", "requires_payment_method")
    assert intent.last_payment_error.decline_code == "generic_decline"
    assert (after.payment_status, after.payment_intent) == ("paid", intent.id)


def test_a_missing_part_of_a_line_is_named_by_its_place(
    client: stripe.StripeClient, order: Make
) -> None:
    whole = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
    items = [{"quantity": 1, "price_data": whole}, {"price_data": whole}]

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(line_items=items))

    assert str(refusal.value.param).startswith("line_items[1]")


def test_what_would_be_so_anyway_may_be_said(client: stripe.StripeClient, order: Make) -> None:
    session = client.v1.checkout.sessions.create(
        order(automatic_tax={"enabled": False}, billing_address_collection="auto")
    )

    assert session.automatic_tax.enabled is False
