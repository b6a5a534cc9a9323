"""Whatever people, Stripe and banks do to a payment, and in whatever order Stripe is heard: one end for each.

A history is a path of acts. Between two acts of people all that Stripe told is heard; when and in which
order must not matter, so each history is lived through twice: each event at once, and at random.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.payments import event_types
from giftshop.payments.models import StripeEvent
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.refunds import subscribers
from giftshop.refunds.charge import read_refunds
from redemption.ledger import stripe_lines
from redemption.models import Account, Device, StaffMember
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
from tests.figures import Figure
from tests.giftshop.refunds import outcome
from tests.giftshop.refunds.stage import (
    BUYER,
    OF_PEOPLE,
    OF_STRIPE,
    Copy,
    Faults,
    NotLegal,
    Stage,
    Told,
    ends_alike,
    open_order,
    put_back,
    shuffled,
    without_network,
)

SEED = 20261129
SAMPLED = 2_000
pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def quiet_double(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    with StripeDouble(now=int(time.time())) as double:
        settings.STRIPE_API_BASE = double.url
        settings.STRIPE_SECRET_KEY = "sk_test_payments"
        without_network(double, monkeypatch)
        stripe_sdk.client.cache_clear()
        yield double
    stripe_sdk.client.cache_clear()


Run = list[tuple[int, Copy]]
"""Acts of Stripe that nobody heard of: how many events there were before, and the double after."""
Once = dict[tuple[str, ...], dict[str, Any] | Exception]
"""How histories end, or fail, each of whose events was heard at once."""


@dataclass(frozen=True)
class Node:
    """Where a run of Stripe's acts stands, and all acts until there."""

    acts: tuple[str, ...]
    run: Run
    copy: Copy


class Walk:
    """Looks at histories from one open order on. `found` is what went wrong, `end` what came of
    the last.

    Histories that begin alike share their beginning: they are a tree, walked depth first. From where all was
    heard, a run of Stripe's acts is lived through with each event heard at once, act by act; then, after all
    of it, with the events heard at random, and people act on what came of that.
    """

    def __init__(self, stage: Stage, seed: int, *, whole_every: int = 1) -> None:
        self.stage, self.rng, self.whole_every = stage, random.Random(seed), whole_every
        self.found: list[str] = []
        self.seen, self.most = 0, 10**9
        self.acts: Counter[str] = Counter()
        self.end: dict[str, Any] = {}

    def tree(
        self,
        acts: tuple[str, ...],
        depth: int,
        *,
        some: int = 10**9,
        of_stripe: tuple[str, ...] = OF_STRIPE,
    ) -> None:
        """Legal histories that begin so, with up to `depth` more acts: all, or at each place `some` acts of
        Stripe's and half as many of people's, at random. All was heard so far."""
        nodes: list[Node] = []
        ends: Once = {}
        start = self.stage.copy()
        with put_back():
            self._run(Node(acts, [], start), depth, some, of_stripe, nodes, ends)
        for node in nodes:
            if self.seen >= self.most:
                break
            with put_back():
                self.stage.put_back(node.copy)
                if node.run:
                    self._compare(node, ends)
                if len(node.acts) - len(acts) < depth and node.acts:
                    self._people(node, depth - len(node.acts) + len(acts), some)
        self.stage.put_back(start)

    def _run(
        self,
        node: Node,
        depth: int,
        some: int,
        of_stripe: tuple[str, ...],
        nodes: list[Node],
        ends: Once,
    ) -> None:
        """Stripe's acts from here on, each event heard at once."""
        nodes.append(node)
        if depth == 0:
            return
        left = some
        names = self.stage.legal(of_stripe)
        for name in self.rng.sample(names, len(names)):
            if left == 0:
                break
            since = self.stage.told()
            if self._tries(name):
                left -= 1
                copy = self.stage.copy()
                further = Node((*node.acts, name), [*node.run, (since, copy)], copy)
                with put_back():
                    ends[further.acts] = self._heard(further, [*self.stage.events(since)])
                    self._run(further, depth - 1, some, OF_STRIPE, nodes, ends)
            self.stage.put_back(node.copy)

    def _heard(self, node: Node, told: list[Told]) -> dict[str, Any] | Exception:
        try:
            self.stage.hear(told)
            return outcome.judge(self.stage, whole=False)
        except Exception as fault:
            return fault

    def _compare(self, node: Node, ends: Once) -> None:
        """The same history heard at random ends as the one heard at once. What was heard stays."""
        once = ends[node.acts]
        try:
            if isinstance(once, Exception):
                raise once
            self.hear_at_random(node.run)
            self.end = self._judge()
            if differ := ends_alike(once, self.end):
                raise Faults("; ".join(differ))
        except Exception as fault:
            self._note(node.acts, fault)
        self._count(node.acts)

    def _people(self, node: Node, depth: int, some: int) -> None:
        """What people do once all of the run was heard."""
        left = max(1, some // 2)
        names = self.stage.legal(OF_PEOPLE)
        for name in self.rng.sample(names, len(names)):
            if left == 0 or self.seen >= self.most:
                break
            acts = (*node.acts, name)
            with put_back():
                if self._lives(name):
                    left -= 1
                    self._look_at(acts)
                    if depth > 1:
                        self.tree(acts, depth - 1, some=some)
            self.stage.put_back(node.copy)

    def _look_at(self, acts: tuple[str, ...]) -> None:
        try:
            self.end = self._judge()
        except Exception as fault:
            self._note(acts, fault)
        self._count(acts)

    def _judge(self) -> dict[str, Any]:
        return outcome.judge(self.stage, whole=self.seen % self.whole_every == 0)

    def _note(self, acts: tuple[str, ...], fault: Exception) -> None:
        self.found.append(f"{' > '.join(acts)}: {type(fault).__name__} {fault}")

    def _count(self, acts: tuple[str, ...]) -> None:
        self.seen += 1
        self.acts.update(acts)

    def live(self, *acts: str) -> None:
        """This history, which is legal."""
        run: Run = []
        start = self.stage.copy()
        with put_back():
            for name in acts:
                since = self.stage.told()
                if name in OF_PEOPLE:
                    self.hear_at_random(run)
                    run = []
                    assert self._lives(name), name
                else:
                    assert self._tries(name), name
                    run = [*run, (since, self.stage.copy())]
            if run:
                end = Node(acts, run, run[-1][1])
                with put_back():
                    once = self._at_once(run)
                self._compare(end, {acts: once})
            else:
                self._look_at(acts)
        self.stage.put_back(start)

    def _at_once(self, run: Run) -> dict[str, Any] | Exception:
        """Each event before Stripe goes on, in its order."""
        try:
            for since, copy in run:
                self.stage.put_back(copy)
                self.stage.hear(list(self.stage.events(since)))
            return outcome.judge(self.stage, whole=False)
        except Exception as fault:
            return fault

    def _tries(self, name: str) -> bool:
        try:
            self.stage.act(name)
        except NotLegal:
            return False
        return True

    def _lives(self, name: str) -> bool:
        """An act of people, and what Stripe tells of it."""
        since = self.stage.told()
        if not self._tries(name):
            return False
        self.stage.hear(shuffled(self.stage.events(since), self.rng))
        return True

    def hear_at_random(self, run: Run) -> None:
        """Some of them while Stripe goes on, the rest after, in any order, and the return page."""
        waiting: list[Told] = []
        for since, copy in run:
            self.stage.put_back(copy)
            waiting += self.stage.events(since)
            if copy is not run[-1][1]:
                now = [each for each in waiting if self.rng.random() < 0.25]
                self.stage.hear(now, all_of_it=False)
        if run:
            self.stage.hear(shuffled([*waiting, None], self.rng))


@pytest.fixture
def stage(
    quiet_double: StripeDouble,
    brand: Brand,
    place: Place,
    treat: Treat,
    device: Device,
    manager: StaffMember,
) -> Stage:
    order = open_order(brand, place, treat)
    return Stage(quiet_double, order, device, manager)


@pytest.fixture
def walk(stage: Stage) -> Walk:
    return Walk(stage, SEED)


def sample(walk: Walk, count: int) -> None:
    """A quarter from the payment page on, the others from there where the payment was heard of."""
    walk.most = count // 4
    while walk.seen < walk.most:
        walk.tree((), walk.rng.choice([3, 4]), some=2, of_stripe=BUYER)
    walk.stage.act("pay")
    walk.stage.hear(walk.stage.events(0))
    walk.most = count
    while walk.seen < walk.most:
        walk.tree(("pay",), walk.rng.choice([2, 3, 4]), some=3)


def test_two_thousand_sampled_histories_have_one_end(walk: Walk) -> None:
    walk.whole_every = 50
    sample(walk, SAMPLED)
    assert walk.found == []
    assert walk.seen == SAMPLED
    assert walk.acts.keys() == {*BUYER, *OF_STRIPE, *OF_PEOPLE}


@pytest.mark.stress
@pytest.mark.parametrize("scheduled", [False, True])
def test_all_histories_of_up_to_four_acts_have_one_end(
    walk: Walk, scheduled: bool, figure: Figure
) -> None:
    if scheduled:
        walk.stage.order.gifts.filter(position=2).update(
            deliver_at=timezone.now() + timedelta(days=1)
        )
    walk.whole_every = 50
    walk.tree((), 4, of_stripe=BUYER)
    assert walk.found == []
    figure(
        "I27",
        f"every legal history of up to four acts{', one gift scheduled' if scheduled else ''},"
        f" Stripe heard at once and at random, seed {SEED}",
        size=f"{walk.seen:,} histories",
        result="one end each, books as Stripe's balance",
    )


GOOD, GONE = [("active", 1000), ("active", 650)], [("voided", 0), ("voided", 0)]


@pytest.mark.parametrize(
    ("acts", "gifts"),
    [
        # Stripe's charge no longer names a review that is over.
        ("pay > review > approve", GOOD),
        # Two parts that never were away at once are not the whole.
        ("pay > refund-part > fail > refund-rest", GONE),
        # Which gifts a lost part was for is said once; what Stripe repeats changes nothing.
        ("pay > dispute-part > lost > lost-item > warn", [("active", 1000), ("voided", 0)]),
        # The bank gave the money back before a dispute began: the gifts are not good again.
        ("pay > resolution", GONE),
        ("pay > block", GOOD),
        # Asked for, and sent back in Stripe's dashboard before we sent it.
        ("pay > ask-item-later > refund-rest > send", GONE),
        # Said which gift the refund was for, no more is left than the bank took.
        (
            "pay > redeem-some > refund-part > dispute-part > lost > choose-item",
            GONE,
        ),
    ],
)
def test_a_history_that_went_wrong_once(
    walk: Walk, acts: str, gifts: list[tuple[str, int]]
) -> None:
    walk.live(*acts.split(" > "))
    assert walk.found == []
    assert walk.end["gifts"] == gifts
    assert Account.GOODWILL_EXPENSE not in walk.end["books"]


def trust_the_event(state: Any, event: StripeEvent, now: datetime) -> None:
    """What must not be done: believe an event that is old by now."""
    told = json.loads(event.payload)["data"]["object"]
    refunds = (
        replace(each, status=told["status"], gone_at=None) if each.id == told["id"] else each
        for each in state.refunds
    )
    subscribers.record(replace(state, refunds=tuple(refunds)), event, now)


def book_again(**line: Any) -> bool:
    """What must not be done: forget that the line was booked."""
    known = line.pop("line")
    return stripe_lines.post_line(line=replace(known, id=f"{known.id}-{uuid4()}"), **line)


@pytest.mark.parametrize("fault", ["trust", "twice"])
def test_a_planted_fault_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    if fault == "trust":
        for name in subscribers.TYPES:
            kind = replace(event_types._kinds[name], record=trust_the_event)
            monkeypatch.setitem(event_types._kinds, name, kind)
    else:
        monkeypatch.setattr(read_refunds, "post_line", book_again)
    for _ in range(3):
        walk.live("pay", "refund-rest-pending", "succeed", "fail")
    assert walk.found
