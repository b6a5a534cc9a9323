"""One turn: a stack is driven for some seconds while the CPU time of all who take part is read."""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from bench.redeem import machine
from bench.redeem.driver import Orders, Result
from bench.redeem.servers import Server
from tests.server import ROOT

STEP = 7_368_787
"""A prime: codes are shown from all over the table, each once."""
MOST_PER_SECOND = 8000
"""Requests are made beforehand; a turn ends early if a stack is faster than that."""


@dataclass
class Table:
    """Codes in one database, number base to base + total - 1, and how many of them were shown."""

    url: str
    total: int
    tokens: dict[str, list[str]]
    share: int
    """How many one turn may use up."""
    base: int = 0
    shown: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)

    def orders(
        self, stack: str, port: int, connections: int, seconds: float, most: int | None = None
    ) -> Orders:
        """For one turn, with codes that were not shown before."""
        return Orders(
            port=port,
            tokens=self.tokens[stack],
            connections=connections,
            seconds=seconds,
            first=self.shown,
            most=min(
                self.total - self.shown,
                most or min(self.share, int(seconds * MOST_PER_SECOND)),
            ),
            step=STEP,
            total=self.total,
            base=self.base,
            key=stack,
        )


@dataclass(frozen=True)
class Turn:
    """One measurement: figures for one redemption, in milliseconds."""

    stack: str
    connections: int
    per_second: float
    waited: list[float]
    app: float
    pg: float
    driver: float
    noise: float
    """Share of the machine used by others, 0 to 1."""

    @property
    def cpu(self) -> float:
        return self.app + self.pg


def take_turn(
    server: Server, table: Table, *, connections: int, seconds: float, most: int | None = None
) -> Turn:
    """Drive it. Raises when any answer was not 201."""
    server.wait()
    stack = server.stack
    orders = table.orders(stack, server.port, connections, seconds, most)
    if orders.most < connections:
        raise RuntimeError(f"only {orders.most} of {table.total} codes are left: load more (CODES)")
    with subprocess.Popen(
        [sys.executable, "-m", "bench.redeem.driver"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as driver:
        assert driver.stdin
        assert driver.stdout

        def tell(words: str) -> None:
            assert driver.stdin
            print(words, file=driver.stdin, flush=True)

        tell(json.dumps(asdict(orders)))
        assert driver.stdout.readline() == "ready\n"
        roots = (server.pid, machine.postmaster(table.url), driver.pid, os.getpid())
        before, busy, started = (
            machine.cpu_seconds(*roots),
            machine.busy_seconds(),
            time.monotonic(),
        )
        tell("go")
        said = driver.stdout.readline()
        if not said:
            raise RuntimeError(f"{server.stack} did not answer; its log:\n{server.last_words()}")
        result = Result(**json.loads(said))
        elapsed = time.monotonic() - started
        busy = machine.busy_seconds() - busy
        app, pg, asking, all_ours = (
            now - then for then, now in zip(before, machine.cpu_seconds(*roots), strict=True)
        )
        tell("thanks")
    table.shown += result.asked
    table.acknowledged[stack] += result.answered
    if result.wrong:
        raise RuntimeError(
            f"{server.stack} answered:\n{result.wrong}\nits log:\n{server.last_words()}"
        )
    each = 1000 / result.answered
    return Turn(
        stack=stack,
        connections=connections,
        per_second=result.answered / result.seconds,
        waited=[microseconds / 1000 for microseconds in result.microseconds],
        app=app * each,
        pg=pg * each,
        driver=asking * each,
        noise=max(0.0, (busy - all_ours - pg) / (elapsed * (os.cpu_count() or 1))),
    )


def median(turns: list[Turn], figure: Callable[[Turn], float]) -> float:
    return statistics.median(figure(turn) for turn in turns)


def percentiles(turns: list[Turn]) -> tuple[float, float, float]:
    """p50, p95 and p99 of waiting, each the median over the turns."""
    p50, p95, p99 = (
        statistics.median(percentile(sorted(turn.waited), share) for turn in turns)
        for share in (0.50, 0.95, 0.99)
    )
    return p50, p95, p99


def percentile(waited: list[float], share: float) -> float:
    """Of sorted figures: that share of them is not above it."""
    return waited[math.ceil(share * len(waited)) - 1]
