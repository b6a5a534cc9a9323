"""Events on their way to the shop."""

import json
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import stripe

from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.state.webhooks import signature

Make = Callable[..., Any]
PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "charge.updated",
]


def test_signatures_are_the_sdks_own() -> None:
    body, now = '{"id": "evt_1"}', int(time.time())

    theirs = stripe.WebhookSignature.generate_signature_header(body, "whsec_x", now)

    assert signature(body.encode(), "whsec_x", now) == theirs


def test_a_payment_is_told_in_order(
    double: StripeDouble, shop: Any, paid: Make, eventually: Make
) -> None:
    paid()

    eventually(lambda: len(shop.events) == len(PAID))
    assert shop.types == PAID


def test_an_event_is_pending_until_the_shop_has_it(
    double: StripeDouble, shop: Any, client: Any, paid: Make, eventually: Make
) -> None:
    paid()

    eventually(lambda: all(each.pending_webhooks == 0 for each in client.v1.events.list().data))
    assert {event.pending_webhooks for event in shop.events} == {1}
    assert client.v1.events.list({"delivery_success": False}).data == []
    assert len(client.v1.events.list({"delivery_success": True}).data) == len(PAID)


def test_what_the_shop_refuses_comes_again(
    double: StripeDouble, shop: Any, paid: Make, eventually: Make
) -> None:
    shop.answers = [500, 200, 302]

    paid()

    eventually(lambda: len(shop.events) == len(PAID) and double.world.webhooks.idle())
    assert sorted(shop.types) == sorted(PAID)
    assert shop.refused == 2
    attempts = [(each["attempt"], each["outcome"]) for each in double.world.webhooks.log]
    assert (1, "HTTP 500") in attempts
    assert (1, "HTTP 302") in attempts
    assert [outcome for attempt, outcome in attempts if attempt == 2] == ["ok", "ok"]


def test_waits_between_attempts_grow_and_come_to_an_end(
    start: Make, client_of: Make, order: Make, shop: Any, eventually: Make
) -> None:
    shop.answers = [500] * 99
    double = start(
        webhook_url=shop.url, webhook_secret="whsec_shop", webhook_retry=0.02, webhook_attempts=4
    )
    client = client_of(double)

    client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(order()).id)

    eventually(lambda: len(double.world.webhooks.log) == 4 and double.world.webhooks.idle())
    times = [each["at"] for each in double.world.webhooks.log]
    waits = [later - sooner for sooner, later in pairwise(times)]
    assert all(wait >= least for wait, least in zip(waits, (0.02, 0.04, 0.08), strict=True))
    (event,) = client.v1.events.list().data
    assert event.pending_webhooks == 1


def test_a_shop_that_is_away_gets_its_events_later(
    double: StripeDouble, shop: Any, paid: Make, eventually: Make
) -> None:
    there = double.options.webhook_url
    double.options.webhook_url = "http://127.0.0.1:1/nobody"
    paid()
    eventually(lambda: len(double.world.webhooks.log) >= 1)

    double.options.webhook_url = there

    eventually(lambda: len(shop.events) == len(PAID))


def test_next_webhooks_can_come_twice(
    double: StripeDouble, shop: Any, paid: Make, eventually: Make
) -> None:
    double.faults(webhook_duplicate=2)

    paid()

    eventually(lambda: len(shop.events) == len(PAID) + 2)
    ids = [event.id for event in shop.events]
    assert ids[0] == ids[1]
    assert len(set(ids)) == len(PAID)


def test_next_webhooks_can_be_lost_but_stay_in_the_list(
    double: StripeDouble, shop: Any, client: Any, paid: Make, eventually: Make
) -> None:
    double.faults(webhook_drop=4)

    paid()

    eventually(lambda: len(shop.events) == 1)
    eventually(double.world.webhooks.idle)
    missed = client.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in reversed(missed)] == PAID[:4]


def test_a_lost_event_can_be_sent_again(
    double: StripeDouble, shop: Any, client: Any, paid: Make, admin: Make, eventually: Make
) -> None:
    double.faults(webhook_drop=5)
    paid()
    lost = client.v1.events.list({"type": "checkout.session.completed"}).data[0]

    admin(f"/events/{lost.id}/resend", {})

    eventually(lambda: shop.types == ["checkout.session.completed"])
    assert shop.events[0].id == lost.id


def test_webhooks_can_arrive_the_wrong_way_round(
    double: StripeDouble, shop: Any, paid: Make, eventually: Make
) -> None:
    double.faults(webhook_reorder=True)

    paid()

    eventually(lambda: len(shop.events) == len(PAID))
    assert shop.types == PAID[::-1]


def test_webhooks_can_be_late(
    double: StripeDouble, shop: Any, paid: Make, eventually: Make
) -> None:
    double.faults(webhook_delay=0.2)
    before = time.monotonic()

    paid()

    eventually(lambda: len(shop.events) == len(PAID))
    assert time.monotonic() - before >= 0.2


def test_an_event_shows_its_subject_as_it_was_then(
    double: StripeDouble, shop: Any, client: Any, paid: Make, eventually: Make
) -> None:
    intent = paid()
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 200})

    eventually(lambda: shop.types.count("charge.refunded") == 2)
    refunded = [event for event in shop.events if event.type == "charge.refunded"]
    assert [event.data.object.amount_refunded for event in refunded] == [100, 300]
    assert [event.data.previous_attributes.amount_refunded for event in refunded] == [0, 100]


def test_our_own_fields_stay_our_own(
    double: StripeDouble, shop: Any, client: Any, paid: Make, eventually: Make
) -> None:
    paid()

    eventually(lambda: len(shop.events) == len(PAID))
    everything = json.dumps([event.to_dict() for event in shop.events])
    assert '"_' not in everything
