"""A till, the sender, a manager, somebody in Stripe's dashboard and a bank reach for one gift: one has it.

What was redeemed is never paid back too, but where Stripe had sent the money already: that is the brand's
goodwill, or the bank's loss, and booked so.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.refused import Refused
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments import checkout_session, event_types, settle
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import refunds
from giftshop.refunds import ask, subscribers
from giftshop.refunds.models import Refund
from giftshop.refunds.owed import owed
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import refund as codes_refund
from redemption.codes import void
from redemption.models import Account, Device, Posting, Redemption, StaffMember
from redemption.redeem.redeem import redeem
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.errors import StripeError
from tests.cast import MINT, Place, symbols
from tests.figures import Figure
from tests.giftshop.refunds.in_process import without_network
from tests.races.crowd import at_once

AMOUNT = 650
SEED = 20261130
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def double(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    with StripeDouble() as double:
        settings.STRIPE_API_BASE = double.url
        settings.STRIPE_SECRET_KEY = "sk_test_races"
        without_network(double, monkeypatch)
        stripe_sdk.client.cache_clear()
        yield double
    stripe_sdk.client.cache_clear()


@dataclass
class Table:
    """Those who reach for the gift, and the gift."""

    double: StripeDouble
    brand: Brand
    place: Place
    device: Device
    manager: Actor

    def lay(self, *others: str) -> "Round":
        order = self.place(recipients=("Ben", *others))
        with scope(brand=self.brand):
            checkout_session.open_page(order=order)
            session = str(Payment.objects.get(order=order).session_id)
            self.double.pay(session)
            settle.settle(session_id=session)
            gift = order.gifts.with_everything().get(position=1)
        return Round(self, order, gift, session)


@dataclass
class Round:
    table: Table
    order: Order
    gift: Gift
    session: str

    def race(self, names: tuple[str, ...]) -> None:
        barrier = Barrier(len(names))

        def reach(number: int) -> None:
            try:
                with scope(brand=self.table.brand):
                    barrier.wait(30)
                    with suppress(Refused, StripeError):
                        getattr(self, names[number])()
            finally:
                connection.close()

        at_once(reach, len(names))
        with scope(brand=self.table.brand):
            self.hear()

    def till(self) -> None:
        assert self.gift.code
        redeem(device=self.table.device, text=symbols(self.gift.code), key=uuid4().hex, picks=MINT)

    def sender(self) -> None:
        ask.ask(
            order=self.order,
            amounts={self.gift.pk: None},
            origin=Refund.Origin.SENDER,
            actor=SYSTEM,
            reason="asked",
            now=timezone.now(),
        )
        self.send()

    def send(self) -> None:
        mine = Refund.objects.filter(payment__order=self.order).values_list("pk", flat=True)
        asked = {str(pk) for pk in mine}
        for message in Message.objects.filter(topic=Topic.REFUND_ASKED):
            if message.payload["refund_id"] in asked:
                subscribers.send_refund(message)

    def manager(self) -> None:
        assert self.gift.code_id
        void.void(code_id=self.gift.code_id, actor=self.table.manager, reason="wrong")

    def dashboard(self) -> None:
        self.table.double.dashboard.refund(self.session)
        self.hear()

    def bank(self) -> None:
        dispute = self.table.double.issuer.dispute(self.session)
        self.hear()
        self.table.double.issuer.close_dispute(dispute["id"], "lost")
        self.hear()

    def hear(self) -> None:
        """All that Stripe told of this order so far."""
        charge = Payment.objects.get(order=self.order).charge_id
        for event in list(self.table.double.world.store.newest("event"))[::-1]:
            told, kind = event["data"]["object"], event_types.find(event["type"])
            if not kind or charge not in {told.get("charge"), told["id"]}:
                continue
            row = StripeEvent(object_id=told["id"], payload=json.dumps(event))
            kind.record(kind.retrieve(row), row, timezone.now())

    def faults(self) -> Iterator[str]:
        """What must not have come of it."""
        assert self.gift.code
        with scope(brand=self.table.brand):
            self.gift.code.refresh_from_db()
            redeemed = Redemption.objects.filter(code=self.gift.code).count()
            refunds = Refund.objects.filter(payment__order=self.order).prefetch_related("lines")
            arrived = [row for row in refunds if row.state == Refund.State.SUCCEEDED]
        goodwill = sum(line.goodwill for row in arrived for line in row.lines.all())
        sent = sum(row.amount for row in arrived)
        if redeemed + len([row for row in arrived if row.is_ours()]) > 1:
            yield "both redeemed and paid back"
        if redeemed * AMOUNT + sent - goodwill > AMOUNT:
            yield f"redeemed {redeemed} times, {sent} went back, {goodwill} of it goodwill"
        if self.gift.code.balance and arrived:
            yield "paid back, and still good"


def books(table: Table, rounds: list[Round]) -> Iterator[str]:
    """What does not tie, of all rounds together."""
    moved = table.double.totals("order_id", [str(each.order.pk) for each in rounds])["usd"].net
    with scope(brand=table.brand):
        sums = dict(Posting.objects.values_list("account").annotate(total=Sum("amount")))
        still = sum(sum(owed(payment).values()) for payment in Payment.objects.all())
    if sums[Account.STRIPE_CLEARING] != moved:
        yield f"stripe_clearing {sums[Account.STRIPE_CLEARING]}, at Stripe {moved}"
    if sums.get(Account.CUSTOMER_REFUNDS_PAYABLE, 0) != -still:
        yield f"payable {sums.get(Account.CUSTOMER_REFUNDS_PAYABLE)}, owed {still}"


@pytest.fixture
def table(
    double: StripeDouble, brand: Brand, place: Place, device: Device, manager: StaffMember
) -> Table:
    return Table(double, brand, place, device, Actor.staff(manager))


REACH = ("till", "sender", "manager", "dashboard", "bank")
PAIRS = list(combinations(REACH, 2))


def race(table: Table, count: int) -> tuple[list[str], Counter[str]]:
    """So many rounds, each pair in turn and at times all of them: what went wrong, and who had the gift."""
    rng, rounds, found, had = random.Random(SEED), list[Round](), list[str](), Counter[str]()
    for number in range(count):
        names = REACH if number % 11 == 10 else PAIRS[number % len(PAIRS)]
        one = table.lay()
        one.race(tuple(rng.sample(names, len(names))))
        rounds.append(one)
        found += [f"{names}: {fault}" for fault in one.faults()]
        had[one.gift.code.state if one.gift.code else ""] += 1
    found += books(table, rounds)
    call_command("verify_ledger")
    return found, had


def test_one_of_them_has_the_gift(table: Table) -> None:
    found, had = race(table, 11)
    assert found == []
    assert had.total() == 11


@pytest.mark.stress
def test_one_of_them_has_the_gift_in_500_rounds(table: Table, figure: Figure) -> None:
    found, had = race(table, 500)
    assert found == []
    assert {"redeemed", "voided"} <= had.keys()
    figure(
        "I27",
        "till, sender, manager, Stripe's dashboard and bank reach for one gift at the same moment,"
        f" seed {SEED}",
        size="500 rounds",
        result=f"0 both redeemed and paid back, {had['redeemed']} redeemed, books tie",
        zero_in=500,
    )


def test_the_control_without_the_hold_has_both(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing holds the gift between asking and sending."""
    monkeypatch.setattr(codes_refund, "hold_for", lambda **_: None)
    monkeypatch.setattr(codes_refund, "place", lambda **_: None)
    one = table.lay()
    send = one.send
    monkeypatch.setattr(one, "send", lambda: (one.till(), send()))
    one.race(("sender",))
    assert "both redeemed and paid back" in set(one.faults())


class Killed(BaseException):
    """What a signal leaves of a worker: nothing after it runs."""


@pytest.mark.parametrize("guarded", [True, False])
def test_killed_before_stripes_answer_is_written_it_is_sent_once(
    table: Table, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control asks under another key each time: then the money goes twice."""
    one = table.lay("Cleo")
    if not guarded:
        create = refunds.create
        monkeypatch.setattr(
            refunds, "create", lambda **told: create(**{**told, "key": uuid4().hex})
        )
    with scope(brand=table.brand):
        with monkeypatch.context() as patched:
            patched.setattr(subscribers.charge_state, "retrieve", killed)
            with pytest.raises(Killed):
                one.sender()
        row = Refund.objects.get()
        assert (row.state, states(one)) == (Refund.State.ASKED, "on_hold")
        one.send()
    sent = list(table.double.world.store.newest("refund"))
    row.refresh_from_db()
    if guarded:
        assert (row.state, states(one), len(sent)) == (Refund.State.SUCCEEDED, "voided", 1)
        assert not list(one.faults())
    else:
        assert len(sent) == 2


def test_killed_before_it_is_sent_the_gift_stays_held_and_is_sent_later(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = table.lay()
    with scope(brand=table.brand):
        with monkeypatch.context() as patched:
            patched.setattr(subscribers.refunds, "create", killed)
            with pytest.raises(Killed):
                one.sender()
        one.till()
        assert states(one) == "on_hold"
        one.send()
        assert states(one) == "voided"
    assert not list(one.faults())
    assert len(list(table.double.world.store.newest("refund"))) == 1


def killed(*_told: object, **_more: object) -> None:
    raise Killed


def states(one: Round) -> str:
    assert one.gift.code
    one.gift.code.refresh_from_db()
    return one.gift.code.state
