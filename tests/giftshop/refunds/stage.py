"""One order of two gifts, the shop's database and Stripe's double: each can be put back to where it stood.

The shop speaks to the double without a network, and hears its events when it is told to. The database goes
back by savepoints, the double by a copy of what it remembers.
"""

import json
import pickle
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from psycopg._preparing import PrepareManager

from brands.models import Brand, Returns
from giftshop.catalog.models import Treat
from giftshop.http import outside_calls
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments import checkout_session, event_types, settle
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import sessions
from giftshop.payments.stripe.client import PatientClient
from giftshop.refunds import ask, choose, subscribers
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.give_back import GiveBackRefused, give_back
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.studio.refunds import order_money
from giftshop.studio.refunds.forms import ChoiceForm
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import void
from redemption.models import Code, Device, StaffMember
from redemption.redeem.redeem import redeem
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.api.handler import ApiHandler
from sandbox.stripe_double.errors import StripeError
from tests.cast import MINT, line, make_free_treat, symbols
from tests.giftshop.refunds import outcome
from tests.giftshop.refunds.outcome import Faults

VALUE, ITEM = 1000, 650
PART = ITEM

BUYER = ("pay",)
OF_STRIPE = (
    *("refund-part", "refund-rest", "refund-part-pending", "refund-rest-pending"),
    *("succeed", "fail", "dispute", "dispute-part", "inquiry", "resolution", "block"),
    *("escalate", "won", "lost", "inquiry-closed", "warn", "review", "approve"),
)
OF_PEOPLE = (
    *("ask-value", "ask-item", "ask-all", "ask-some", "ask-item-pending", "ask-all-pending"),
    *(
        "ask-item-later",
        "send",
        "goodwill",
        "void-value",
        "void-item",
        "redeem-value",
        "redeem-some",
        "redeem-item",
    ),
    *("choose-value", "choose-item", "choose-none", "lost-item", "clear", "credit"),
)


SELDOM = 0.1
"""How often what looks refused is tried all the same."""
NEEDS = {
    "succeed": ("refund", "pending"),
    "fail": ("refund", "pending", "succeeded"),
    "escalate": ("dispute", "warning_needs_response"),
    "inquiry-closed": ("dispute", "warning_needs_response"),
    "won": ("dispute", "needs_response"),
    "lost": ("dispute", "needs_response"),
    "approve": ("review",),
}
"""Of Stripe's acts: kinds of its things, in one of these states."""
Told = dict[str, Any] | None
"""An event; None: the return page asks."""


class NotLegal(Exception):
    """This act is none that could come here."""


@dataclass(frozen=True)
class Copy:
    things: bytes
    due: list[Any]
    offset: float
    state: int


class Stage:
    """Where it all happens. A copy is the double as it stood."""

    def __init__(
        self, double: StripeDouble, order: Order, device: Device, manager: StaffMember
    ) -> None:
        self.double, self.order, self.device = double, order, device
        self.manager = Actor.staff(manager)
        self.payment = Payment.objects.get(order=order)
        self.session = str(self.payment.session_id)
        self.rng = random.Random(0)
        self.keys = count()
        self.states = count(1)
        self.state = 0
        """Which the double is in: whoever asks it twice is answered alike, and so is asked for once."""
        self.answers: dict[tuple[Any, ...], Any] = {}

    # The double, put away and brought back

    def copy(self) -> Copy:
        world = self.double.world
        things = pickle.dumps(world.store._kinds)
        return Copy(things, list(world._due), world.offset, self.state)

    def put_back(self, copy: Copy) -> None:
        world = self.double.world
        world.store._kinds = pickle.loads(copy.things)
        world._due[:], world.offset, self.state = copy.due, copy.offset, copy.state
        world.faults.reset()

    # What may happen

    def legal(self, names: tuple[str, ...]) -> list[str]:
        """Those for which there is what they need: a cheap look, before each is tried."""
        if not set(names) & set(OF_PEOPLE):
            return [name for name in names if name not in NEEDS or self._has(*NEEDS[name])]
        there = outcome.stands(self)
        return [name for name in names if self._may(name, there)]

    def _may(self, name: str, there: outcome.Stands) -> bool:
        """Nothing keeps it at first sight. What looks refused is tried now and then all the same: should a
        rule have fallen away, the histories behind it are lived through, too."""
        what, _, which = name.partition("-")
        if what in {"choose", "send", "lost", "clear"}:
            return what in there.waiting
        gift = there.gifts[1 if which.startswith("item") else 0] if there.gifts else ""
        free = {
            "redeem": gift == "active",
            "void": gift in {"active", "hand"},
            "credit": gift == "active" and not there.waiting & {"dispute", "choose"},
        }
        looks_free = free.get(what, not there.waiting & {"dispute", "choose"})
        return bool(there.gifts) and (looks_free or self.rng.random() < SELDOM)

    def _has(self, kind: str, *statuses: str) -> bool:
        found = self.double.world.store.newest(kind)
        return any(not statuses or each["status"] in statuses for each in found)

    def act(self, name: str) -> None:
        """Raises NotLegal, and has changed nothing of the shop then."""
        self.double.advance(2)
        if name in (*BUYER, *OF_STRIPE):  # the shop has not heard of it
            try:
                self._of_stripe(name)
            except StripeError as no:
                raise NotLegal(name) from no
            self.state = next(self.states)
            return
        before = transaction.savepoint()
        try:
            self._of_people(name)
            self.state = next(self.states)
        except (ask.AskRefused, GiveBackRefused, NotLegal) as no:
            transaction.savepoint_rollback(before)
            raise NotLegal(name) from no
        except Exception as no:
            transaction.savepoint_rollback(before)
            if type(no).__name__ == "ActRefused":
                raise NotLegal(name) from no
            raise
        transaction.savepoint_commit(before)

    def _of_stripe(self, name: str) -> None:
        double, paid = self.double, self.session
        world = double.world
        if name == "pay":
            if double.pay(paid) != "paid":
                raise NotLegal(name)
            return
        if name.startswith("refund-"):
            _, size, *how = name.split("-")
            double.faults(refunds=how[0] if how else "succeeded")
            double.dashboard.refund(paid, amount=PART if size == "part" else None)
        elif name == "succeed":
            double.issuer.succeed_refund(self._newest("refund", "pending"))
        elif name == "fail":
            double.issuer.fail_refund(self._newest("refund", "pending", "succeeded"))
        elif name in {"dispute", "dispute-part"}:
            double.issuer.dispute(paid, amount=PART if name == "dispute-part" else None)
        elif name in {"inquiry", "resolution", "block"}:
            double.issuer.dispute(paid, case=name)
        elif name == "escalate":
            double.issuer.escalate_inquiry(self._newest("dispute", "warning_needs_response"))
        elif name in {"won", "lost"}:
            double.issuer.close_dispute(self._newest("dispute", "needs_response"), name)
        elif name == "inquiry-closed":
            found = self._newest("dispute", "warning_needs_response")
            double.issuer.close_dispute(found, "warning_closed")
        elif name == "warn":
            if next(world.store.newest("radar.early_fraud_warning"), None):
                raise NotLegal(name)  # once is enough
            double.issuer.warn(paid)
        elif name == "review":
            double.dashboard.review(paid)
        elif name == "approve":
            reviews = [each["id"] for each in world.store.newest("review") if each["open"]]
            if not reviews:
                raise NotLegal(name)
            double.dashboard.approve_review(reviews[0])

    def _newest(self, kind: str, *statuses: str) -> str:
        for each in self.double.world.store.newest(kind):
            if each["status"] in statuses:
                return str(each["id"])
        raise NotLegal(kind)

    def _of_people(self, name: str) -> None:
        gifts = with_worth(self.order.gifts.with_everything().order_by("position"))
        if len(gifts) < 2 or not all(gift.code for gift in gifts):
            raise NotLegal(name)
        value, item = gifts
        what, _, which = name.partition("-")
        if what == "ask":
            named = which.partition("-")[0]
            amounts: dict[str, Mapping[Any, int | None]] = {
                "value": {value.pk: None},
                "item": {item.pk: None},
                "all": {gift.pk: None for gift in gifts if gift.code and gift.code.balance},
                "some": {value.pk: 300},
            }
            self._ask(amounts[named], goodwill=False)
            if not which.endswith("later"):
                self._send("pending" if which.endswith("pending") else "succeeded")
        elif what == "send":
            if not Refund.objects.filter(state=Refund.State.ASKED).exists():
                raise NotLegal(name)
            self._send("succeeded")
        elif what == "goodwill":
            self._ask({value.pk: 900}, goodwill=True)
            self._send("succeeded")
        elif what == "credit":
            give_back(gift=value, may_tell=False, now=timezone.now())
        elif what == "void":
            void.void(
                code_id=(value if which == "value" else item).code_id,  # type: ignore[arg-type]
                actor=self.manager,
                reason="wrong",
                now=timezone.now(),
            )
        elif what == "redeem":
            gift = item if which == "item" else value
            self._redeem(gift, 400 if which == "some" else None)
        elif what == "choose":
            unclear = Refund.objects.unclear().order_by("asked_at").first()
            if unclear is None:
                raise NotLegal(name)
            gift = value if which == "value" else item
            ticked = "none" if which == "none" else f"gift-{gift.position}"
            money = order_money.read(self.order)
            form = ChoiceForm(QueryDict(f"{ticked}=on"), money=money, refund=unclear)
            if not form.is_valid():
                raise NotLegal(name)
            # What the page offers is not refused.
            choose.choose(
                refund_id=unclear.pk,
                amounts=form.amounts(),
                actor=self.manager,
                now=timezone.now(),
            )
        elif what == "lost":
            lost = Dispute.objects.filter(is_unclear=True).order_by("opened_at").first()
            if lost is None:
                raise NotLegal(name)
            choose.choose_lost(
                dispute_id=lost.pk, gift_ids=[item.pk], actor=self.manager, now=timezone.now()
            )
        elif what == "clear":
            warning = FraudWarning.objects.filter(is_open=True).order_by("made_at").first()
            if warning is None:
                raise NotLegal(name)
            choose.clear(
                warning_id=warning.pk, actor=self.manager, reason="known", now=timezone.now()
            )

    def _ask(self, amounts: Mapping[Any, int | None], *, goodwill: bool) -> None:
        ask.ask(
            order=self.order,
            amounts=amounts,
            origin=Refund.Origin.BRAND if goodwill else Refund.Origin.SENDER,
            actor=self.manager if goodwill else SYSTEM,
            reason="asked",
            now=timezone.now(),
            goodwill=goodwill,
        )

    def _send(self, how: str) -> None:
        """As the outbox does, and again as after a kill."""
        self.double.faults(refunds=how)
        for message in Message.objects.filter(topic=Topic.REFUND_ASKED).order_by("pk"):
            subscribers.send_refund(message)
            subscribers.send_refund(message)

    def _redeem(self, gift: Gift, amount: int | None) -> None:
        if gift.code is None or gift.code.balance == 0:
            raise NotLegal(gift.code)
        answer = redeem(
            device=self.device,
            text=symbols(gift.code),
            key=f"key-{next(self.keys)}",
            amount=amount or (gift.code.balance if gift.kind == Code.Kind.VALUE else None),
            picks=MINT if gift.kind == Code.Kind.ITEM else None,
        )
        if not answer.redeemed:
            raise NotLegal(answer.text)

    # What the shop hears

    def told(self) -> int:
        return len(self.double.world.store._kinds.get("event", ()))

    def events(self, since: int) -> list[Told]:
        """What Stripe told since it had told so many, oldest first, of what is acted on."""
        told = list(self.double.world.store.newest("event"))[::-1]
        return [each for each in told[since:] if event_types.find(each["type"])]

    def hear(self, told: list[Told], *, all_of_it: bool = True, again: bool = True) -> None:
        """As a worker reads them; what comes before its payment waits. None: the return page.

        What asks Stripe the same as an event before is heard until it changes nothing: from then on, until
        something else does, it would find what it found. `again`: False hears it once, each while it is
        Stripe's newest.
        """
        settled: set[tuple[str, ...]] = set()
        stood = outcome.digest(self) if again else ""
        for _ in range(2):
            late = []
            for event in told:
                question = _question(event)[: None if again else 2]
                if question in settled:
                    continue
                try:
                    self._hear(event)
                except event_types.WaitsForPayment:
                    late.append(event)
                    continue
                stands = outcome.digest(self) if again else ""
                if stands != stood:
                    settled.clear()
                else:
                    settled.add(question)
                stood = stands
            told = late
        if told and all_of_it:
            raise Faults("an event waits for ever")

    def _answer(self, asked: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        """Stripe's, as the double is now."""
        if (self.state, *asked[:2]) not in self.answers:
            self.answers[self.state, *asked[:2]] = ask()
        return self.answers[self.state, *asked[:2]]

    def _hear(self, event: Told) -> None:
        asked = _question(event)
        if event is None:
            session = self._answer(asked, lambda: sessions.retrieve(self.session))
            settle.record(session=session, now=timezone.now())
            return
        kind = event_types.find(event["type"])
        row = StripeEvent(
            type=event["type"],
            object_id=event["data"]["object"]["id"],
            payload=json.dumps(event),
        )
        if kind and kind.is_wanted(row):
            state = self._answer(asked, lambda: kind.retrieve(row))
            if state is not None:
                kind.record(state, row, timezone.now())


def _question(event: Told) -> tuple[str, ...]:
    """What is asked, and what else of an event makes a difference: that a refund had arrived, how a session's
    event is called."""
    if event is None:
        return ("page", "")
    told = event["data"]["object"]
    if told["object"] == "checkout.session":
        return ("session", told["id"], event["type"])
    arrived = told["object"] == "refund" and told.get("status") == "succeeded"
    return ("charge", told.get("charge") or told["id"], told["id"] if arrived else "")


@contextmanager
def put_back() -> Iterator[None]:
    """The database as it was before, at the end."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def without_network(double: StripeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's client asks the double in its own thread."""
    api = ApiHandler(double.world)

    def request(
        _self: Any, method: str, url: str, headers: Any, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        path, _, query = url.removeprefix(double.url).partition("?")
        answer = api.answer(method.upper(), path, post_data or query, headers)
        return json.dumps(answer.body).encode(), answer.status, answer.headers

    monkeypatch.setattr(PatientClient, "request", request)
    # In the client's module alone: another that is first imported meanwhile would keep this for good.
    at_once = SimpleNamespace(ask=lambda call: call(), NoAnswer=outside_calls.NoAnswer)
    monkeypatch.setattr(stripe_sdk, "outside_calls", at_once)


def keep_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements stay prepared. The driver gives them up at each rollback, also to a savepoint, for tables
    that would be others then: none is made here. And each savepoint's name is a statement of its own."""
    connection.ensure_connection()
    monkeypatch.setattr(PrepareManager, "_should_discard", lambda *_args: False)
    monkeypatch.setattr(connection.connection, "prepared_max", 2_000)


def open_order(brand: Brand, place: Any, treat: Treat) -> Order:
    """Amy stands on Stripe's page: an amount for Ben, a treat for Cleo."""
    brand.void_limit = 5_000
    brand.returns_as = Returns.CREDIT
    brand.save(update_fields=["void_limit", "returns_as"])
    order: Order = place(lines=[line(make_free_treat(brand), given=VALUE), line(treat, "Cleo")])
    checkout_session.open_page(order=order)
    return order


def ends_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [f"{key}: {one[key]} / {other[key]}" for key in one if one[key] != other[key]]


def shuffled(told: list[Told], rng: random.Random) -> list[Told]:
    """In any order, some of them again."""
    again = [each for each in told if rng.random() < 0.3]
    order = [*told, *again]
    rng.shuffle(order)
    return order
