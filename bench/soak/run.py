"""One run, from the first sender to the last line."""

import sys
import time
from collections.abc import Iterable
from contextlib import nullcontext

import psutil

from bench.soak import books, faults, judge, measures, schedule
from bench.soak.client import GaveUp
from bench.soak.demo_copy import DemoCopy
from bench.soak.faults import Fault
from bench.soak.people import People
from bench.soak.record import Record

SAY_SECONDS = 10.0
BREATH_SECONDS = 2.0
"""Between two faults."""
BOOT_SHARE = 3.0
"""On a slow machine a service may take that many times as long to come back as it took to start."""


class Run:
    """Told how long, does it, and knows in the end what was wrong."""

    def __init__(self, demo: DemoCopy, minutes: float, *, calm: bool = False) -> None:
        """`calm`: nothing goes wrong."""
        self.demo, self.minutes, self.calm = demo, minutes, calm
        self.record = Record()
        self.people = People(demo, self.record)
        self.watch = measures.Watch(demo.folder)
        self.plan = schedule.of(minutes)
        self.lost: list[str] = []
        self.first_half: list[measures.Held] = []
        self.began = time.monotonic()
        self.said_at = 0.0

    def do(self) -> list[str]:
        """All of it; what was wrong, in words."""
        self.people.settle()
        self.began = time.monotonic()
        self.watch.start()
        self._work("warming up", self.plan.warm, faults.EARLY)
        self.before = self._rest("first rest", self.plan.pause)
        self._work("at work", self.plan.work, faults.LATE)
        if self.plan.long_pause:
            self._rest("long rest", self.plan.long_pause)
            self._work("at work again", self.plan.more_work)
        self.after = self._rest("last rest", self.plan.last)
        return self._verdict()

    def _verdict(self) -> list[str]:
        self.watch.over.set()
        self._say("once more all at once, then the books", now=True)
        self.people.leave()
        try:
            self.people.rush()
            self.lost = books.lost(self.demo, self.record)
        except GaveUp as error:
            self.record.tell(f"after the last rest the product did not come back: {error}")
        return [
            *self.record.failures,
            *self.record.errors,
            *self.lost,
            *judge.findings(self.before, self.after, self.watch.seen, self.first_half),
            *books.verify(self.demo),
        ]

    def line(self) -> str:
        """The last line."""
        before, after = judge.sessions(self.before), judge.sessions(self.after)
        return (
            f"soak: minutes={self.minutes:g} requests={self.record.requests}"
            f" errors={len(self.record.errors)} p99_ms={self.record.p99 * 1000:.0f}"
            f" lost={len(self.lost)} rss_growth={judge.growth(self.before, self.after):.1f}"
            f" connections={before}/{after}"
        )

    def _work(self, what: str, seconds: float, troubles: Iterable[Fault] = ()) -> None:
        """A burst, with faults one after the other; it lasts until the last of them is over."""
        ends = time.monotonic() + seconds
        self.people.open()
        self._wait(what, min(ends, time.monotonic() + BREATH_SECONDS * 2))
        for number, fault in enumerate(() if self.calm else troubles):
            if number == len(faults.LATE) // 2:
                self.first_half = list(self.watch.seen)
            self._suffer(fault)
            self._wait(what, time.monotonic() + BREATH_SECONDS)
        self._wait(what, ends)
        try:
            self.people.close()
        except GaveUp as error:
            self.record.tell(f"rush hour: {error}")

    def _suffer(self, fault: Fault) -> None:
        """Do it, and wait until the product serves again."""
        allowed = max(fault.seconds, BOOT_SHARE * self.demo.boot_seconds)
        before = {kind: len(each) for kind, each in measures.processes(self.demo.folder).items()}
        try:
            with self.record.window(allowed) if fault.excuses else nullcontext():
                fallen = fault.act(self.demo)
                began = time.monotonic()
                self._await_processes(fallen, before, began + allowed)
                self.people.serve(until=began + allowed)
            served = time.monotonic() - began
            mailed = self.people.mail(seconds=allowed)
        except (GaveUp, RuntimeError) as error:
            self.record.tell(f"{fault.name}: {error}")
            self._say(f"{fault.name}: {error}", now=True)
            return
        said = f"back after {served:.1f} s, a gift's way to its mail: {mailed:.1f} s"
        self._say(f"{fault.name}: {said}", now=True)

    def _await_processes(
        self, fallen: list[psutil.Process], before: dict[str, int], deadline: float
    ) -> None:
        """Until those that must end have ended, and every kind has as many as before. Raises
        RuntimeError."""
        while wrong := [*measures.alive(fallen), *self._missing(before)]:
            if time.monotonic() > deadline:
                raise RuntimeError(", ".join(wrong))
            time.sleep(0.2)

    def _missing(self, before: dict[str, int]) -> list[str]:
        now = measures.processes(self.demo.folder)
        moving = {"session", *measures.PASSING}
        return [
            f"{kind} did not come back"
            for kind, n in before.items()
            if kind not in moving and len(now.get(kind, [])) < n
        ]

    def _rest(self, what: str, seconds: float) -> measures.Rest:
        self._wait(what, time.monotonic() + seconds)
        rest = measures.at_rest(self.demo.folder)
        print(measures.told(rest), flush=True, file=sys.stderr)
        return rest

    def _wait(self, what: str, until: float) -> None:
        while time.monotonic() < until:
            self._say(what)
            time.sleep(min(0.5, max(0.0, until - time.monotonic())))

    def _say(self, what: str, *, now: bool = False) -> None:
        """A line every ten seconds."""
        if not now and time.monotonic() - self.said_at < SAY_SECONDS:
            return
        self.said_at = time.monotonic()
        did = ", ".join(f"{n} {word}" for word, n in sorted(self.record.did.items()))
        print(
            f"{self.said_at - self.began:5.0f} s  {what}  [{self.record.requests} requests,"
            f" {self.record.excused} excused, {len(self.record.errors)} errors; {did}]",
            flush=True,
            file=sys.stderr,
        )
