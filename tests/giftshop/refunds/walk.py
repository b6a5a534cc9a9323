"""A walk through histories.

A history is a path of acts. Between two acts of people all that Stripe told is heard; when and in which
order must not matter, so each history is lived through twice: each event at once, and at random.
"""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.giftshop.refunds import outcome
from tests.giftshop.refunds.outcome import Faults
from tests.giftshop.refunds.stage import (
    OF_PEOPLE,
    OF_STRIPE,
    Copy,
    NotLegal,
    Stage,
    Told,
    ends_alike,
    put_back,
    shuffled,
)

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
                    ends[further.acts] = self._heard(self.stage.events(since))
                    self._run(further, depth - 1, some, OF_STRIPE, nodes, ends)
            self.stage.put_back(node.copy)

    def _heard(self, told: list[Told]) -> dict[str, Any] | Exception:
        try:
            self.stage.hear(told, again=False)
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
                self.stage.hear(self.stage.events(since))
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
        """None or some of them while Stripe goes on, the rest after, in any order, and the return page."""
        waiting: list[Told] = []
        meanwhile = self.rng.choice([0, 0.4])
        for since, copy in run:
            self.stage.put_back(copy)
            waiting += self.stage.events(since)
            if copy is not run[-1][1] and self.rng.random() < meanwhile:
                now = [each for each in waiting if self.rng.random() < 0.6]
                self.stage.hear(now, all_of_it=False)
        if run:
            self.stage.hear(shuffled([*waiting, None], self.rng))
