"""The parts of a day: drive them, wait until what follows is done, and read how long it took."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from bench.day.patience import left_seconds
from bench.day.services import PARTS, Services
from bench.redeem import machine
from bench.redeem.driver import Result
from bench.redeem.measure import Table, percentile
from tests.server import ROOT

CONNECTIONS = 32

WAITING = "SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND available_at <= now()"
STUCK = """
SELECT subscriber, left(error, 200), attempts, leased_until > now(), count(*)
  FROM outbox_message WHERE done_at IS NULL AND available_at <= now() GROUP BY 1, 2, 3, 4
"""
UNFINISHED = "SELECT count(*) FROM payments_stripeevent WHERE processed_at IS NULL"
LAGS = """
SELECT extract(epoch FROM done_at - occurred_at)::float FROM outbox_message
 WHERE topic = 'code.redeemed' AND occurred_at >= to_timestamp(%s) AND done_at IS NOT NULL
"""
LAST_DONE = """
SELECT extract(epoch FROM max(done_at))::float FROM outbox_message
 WHERE topic = 'code.redeemed' AND occurred_at >= to_timestamp(%s)
"""
FOLLOWED = """
SELECT (SELECT count(*) FROM campaigns_fact WHERE topic = 'code.redeemed'
           AND occurred_at >= to_timestamp(%(at)s)),
       (SELECT count(*) FROM outbox_message WHERE topic = 'code.redeemed'
           AND occurred_at >= to_timestamp(%(at)s) AND done_at IS NULL),
       (SELECT coalesce(sum(redeemed), 0) FROM campaigns_rollup WHERE grain = 'brand')
         - (SELECT coalesce(sum(quantity), 0) FROM campaigns_fact
             WHERE topic IN ('code.redeemed', 'redemption.reversed'))
"""
PAID = "SELECT id FROM orders_order WHERE state = 'paid'"
LETTERS = """
SELECT g.order_id, 'gift-' || g.id FROM orders_gift g WHERE g.order_id = ANY(%s)
"""


class Helper:
    """A load generator: told what to do, it says ready, begins at go, and answers."""

    def __init__(self, module: str, told: object, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._tell(json.dumps(told))
        if self._hear() != "ready":
            raise RuntimeError(f"{module} did not get ready")

    def go(self) -> None:
        self._tell("go")

    def answer(self) -> Any:
        return json.loads(self._hear())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _tell(self, words: str) -> None:
        assert self.process.stdin
        print(words, file=self.process.stdin, flush=True)

    def _hear(self) -> str:
        assert self.process.stdout
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError("a load generator ended before it had answered")
        return said.strip()


@dataclass
class Tilled:
    """What came of redemptions at a steady rate."""

    acknowledged: int
    per_second: float
    """Redemptions that were followed to the end, until the last of them was."""
    waited: list[float]
    """Milliseconds that tills waited, sorted."""
    lags: list[float]
    """Seconds until the dashboard shows it, sorted."""
    cpu: dict[str, float]
    """CPU milliseconds a redemption, by process of the product and of the bench."""
    noise: float
    lost: int
    late: int
    """Asked for too late, or not followed in time."""

    @property
    def cpu_ms(self) -> float:
        return sum(self.cpu[part] for part in PARTS)


def till(services: Services, table: Table, *, rate: float, seconds: float) -> Tilled:
    """Redeem at that rate. Raises when a till was not answered with 201."""
    most = max(1, int(rate * seconds))
    told = asdict(table.orders("product", services.port, CONNECTIONS, seconds, most))
    tills = Helper("bench.day.tills", told, services.environment)
    try:
        before, busy, began = services.cpu_seconds(), machine.busy_seconds(), time.time()
        asking = machine.cpu_seconds(tills.process.pid)[0]
        tills.go()
        result = Result(**tills.answer())
        asking = machine.cpu_seconds(tills.process.pid)[0] - asking
    finally:
        tills.end()
    table.shown += most
    if result.wrong:
        raise RuntimeError(f"a till was answered:\n{result.wrong}")
    wait_until_done(services, seconds)
    after, busy = services.cpu_seconds(), machine.busy_seconds() - busy
    took = time.time() - began
    each = 1000 / max(1, result.answered)
    cpu = {part: (after[part] - before[part]) * each for part in after}
    ours = (sum(cpu.values()) / each) + asking
    return _followed(
        services,
        began,
        most,
        result,
        {**cpu, "tills": asking * each},
        max(0.0, (busy - ours) / (took * (os.cpu_count() or 1))),
    )


def _followed(
    services: Services, began: float, most: int, result: Result, cpu: dict[str, float], noise: float
) -> Tilled:
    with psycopg.connect(services.url) as connection:
        lags = sorted(lag for (lag,) in connection.execute(LAGS, [began]))
        last = connection.execute(LAST_DONE, [began]).fetchone()
        row = connection.execute(FOLLOWED, {"at": began}).fetchone()
    assert row
    facts, waiting, astray = map(int, row)
    if astray:
        raise RuntimeError(f"the brand's sums and its facts differ by {astray} redemptions")
    until = last[0] if last and last[0] else began + 1
    return Tilled(
        acknowledged=result.answered,
        per_second=len(lags) / max(0.001, until - began),
        waited=sorted(microseconds / 1000 for microseconds in result.microseconds),
        lags=lags or [float("nan")],
        cpu=cpu,
        noise=noise,
        lost=max(0, result.answered - facts - waiting),
        late=waiting + most - result.answered,
    )


def wait_until_done(services: Services, seconds: float) -> None:
    """Until nothing waits, or as long as that is given."""
    ends = time.monotonic() + left_seconds(seconds)
    with psycopg.connect(services.url, autocommit=True) as connection:
        while time.monotonic() < ends:
            found = [connection.execute(each).fetchone() for each in (WAITING, UNFINISHED)]
            if not any(row and row[0] for row in found):
                return
            time.sleep(0.25)
        for row in connection.execute(STUCK):
            print("still waiting: subscriber, error, attempts, held, how many:", *row, flush=True)


@dataclass
class Sold:
    """What came of orders at a steady rate."""

    orders: int
    per_second: float
    to_code: list[float] = field(default_factory=list)
    """Seconds from Pay to the issued code, sorted; without the orders that have none."""
    to_mail: list[float] = field(default_factory=list)
    """Seconds from Pay to the last letter, gift and receipt, sorted."""
    lost: int = 0
    late: int = 0


class Watch(threading.Thread):
    """Notes when each order is seen to be paid, which is one commit with its codes."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.ending, self.seen = url, threading.Event(), dict[str, float]()

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.ending.wait(0.1):
                for (order,) in connection.execute(PAID):
                    self.seen.setdefault(str(order), time.time())


def sell(services: Services, brand_id: UUID, *, rate: float, seconds: float) -> Sold:
    """Have orders placed and paid at that rate."""
    count = max(1, int(rate * seconds))
    told = {"brand_id": str(brand_id), "count": count, "seconds": seconds, "key": "bench"}
    senders = Helper("bench.day.senders", told, services.environment)
    watch = Watch(services.url)
    watch.start()
    try:
        began = time.monotonic()
        senders.go()
        paid: dict[str, float] = dict(senders.answer())
        per_second = len(paid) / (time.monotonic() - began)
        wait_until_done(services, seconds)
        letters = wait_for_letters(services, watch, list(paid))
    finally:
        senders.end()
        watch.ending.set()
    sold = Sold(orders=len(paid), per_second=per_second)
    with psycopg.connect(services.url) as connection:
        waiting = sum(
            row[0] for each in (WAITING, UNFINISHED) if (row := connection.execute(each).fetchone())
        )
    for order, at in paid.items():
        if order in watch.seen:
            sold.to_code.append(watch.seen[order] - at)
        if order in letters:
            sold.to_mail.append(letters[order] - at)
    missing = len(paid) - len(sold.to_mail)
    sold.lost, sold.late = (0, missing) if waiting else (missing, 0)
    sold.late += count - len(paid)
    sold.to_code.sort()
    sold.to_mail.sort()
    return sold


def wait_for_letters(services: Services, watch: Watch, orders: list[str]) -> dict[str, float]:
    """When both letters of each order had come. The mailbox and the watch note the last a moment after all is
    done."""
    with psycopg.connect(services.url) as connection:
        gifts = {str(order): name for order, name in connection.execute(LETTERS, [orders])}
    ends = time.monotonic() + left_seconds(0)
    while True:
        arrived = arrivals(services)
        both = {
            order: max(arrived[gift], arrived[f"receipt-{order}"])
            for order, gift in gifts.items()
            if {gift, f"receipt-{order}"} <= arrived.keys()
        }
        noted = both.keys() >= set(orders) <= watch.seen.keys()
        if noted or time.monotonic() > ends:
            return both
        time.sleep(0.1)


def arrivals(services: Services) -> dict[str, float]:
    """When each letter first came: by gift-<id> or receipt-<order>."""
    found: dict[str, float] = {}
    for line in services.mails.read_text().splitlines() if services.mails.exists() else []:
        at, message_id = line.split(maxsplit=1)
        found.setdefault(message_id.strip("<>").rpartition("-v")[0], float(at))
    return found


def p(share: float, figures: list[float]) -> float:
    """That share of the sorted figures is not above it; nan where there are none."""
    return percentile(figures, share) if figures else float("nan")
