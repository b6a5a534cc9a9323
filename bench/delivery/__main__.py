"""How fast gift mails leave, beside a bare connection: `make bench-delivery`.

COUNT gifts (400), each with its own recipient, code and words, are due at once. WORKERS processes (2) send
them over SMTP to a mail server that only takes. Then the very same bytes go to the same server over one
connection that does nothing else: once as smtplib's `sendmail` sends them, and once as bytes that were made
ready for the wire before. ROUNDS times (3), in turn; the best of each counts. After that DUE gifts (100,000)
are due at once and it is timed until WORKERS processes hold them all. The last line is for programs:

    delivery: product=N bare=N ratio=X ready=N ready_ratio=X cpu_ms=X bare_cpu_ms=X cpu_ratio=X app_ms=X
              pg_ms=X sink_ms=X claim_s=X leased_s=X lease_cpu_s=X

    product, bare   mails a second by the clock
    ratio           product / bare. Goal: >= 0.6
    ready           mails a second of the connection that is given bytes made ready before
    app_ms, pg_ms   CPU-ms of the workers and of their PostgreSQL connections for each mail
    sink_ms         CPU-ms of the mail server for each of the product's mails
    cpu_ms          the three together, the least of the rounds
    bare_cpu_ms     of the bare connection and its mail server
    cpu_ratio       bare_cpu_ms / cpu_ms: other work on the machine moves it less than the clock
    claim_s         until a worker holds its first gifts of 100,000
    leased_s        until all 100,000 are held, by the clock. Goal: <= 2
    lease_cpu_s     CPU-s of the workers and their PostgreSQL connections for that
"""

import os
import re
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from bench.delivery.sink import mails_in
from bench.redeem import machine

COUNT = int(os.environ.get("COUNT") or 400)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
WORKERS = int(os.environ.get("WORKERS") or 2)
DUE = int(os.environ.get("DUE") or 100_000)
PER_ORDER = 20


def main() -> None:
    call_command("migrate", verbosity=0)
    shop, best = Shop(), Best()
    for number in range(ROUNDS):
        shop.sell(COUNT)
        best.add(play(number + 1))
    leased = lease_all(shop)
    cpu, bare_cpu = sum(best.least["cpu"]), sum(best.least["bare_cpu"])
    product, bare, ready = (best.most[name] for name in ("product", "bare", "ready"))
    app, pg, sunk = best.least["cpu"]
    print(
        f"delivery: product={product:.0f} bare={bare:.0f} ratio={product / bare:.2f} ready={ready:.0f}"
        f" ready_ratio={product / ready:.2f} cpu_ms={cpu:.2f} bare_cpu_ms={bare_cpu:.2f}"
        f" cpu_ratio={bare_cpu / cpu:.2f} app_ms={app:.2f} pg_ms={pg:.2f} sink_ms={sunk:.2f}"
        f" claim_s={leased.first:.3f} leased_s={leased.seconds:.2f} lease_cpu_s={leased.cpu:.2f}",
        flush=True,
    )


@dataclass
class Round:
    """Mails a second, and CPU-ms for each."""

    rates: dict[str, float]
    cpu: dict[str, tuple[float, ...]]


class Best:
    """Of all rounds."""

    def __init__(self) -> None:
        self.most: dict[str, float] = {}
        self.least: dict[str, tuple[float, ...]] = {}

    def add(self, played: Round) -> None:
        for name, rate in played.rates.items():
            self.most[name] = max(rate, self.most.get(name, 0.0))
        for name, used in played.cpu.items():
            self.least[name] = min(used, self.least.get(name, used), key=sum)


def play(number: int) -> Round:
    """The product, then the two connections."""
    with sink() as (port, kept, pid):
        [before] = machine.cpu_seconds(pid)
        product, (app, pg) = send_by_product(port)
        [after] = machine.cpu_seconds(pid)
        mails = mails_in(kept)
        judge(mails)
        plain = [re.sub(rb"(?m)^\.\.", b".", mail) for mail in mails]
        bare, bare_cpu = send_bare(port, pid, plain, smtplib_sends)
        ready, _ = send_bare(port, pid, mails, ready_sends)
    sunk = 1000 * (after - before) / COUNT
    print(
        f"round {number}: product {product:.0f} a second by {app + pg + sunk:.2f} CPU-ms a mail,"
        f" bare {bare:.0f} by {sum(bare_cpu):.2f}, ready {ready:.0f}",
        flush=True,
    )
    return Round(
        {"product": product, "bare": bare, "ready": ready},
        {"cpu": (app, pg, sunk), "bare_cpu": bare_cpu},
    )


class Shop:
    """One brand, two treats, and orders of twenty gifts."""

    def __init__(self) -> None:
        from tests import cast

        with scopes_disabled():
            self.brand = cast.make_brand("frosty-spoon")
            cast.make_store(self.brand, "pike-street")
            self.treats = [cast.make_treat(self.brand, slug) for slug in ("scoop", "shake")]
        self.orders = 0

    def sell(self, count: int) -> None:
        """So many gifts that are due now, and nothing else that waits."""
        from giftshop.orders.checkout import place_order
        from giftshop.outbox.models import Message
        from tests import cast

        for _ in range(count // PER_ORDER):
            self.orders += 1
            with scope(brand=self.brand):
                treat = self.treats[self.orders % 2]
                names = [f"Ben{self.orders}x{number}" for number in range(PER_ORDER)]
                order = place_order(
                    brand=self.brand,
                    key=f"order-{self.orders}",
                    lines=[
                        cast.line(treat, name, message=f"Enjoy this, {name}!") for name in names
                    ],
                    sender_name="Amy",
                    sender_email="amy@senders.example",
                )
                cast.pay(order)
        Message.objects.filter(done_at=None).exclude(subscriber="delivery.gift").delete()
        analyze()


@contextmanager
def sink() -> Iterator[tuple[int, Path, int]]:
    """Its port, the file of what it took, and its process."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "mails"
        command = [sys.executable, "-m", "bench.delivery.sink", str(kept)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout  # nosec B101
            try:
                yield int(process.stdout.readline().split()[1]), kept, process.pid
            finally:
                process.terminate()


def send_by_product(port: int) -> tuple[float, tuple[float, float]]:
    """Mails a second, from the word to begin until the last worker has nothing left to do, and CPU-ms of
    workers and of PostgreSQL for each. Every worker has sent one before."""
    with workers("send", EMAIL_URL=f"smtp://127.0.0.1:{port}") as (first, go):
        seconds, told = go()
    done, app, pg = (sum(column) for column in zip(*told, strict=True))
    if first + done != COUNT:
        raise SystemExit(f"{first + done:.0f} of {COUNT} mails were sent")
    return done / seconds, (1000 * app / done, 1000 * pg / done)


Go = Callable[[], tuple[float, list[list[float]]]]
"""Gives the word to begin, and waits for all: seconds, and of each what it did and used."""


@contextmanager
def workers(task: str, **environment: str) -> Iterator[tuple[float, Go]]:
    """Processes that wait for the word, and how much they did before it."""
    command = [sys.executable, "-m", "bench.delivery.worker", task]
    with ExitStack() as stack:
        started = []
        for _ in range(WORKERS):
            process = subprocess.Popen(
                command,
                env={**os.environ, "EMAIL_WEBHOOK_SECRET": "", **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)

        def hear() -> list[list[float]]:
            lines = [process.stdout.readline() for process in started if process.stdout]
            return [[float(word) for word in line.split()[1:]] for line in lines]

        def go() -> tuple[float, list[list[float]]]:
            began = time.monotonic()
            for process in started:
                assert process.stdin  # nosec B101
                process.stdin.write("go\n")
                process.stdin.flush()
            told = hear()
            return time.monotonic() - began, told

        yield sum(each[0] for each in hear()), go


def judge(mails: list[bytes]) -> None:
    """Each gift's mail came once, whole, and no two are alike."""
    ids = {found[1] for mail in mails if (found := re.search(rb"\r\nMessage-ID: (\S+)", mail))}
    if (
        len(ids) != len(mails)
        or len(mails) != COUNT
        or not all(b"qr.png" in mail for mail in mails)
    ):
        raise SystemExit("the mails that came are not those that were due")


Sends = Callable[[smtplib.SMTP, bytes], object]


def smtplib_sends(connection: smtplib.SMTP, mail: bytes) -> object:
    return connection.sendmail("gifts@example.com", ["ben@friends.example"], mail)


def ready_sends(connection: smtplib.SMTP, mail: bytes) -> object:
    """Dots are doubled already."""
    connection.mail("gifts@example.com")
    connection.rcpt("ben@friends.example")
    connection.docmd("data")
    connection.send(mail + b".\r\n")
    return connection.getreply()


def send_bare(
    port: int, sink_pid: int, mails: list[bytes], send: Sends
) -> tuple[float, tuple[float, float]]:
    """Mails a second over one connection, and CPU-ms of this side and of the mail server for each."""
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.ehlo()
        [before], own, began = machine.cpu_seconds(sink_pid), time.process_time(), time.monotonic()
        for mail in mails:
            send(line, mail)
        seconds, own = time.monotonic() - began, time.process_time() - own
        [after] = machine.cpu_seconds(sink_pid)
    count = len(mails)
    return count / seconds, (1000 * own / count, 1000 * (after - before) / count)


def analyze() -> None:
    """As PostgreSQL does by itself within a minute; until then it plans as if these tables were empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@dataclass
class Leased:
    first: float
    """Seconds until the slowest worker held its first group."""
    seconds: float
    cpu: float


def lease_all(shop: Shop) -> Leased:
    """While DUE gifts are due."""
    from core.ids import uuid7
    from giftshop.outbox.models import Message

    now = timezone.now()
    Message.objects.bulk_create(
        (
            Message(
                topic="gift.ready",
                subscriber="delivery.gift",
                brand_id=shop.brand.pk,
                payload={"gift_id": str(uuid7())},
                occurred_at=now,
                available_at=now,
            )
            for _ in range(DUE)
        ),
        batch_size=5000,
    )
    analyze()
    with workers("lease") as (_, go):
        seconds, told = go()
    held, first, app, pg = zip(*told, strict=True)
    if sum(held) != DUE or Message.objects.filter(done_at=None, leased_until=None).exists():
        raise SystemExit(f"{sum(held):.0f} of {DUE} gifts were leased")
    return Leased(max(first), seconds, sum(app) + sum(pg))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    main()
