"""A walk through histories.

A history is a path of acts. Between two acts of people all that Stripe told is heard; when and in which
order must not matter, so each history is lived through twice: each event at once, and at random.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.giftshop.refunds.of_people import OF_PEOPLE
from tests.giftshop.refunds.of_stripe import OF_STRIPE, NotLegal
from tests.giftshop.refunds.outcome import Faults
from tests.giftshop.refunds.stage import Copy, Stage, Told

Run = list[tuple[int, Copy]]
"""Acts of Stripe that nobody heard of: how many events there were before, and the double after."""
ALL = (*OF_STRIPE, *OF_PEOPLE)
NO_END = 10**9


class Node(NamedTuple):
    """Where a run of Stripe's acts stands, all acts until there, and how many may follow."""

    acts: tuple[str, ...]
    run: Run
    copy: Copy
    depth: int


@dataclass(frozen=True)
class End:
    """Of a history each of whose events was heard at once; or what failed."""

    stands: str
    told: Mapping[str, Any] | Exception


class Walk:
    """Looks at histories from one open order on. `found` is what went wrong, `end` what came of
    the last.

    Histories that begin alike share their beginning: they are a tree, walked depth first. From where all was
    heard, a run of Stripe's acts is lived through with each event heard at once, act by act, and people act
    on what came of that; then, after all of it, with the events heard at random. Where that comes out
    otherwise, though it ends alike, people act on it, too.
    """

    def __init__(self, stage: Stage, seed: int, *, whole_every: int = 1) -> None:
        self.stage, self.rng, self.whole_every = stage, random.Random(seed), whole_every
        self.found: list[str] = []
        self.seen, self.most, self.waiting = 0, NO_END, 0
        """Histories that were looked at; how many shall be; and those to be heard at random yet."""
        self.looked_at: set[tuple[str, ...]] = set()
        self.acts: Counter[str] = Counter()
        self.end: Mapping[str, Any] = {}

    def tree(
        self,
        acts: tuple[str, ...],
        depth: int,
        *,
        some: int = NO_END,
        first: tuple[str, ...] = ALL,
    ) -> None:
        """Legal histories that begin so, with up to `depth` more acts: all, or at each place `some` acts of
        Stripe's and half as many of people's, at random. `first`: the next act is one of these. All was heard
        so far. What was looked at before comes last, and is no history more."""
        nodes: list[Node] = []
        ends: dict[tuple[str, ...], End] = {}
        start = Node(acts, [], self.stage.copy(), depth)
        with self._put_back(start.copy):
            self._go_on(start, some, first, nodes, ends)
        for node in nodes:
            self.waiting -= 1
            with self._put_back(node.copy):
                self._compare(node, ends[node.acts])
                if self.stage.stands != ends[node.acts].stands:
                    self._go_on(node, some, OF_PEOPLE, nodes, ends)
        self.stage.put_back(start.copy)

    @contextmanager
    def begun(self, *acts: str) -> Iterator[None]:
        """What begins so, and all was heard."""
        with self._put_back(self.stage.copy()):
            for name in acts:
                assert self._lives(name), name
            self.stage.catch_up()  # once for all that follows
            yield

    @contextmanager
    def _put_back(self, copy: Copy) -> Iterator[None]:
        with self.stage.shop_put_back():
            yield
        self.stage.put_back(copy)

    def _go_on(
        self,
        node: Node,
        some: int,
        names: tuple[str, ...],
        nodes: list[Node],
        ends: dict[tuple[str, ...], End],
    ) -> None:
        """Where all was heard."""
        left = {"stripe": some, "people": max(1, some // 2)} if node.depth else {}
        legal = self.stage.at_stripe.legal(names)
        caught_up = self.stage.caught_up
        legal = self.rng.sample(legal, len(legal))
        legal.sort(key=lambda name: (*node.acts, name) in self.looked_at)
        for name in legal:
            if self.stage.caught_up > caught_up:  # one has needed it, and the next will
                self.stage.catch_up()
            who = "people" if name in OF_PEOPLE else "stripe"
            if not left.get(who) or self.seen + self.waiting >= self.most:
                continue
            if who == "people":
                left[who] -= self._person(node, name, some)
            else:
                left[who] -= self._stripe(node, name, some, nodes, ends)

    def _stripe(
        self,
        node: Node,
        name: str,
        some: int,
        nodes: list[Node],
        ends: dict[tuple[str, ...], End],
    ) -> bool:
        """Whether it is legal."""
        since = self.stage.told()
        is_legal = self._tries(name)
        if is_legal:
            copy = self.stage.copy()
            further = Node((*node.acts, name), [*node.run, (since, copy)], copy, node.depth - 1)
            if further.acts not in self.looked_at:
                nodes.append(further)
                self.waiting += 1
            with self.stage.shop_put_back():
                ends[further.acts] = self._heard(self.stage.events(since))
                self._go_on(further, some, ALL, nodes, ends)
        self.stage.put_back(node.copy)
        return is_legal

    def _heard(self, told: list[Told]) -> End:
        """Each event while it is the newest."""
        try:
            self.stage.hear(told)
            return End(self.stage.stands, self.stage.judge(whole=False))
        except Exception as fault:
            return End("", fault)

    def _compare(self, node: Node, once: End) -> None:
        """The same history heard at random ends as the one heard at once. What was heard stays."""
        try:
            if isinstance(once.told, Exception):
                raise once.told
            self.hear_at_random(node.run, is_paying="pay" in node.acts[-len(node.run) :])
            self.end = self._judge()
            if differ := [key for key in self.end if self.end[key] != once.told[key]]:
                words = (f"{key}: {once.told[key]} / {self.end[key]}" for key in differ)
                raise Faults("; ".join(words))
        except Exception as fault:
            self._note(node.acts, fault)
        self._count(node.acts)

    def _person(self, node: Node, name: str, some: int) -> bool:
        """What somebody does once all was heard, and what follows. Whether it is legal."""
        if self.stage.refuses(name):
            return False
        self.stage.catch_up()
        acts = (*node.acts, name)
        is_legal = True
        with self._put_back(node.copy):
            try:
                is_legal = self._lives(name)
                if is_legal and acts not in self.looked_at:
                    self.end = self._judge()
            except Exception as fault:
                self._note(acts, fault)
            if is_legal:
                if acts not in self.looked_at:
                    self._count(acts)
                if node.depth > 1:
                    self.tree(acts, node.depth - 1, some=some)
        return is_legal

    def _judge(self) -> dict[str, Any]:
        return self.stage.judge(whole=self.seen % self.whole_every == 0)

    def _note(self, acts: tuple[str, ...], fault: Exception) -> None:
        self.found.append(f"{' > '.join(acts)}: {type(fault).__name__} {fault}")

    def _count(self, acts: tuple[str, ...]) -> None:
        self.seen += 1
        self.looked_at.add(acts)
        self.acts.update(acts)

    def live(self, *acts: str) -> None:
        """This history, which is legal."""
        run: Run = []
        start = self.stage.copy()
        with self._put_back(start):
            for at, name in enumerate(acts):
                since = self.stage.told()
                if name in OF_PEOPLE:
                    self.hear_at_random(run, is_paying="pay" in acts[at - len(run) : at])
                    run = []
                    assert self._lives(name), name
                else:
                    assert self._tries(name), name
                    run = [*run, (since, self.stage.copy())]
            if run:
                with self.stage.shop_put_back():
                    once = self._at_once(run)
                self._compare(Node(acts, run, run[-1][1], 0), once)
            else:
                self.end = self._judge()
                self._count(acts)

    def _at_once(self, run: Run) -> End:
        """Each event before Stripe goes on, in its order."""
        end = End(self.stage.stands, {})
        for since, copy in run:
            self.stage.put_back(copy)
            end = self._heard(self.stage.events(since))
            if isinstance(end.told, Exception):
                break
        return end

    def _tries(self, name: str) -> bool:
        try:
            self.stage.act(name)
        except NotLegal:
            return False
        return True

    def _lives(self, name: str) -> bool:
        """An act, and what Stripe tells of it."""
        since = self.stage.told()
        if not self._tries(name):
            return False
        self.stage.hear(self._shuffled(self.stage.events(since)))
        return True

    def hear_at_random(self, run: Run, *, is_paying: bool) -> None:
        """None or some of them while Stripe goes on, the rest after, in any order. The return page asks, too:
        always about a payment that was not heard of."""
        waiting: list[Told] = []
        meanwhile = self.rng.choice([0, 0.4])
        for since, copy in run:
            self.stage.put_back(copy)
            waiting += self.stage.events(since)
            if copy is not run[-1][1] and self.rng.random() < meanwhile:
                now = [each for each in waiting if self.rng.random() < 0.6]
                self.stage.hear(now, all_of_it=False)
        page = [None] if is_paying or self.rng.random() < self.stage.again else []
        if run:
            self.stage.hear(self._shuffled([*waiting, *page]))

    def _shuffled(self, told: list[Told]) -> list[Told]:
        """In any order, some of them again."""
        again = [each for each in told if self.rng.random() < 0.3]
        order = [*told, *again]
        self.rng.shuffle(order)
        return order
