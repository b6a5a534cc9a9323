"""Whatever people, Stripe and banks do to a payment, and in whatever order Stripe is heard: one end for each.

A history is a path of acts. Between two acts of people all that Stripe told is heard; when and in which
order must not matter, so each history is lived through twice: each event at once, and at random.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
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
SAMPLED = 60
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


class Walk:
    """Looks at histories from one open order on. `found` is what went wrong, `end` what came of
    the last."""

    def __init__(self, stage: Stage, seed: int, *, whole_every: int = 1) -> None:
        self.stage, self.rng, self.whole_every = stage, random.Random(seed), whole_every
        self.found: list[str] = []
        self.seen = 0
        self.acts: Counter[str] = Counter()
        self.end: dict[str, Any] = {}

    def all_from(self, acts: tuple[str, ...], run: Run, depth: int) -> None:
        """Every legal history that begins so, up to `depth` more acts. The database stands before `run`."""
        if acts:
            self.judge(acts, run)
        if depth == 0:
            return
        copy = self.stage.copy()
        for name in OF_STRIPE if acts else BUYER:
            since = self.stage.told()
            if self._tries(name):
                self.all_from((*acts, name), [*run, (since, self.stage.copy())], depth - 1)
            self.stage.put_back(copy)
        if acts:
            with put_back():
                self.hear_at_random(run)
                for name in OF_PEOPLE:
                    with put_back():
                        if self._lives(name):
                            self.all_from((*acts, name), [], depth - 1)
                    self.stage.put_back(copy)

    def sample(self, acts: tuple[str, ...], length: int) -> None:
        """One history at random that begins so, all of which was heard."""
        run: Run = []
        start = self.stage.copy()
        with put_back():
            while len(acts) < length:
                is_stripes = not acts or self.rng.random() < 0.65
                name = self.rng.choice(
                    BUYER if not acts else OF_STRIPE if is_stripes else OF_PEOPLE
                )
                since, copy = self.stage.told(), self.stage.copy()
                if is_stripes:
                    if self._tries(name):
                        run = [*run, (since, self.stage.copy())]
                        acts = (*acts, name)
                    else:
                        self.stage.put_back(copy)
                    continue
                self.hear_at_random(run)
                run = []
                if self._lives(name):
                    acts = (*acts, name)
                else:
                    self.stage.put_back(copy)
            self.judge(acts, run)
        self.stage.put_back(start)

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
            self.judge(acts, run)
        self.stage.put_back(start)

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

    def judge(self, acts: tuple[str, ...], run: Run) -> None:
        self.seen += 1
        self.acts.update(acts)
        copy = self.stage.copy()
        try:
            ends = []
            for hear in (self.hear_at_once, self.hear_at_random):
                with put_back():
                    hear(run)
                    outcome.check(self.stage, whole=self.seen % self.whole_every == 0)
                    self.end = outcome.end(self.stage)
                    ends.append(self.end)
                if not run:
                    break
            if len(ends) == 2 and (differ := ends_alike(*ends)):
                raise Faults("; ".join(differ))
        except Exception as fault:
            self.found.append(f"{' > '.join(acts)}: {type(fault).__name__} {fault}")
        self.stage.put_back(copy)

    def hear_at_once(self, run: Run) -> None:
        """Each event before Stripe goes on, in its order."""
        for since, copy in run:
            self.stage.put_back(copy)
            self.stage.hear(list(self.stage.events(since)))

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
    for _ in range(count // 4):
        walk.sample((), walk.rng.choice([3, 4]))
    walk.stage.act("pay")
    walk.stage.hear(walk.stage.events(0))
    for _ in range(count - count // 4):
        walk.sample(("pay",), walk.rng.choice([3, 4, 5]))


def test_sampled_histories_have_one_end(walk: Walk) -> None:
    walk.whole_every = 10
    sample(walk, SAMPLED)
    assert walk.found == []
    assert walk.seen == SAMPLED


@pytest.mark.stress
def test_two_thousand_sampled_histories_have_one_end(walk: Walk) -> None:
    sample(walk, 2_000)
    assert walk.found == []
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
    walk.all_from((), [], 4)
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
