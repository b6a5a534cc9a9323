"""Time moves by hand, and a state file outlives the process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]


def test_a_session_expires_by_the_clock(
    double: StripeDouble, client: Any, order: Make, shop: Any, eventually: Make
) -> None:
    soon = int(time.time()) + 31 * 60
    session = client.v1.checkout.sessions.create(order(expires_at=soon))
    double.advance(30 * 60)
    before = client.v1.checkout.sessions.retrieve(session.id).status

    double.advance(2 * 60)

    assert before == "open"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    eventually(lambda: shop.types == ["checkout.session.expired"])
    assert double.pay(session.id) == "expired"


def test_a_half_tried_session_cancels_its_payment_on_expiry(
    double: StripeDouble, client: Any, order: Make
) -> None:
    session = client.v1.checkout.sessions.create(order())
    with pytest.raises(Exception, match="declined"):
        double.pay(session.id, "4000000000000002")

    double.advance(25 * 3600)

    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (found.status, found.payment_intent.status) == ("expired", "canceled")


def test_a_key_is_forgotten_after_a_day(double: StripeDouble, client: Any, order: Make) -> None:
    first = client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})
    double.advance(25 * 3600)

    second = client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})

    assert first.id != second.id


def test_the_money_may_settle_later(double: StripeDouble, client: Any, paid: Make) -> None:
    double.faults(settle_delay=600)
    charge = client.v1.charges.retrieve(paid().latest_charge)

    double.advance(601)

    assert charge.balance_transaction is None
    later = client.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]})
    assert later.balance_transaction.net == 1232
    assert client.v1.events.list().data[0].type == "charge.updated"


def test_money_becomes_available_after_two_days(
    double: StripeDouble, client: Any, paid: Make
) -> None:
    paid()
    before = client.v1.balance.retrieve()

    double.advance(49 * 3600)

    after = client.v1.balance.retrieve()
    assert (before.pending[0].amount, before.available[0].amount) == (1232, 0)
    assert (after.pending[0].amount, after.available[0].amount) == (0, 1232)


def test_events_older_than_thirty_days_are_not_listed(
    double: StripeDouble, client: Any, paid: Make
) -> None:
    paid()

    double.advance(31 * 86400)

    assert client.v1.events.list().data == []


def test_a_new_start_goes_on_where_the_old_one_stopped(
    start: Make, client_of: Make, order: Make, shop: Any, tmp_path: Path, eventually: Make
) -> None:
    state = tmp_path / "stripe.sqlite3"
    first = start(state=state)
    client = client_of(first)
    paid, still_open = (
        client.v1.checkout.sessions.create(order(), {"idempotency_key": key}) for key in "ab"
    )
    first.pay(paid.id)
    first.advance(3600)
    first.close()

    second = start(state=state, webhook_url=shop.url, webhook_secret="whsec_shop")
    client = client_of(second)

    assert client.v1.checkout.sessions.create(order(), {"idempotency_key": "a"}).id == paid.id
    listed = client.v1.checkout.sessions.list().data
    assert [each.id for each in listed] == [still_open.id, paid.id]
    assert listed[1].payment_status == "paid"
    assert second.world.offset == 3600
    second.advance(24 * 3600)
    assert client.v1.checkout.sessions.retrieve(still_open.id).status == "expired"
    eventually(lambda: shop.types == ["checkout.session.expired"])


def test_undelivered_events_are_sent_after_a_restart(
    start: Make, client_of: Make, order: Make, shop: Any, tmp_path: Path, eventually: Make
) -> None:
    state = tmp_path / "stripe.sqlite3"
    first = start(state=state, webhook_url="http://127.0.0.1:1/", webhook_retry=60)
    first.pay(client_of(first).v1.checkout.sessions.create(order()).id)
    eventually(lambda: len(first.world.webhooks.log) == 5)
    first.close()

    start(state=state, webhook_url=shop.url, webhook_secret="whsec_shop")

    eventually(lambda: len(shop.events) == 5)
    assert shop.types[-2:] == ["checkout.session.completed", "charge.updated"]


def test_a_disputes_day_outlives_a_restart(
    start: Make, client_of: Make, order: Make, tmp_path: Path
) -> None:
    state = tmp_path / "stripe.sqlite3"
    first = start(state=state)
    session = client_of(first).v1.checkout.sessions.create(order())
    first.pay(session.id)
    dispute = first.issuer.dispute(session.id)
    first.close()

    second = start(state=state)
    second.advance(9 * 24 * 3600 + 1)

    assert client_of(second).v1.disputes.retrieve(dispute["id"]).status == "lost"


def test_reset_forgets_everything(
    double: StripeDouble, client: Any, paid: Make, admin: Make
) -> None:
    paid()
    double.advance(3600)

    admin("/reset", {})

    _, state = admin("/state")
    assert set(state["counts"].values()) == {0}
    assert state["clock"]["ahead_seconds"] == 0


def test_the_command_serves_and_ends_on_sigterm_or_survives_a_kill(
    tmp_path: Path, order: Make
) -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox.stripe_double",
        "--state",
        str(tmp_path / "s.sqlite3"),
    ]
    ids = []
    for end in (signal.SIGKILL, signal.SIGTERM):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        ) as process:
            assert process.stdout
            line = process.stdout.readline().split()
            client: Any = stripe.StripeClient("sk_test_x", base_addresses={"api": line[1]})
            ids.append(client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"}).id)
            os.kill(process.pid, end)
            status = process.wait(timeout=5)
        assert line[0] == "listening"
        assert line[1].startswith("http://127.0.0.1:")

    assert ids[0] == ids[1]
    assert status == 0
