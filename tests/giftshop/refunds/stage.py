"""One order of two gifts, the shop's database and Stripe's double: each can be put back to where it stood.

The shop speaks to the double in process, and hears its events when it is told to. The database goes
back by savepoints, the double by a copy of what it remembers. What is known to come of an event (known.py)
is passed over, and made up for as soon as something that is not known has to be done.
"""

import json
import pickle
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from brands.models import Brand, Returns
from giftshop.catalog.models import Treat
from giftshop.orders.models import Order
from giftshop.payments import checkout_session, event_types, settle
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import sessions
from redemption.audit.actors import Actor
from redemption.models import Device, StaffMember
from sandbox.stripe_double import StripeDouble
from tests.cast import line, make_free_treat
from tests.giftshop.refunds import outcome
from tests.giftshop.refunds.known import NAME, Key, Known, Names, plain
from tests.giftshop.refunds.of_people import OF_PEOPLE, People, is_there
from tests.giftshop.refunds.of_stripe import AtStripe, NotLegal
from tests.giftshop.refunds.outcome import Faults

VALUE = 1000
Told = dict[str, Any] | None
"""An event; None: the return page asks."""


@dataclass(frozen=True)
class Copy:
    """The double as it stood."""

    things: bytes
    due: list[Any]
    offset: float
    state: int


class Stage:
    """Where it all happens."""

    def __init__(
        self,
        double: StripeDouble,
        order: Order,
        device: Device,
        manager: StaffMember,
    ) -> None:
        self.double, self.order = double, order
        self.sure, self.again = 1.0, 1.0
        """How often, of 1, what is known is lived through, and has to come out as it is known; and what was
        heard just now is heard again."""
        self.is_sample = False
        """Whether acts need not all be tried wherever they are legal."""
        self.payment = Payment.objects.get(order=order)
        self.session = str(self.payment.session_id)
        self.at_stripe = AtStripe(double, self.session)
        self.people = People(double, order, device, Actor.staff(manager))
        self.rng = random.Random(0)
        self.known = Known()
        self.just_heard: dict[tuple[Any, ...], str] = {}
        self.states = count(1)
        self.state = 0
        """Which the double is in: whoever asks it twice is answered alike, and so is asked for once."""
        self.answers: dict[tuple[Any, ...], tuple[Any, str]] = {}
        self.balances: dict[int, int] = {}
        self.befores: list[str] = []
        """Savepoints of what will be put back, as soon as each is needed."""
        self.passed_over: list[tuple[int, Told]] = []
        self.caught_up = 0
        """How often they had to be made up for."""
        self.stands, self.written = outcome.look(order, self.payment)
        """All that counts of what is written down, once what was passed over is made up for."""

    # Put away and brought back

    def copy(self) -> Copy:
        world = self.double.world
        things = pickle.dumps(world.store._kinds)
        return Copy(things, list(world._due), world.offset, self.state)

    def put_back(self, copy: Copy) -> None:
        """The double."""
        world = self.double.world
        if copy.state != self.state:
            world.store._kinds = pickle.loads(copy.things)
            world._due[:], world.offset, self.state = copy.due, copy.offset, copy.state
        world.faults.reset()

    @contextmanager
    def shop_put_back(self) -> Iterator[None]:
        """The database, at the end, and what is known of it. No statement where nothing is written."""
        was = self.stands, self.written, list(self.passed_over)
        self.befores.append("")
        try:
            yield
        finally:
            if before := self.befores.pop():
                transaction.savepoint_rollback(before)
            self.stands, self.written, self.passed_over = was

    def _before_it_writes(self) -> None:
        """One savepoint for all from whose beginning on nothing was written."""
        if not self.befores or self.befores[-1]:
            return
        before = transaction.savepoint()
        for at in reversed(range(len(self.befores))):
            if self.befores[at]:
                break
            self.befores[at] = before

    # What happens

    def refuses(self, name: str) -> bool:
        """Whether this act of people is about nothing that is there, or known to be refused here."""
        if not is_there(name, outcome.end_of(self.stands)):
            return True
        return self._place(name) in self.known.refused and self.rng.random() >= self.sure

    def act(self, name: str) -> None:
        """Raises NotLegal, and has changed nothing of the shop then. Of people's acts: see refuses()."""
        if name not in OF_PEOPLE:  # the shop does not hear of it yet
            self._at_stripe(lambda: self.at_stripe.act(name))
            return
        self.catch_up()
        self._before_it_writes()
        place = self._place(name)
        try:
            self._at_stripe(lambda: self.people.act(name))
        except NotLegal:
            self.known.refused.add(place)
            raise
        self.stands, self.written = outcome.look(self.order, self.payment)

    def _at_stripe(self, act: Callable[[], None]) -> None:
        """After which the double may be another."""
        self.double.advance(2)
        self.state = next(self.states)
        act()

    def _place(self, name: str) -> Key:
        """All that an act can be refused for; of a sample what it mostly is, and less often tried in vain."""
        what = outcome.in_short if self.is_sample else outcome.without_past
        return (name, plain(what(self.stands)))

    # What the shop hears

    def told(self) -> int:
        return len(self.double.world.store._kinds.get("event", ()))

    def events(self, since: int) -> list[Told]:
        """What Stripe told since it had told so many, oldest first, of what is acted on."""
        told = list(self.double.world.store.newest("event"))[::-1]
        return [each for each in told[since:] if event_types.find(each["type"])]

    def hear(self, told: list[Told], *, all_of_it: bool = True) -> None:
        """As a worker reads them; what comes before its payment waits. None: the return page."""
        for _ in range(2):
            late = []
            for event in told:
                try:
                    self._hear(event)
                except event_types.WaitsForPayment:
                    late.append(event)
            told = late
        if told and all_of_it:
            raise Faults("an event waits for ever")

    def _hear(self, event: Told) -> None:
        """Raises WaitsForPayment."""
        answer, words = self._answer(event)
        if answer is None:
            return
        question = (self.state, *_question(event, answer))
        if self.just_heard.get(question) == self.stands and self.rng.random() >= self.again:
            return
        names = Names(words, self.stands)
        place = tuple(map(names.plain, (*question[1:], words, self.stands)))
        self._hear_at(place, names, event, answer)
        self.just_heard[question] = self.stands

    def _hear_at(self, place: Key, names: Names, event: Told, answer: Any) -> None:
        is_known = place in self.known.after
        if is_known and self.rng.random() >= self.sure:
            after = self.known.after[place]
            if after is None:
                raise event_types.WaitsForPayment
            own = names.own(after)
            if own != self.stands:
                self.passed_over.append((self.state, event))
                self.stands, self.written = own, ""
            return
        self.catch_up()
        try:
            self._read(event, answer)
        except event_types.WaitsForPayment:
            self.known.after[place] = None
            raise
        seen = outcome.look(self.order, self.payment)
        after = names.plain(seen.text)
        if is_known and after != self.known.after[place]:
            raise Faults(f"known to come out otherwise: {self.known.after[place]} / {after}")
        if seen.text == self.stands and self.written not in {"", seen.written}:
            raise Faults("nothing was new in it, and something was written")
        if not NAME.search(after):  # all of it is told by the place
            self.known.after[place] = after
        self.stands, self.written = seen

    def catch_up(self) -> None:
        """Nothing is passed over any more."""
        state, passed_over, self.passed_over = self.state, self.passed_over, []
        self.caught_up += bool(passed_over)
        for self.state, event in passed_over:
            self._read(event, self._answer(event)[0])
        self.state = state

    def _answer(self, event: Told) -> tuple[Any, str]:
        """Stripe's, as the double is now, and in words."""
        key = (self.state, *_question(event)[:2])
        if key not in self.answers:
            answer = self._ask(event)
            words = json.dumps(asdict(answer), default=_as_text) if answer is not None else ""
            self.answers[key] = answer, words
        return self.answers[key]

    def _ask(self, event: Told) -> Any:
        if event is None:
            return sessions.retrieve(self.session)
        kind = event_types.find(event["type"])
        row = _row(event)
        return kind.retrieve(row) if kind and kind.is_wanted(row) else None

    def _read(self, event: Told, answer: Any) -> None:
        self._before_it_writes()
        if event is None:
            settle.record(session=answer, now=timezone.now())
        elif kind := event_types.find(event["type"]):
            kind.record(answer, _row(event), timezone.now())

    # What came of it

    def balance(self) -> int:
        """Of this order at Stripe, by the double: minor units."""
        if self.state not in self.balances:
            moved = self.double.totals("order_id", [str(self.order.pk)])
            self.balances[self.state] = moved["usd"].net if moved else 0
        return self.balances[self.state]

    def judge(self, *, whole: bool) -> dict[str, Any]:
        """How it ends. Raises Faults. `whole`: the ledger is verified, too."""
        end = outcome.judge(self.stands, self.balance())
        place = plain(self.stands)
        if whole or place not in self.known.owed:
            self.catch_up()
            self.known.owed[place] = outcome.prove(self.stands, self.payment, whole=whole)
        return {**end, "owed": self.known.owed[place]}


def _question(event: Told, answer: Any = None) -> tuple[str, ...]:
    """What is asked, and what else of an event makes a difference: that a refund had arrived of which Stripe
    says so no more, how a session's event is called."""
    if event is None:
        return ("page", "", "")
    told = event["data"]["object"]
    if told["object"] == "checkout.session":
        return ("session", told["id"], event["type"])
    arrived = told["object"] == "refund" and told.get("status") == "succeeded"
    if arrived and answer is not None:
        known = {each.id: each.status for each in answer.refunds}
        arrived = known.get(told["id"]) != "succeeded"
    return ("charge", told.get("charge") or told["id"], told["id"] if arrived else "")


def _row(event: dict[str, Any]) -> StripeEvent:
    key = event["data"]["object"]["id"]
    return StripeEvent(type=event["type"], object_id=key, payload=json.dumps(event))


def _as_text(value: datetime) -> str:
    return value.isoformat()


def open_order(brand: Brand, place: Any, treat: Treat, **off: Any) -> Order:
    """Amy stands on Stripe's page: an amount for Ben, a treat for Cleo. `off`: its offer and discount."""
    brand.void_limit = 5_000
    brand.returns_as = Returns.CREDIT
    brand.save(update_fields=["void_limit", "returns_as"])
    lines = [line(make_free_treat(brand), given=VALUE), line(treat, "Cleo")]
    order: Order = place(lines=lines, **off)
    checkout_session.open_page(order=order)
    return order
