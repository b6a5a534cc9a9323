"""How fast gift mails leave, beside a bare connection: `make bench-delivery`.

COUNT gifts (400), each with its own recipient, code and words, are due at once. WORKERS processes (2) send
them over SMTP to a mail server that only takes. Then one bare connection (smtplib, nothing else) sends the
very same bytes to the same server. ROUNDS times (3), the best of each counts. After that DUE gifts (100,000)
are due at once, and it is timed how long a worker waits for its first group of them. The last line is for
programs:

    delivery: product=N bare=N ratio=X cpu_ms=X app_ms=X pg_ms=X claim_s=X

    product, bare   mails a second
    ratio           product / bare. Goal: >= 0.6
    app_ms, pg_ms   CPU-ms of a worker and of its PostgreSQL connection for each mail, the least of the rounds
    cpu_ms          both together
    claim_s         until a worker holds its first gifts of 100,000. Goal: <= 2
"""

import math
import os
import re
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from bench.delivery.sink import mails_in

COUNT = int(os.environ.get("COUNT") or 400)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
WORKERS = int(os.environ.get("WORKERS") or 2)
DUE = int(os.environ.get("DUE") or 100_000)
PER_ORDER = 20


def main() -> None:
    call_command("migrate", verbosity=0)
    shop = Shop()
    product = bare = 0.0
    cpu = (math.inf, math.inf)
    for number in range(ROUNDS):
        shop.sell(COUNT)
        with sink() as (port, kept):
            rate, used = send_by_product(port)
            product, cpu = max(product, rate), min(cpu, used, key=sum)
            mails = mails_in(kept)
            judge(mails)
            alone = COUNT / send_bare(port, mails)
            bare = max(bare, alone)
        print(
            f"round {number + 1}: product {rate:.0f} a second by {sum(used):.2f} CPU-ms a mail,"
            f" bare {alone:.0f}",
            flush=True,
        )
    claim = claim_seconds(shop)
    print(
        f"delivery: product={product:.0f} bare={bare:.0f} ratio={product / bare:.2f} cpu_ms={sum(cpu):.2f}"
        f" app_ms={cpu[0]:.2f} pg_ms={cpu[1]:.2f} claim_s={claim:.3f}",
        flush=True,
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


@contextmanager
def sink() -> Iterator[tuple[int, Path]]:
    """Its port, and the file of what it took."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "mails"
        command = [sys.executable, "-m", "bench.delivery.sink", str(kept)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout  # nosec B101
            try:
                yield int(process.stdout.readline().split()[1]), kept
            finally:
                process.terminate()


def send_by_product(port: int) -> tuple[float, tuple[float, float]]:
    """Mails a second, from the word to begin until the last worker has nothing left to do, and CPU-ms of
    workers and of PostgreSQL for each. Every worker has sent one before."""
    environment = {
        **os.environ,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "EMAIL_WEBHOOK_SECRET": "",
    }
    command = [sys.executable, "-m", "bench.delivery.worker"]
    workers = [
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(WORKERS)
    ]
    try:
        first = sum(int(worker.stdout.readline().split()[1]) for worker in workers if worker.stdout)
        began = time.monotonic()
        for worker in workers:
            assert worker.stdin  # nosec B101
            worker.stdin.write("go\n")
            worker.stdin.flush()
        told = [worker.stdout.readline().split()[1:] for worker in workers if worker.stdout]
        seconds = time.monotonic() - began
        done, app, pg = (sum(float(each[number]) for each in told) for number in range(3))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    if first + done != COUNT:
        raise SystemExit(f"{first + done:.0f} of {COUNT} mails were sent")
    return done / seconds, (1000 * app / done, 1000 * pg / done)


def judge(mails: list[bytes]) -> None:
    """Each gift's mail came once, whole, and no two are alike."""
    ids = {found[1] for mail in mails if (found := re.search(rb"\r\nMessage-ID: (\S+)", mail))}
    if (
        len(ids) != len(mails)
        or len(mails) != COUNT
        or not all(b"qr.png" in mail for mail in mails)
    ):
        raise SystemExit("the mails that came are not those that were due")


def send_bare(port: int, mails: list[bytes]) -> float:
    """Seconds for the same bytes over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.ehlo()
        began = time.monotonic()
        for mail in mails:
            connection.mail("gifts@example.com")
            connection.rcpt("ben@friends.example")
            connection.putcmd("data")
            connection.getreply()
            connection.send(mail + b".\r\n")
            connection.getreply()
        return time.monotonic() - began


def claim_seconds(shop: Shop) -> float:
    """The slowest of a few workers that ask for their first group while DUE gifts are due."""
    from core.ids import uuid7
    from giftshop.outbox import relay
    from giftshop.outbox.models import Message
    from giftshop.outbox.outbox import Queue

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
    slowest = 0.0
    for _ in range(5):
        began = time.monotonic()
        held = relay.claim(now=timezone.now(), queue=Queue.MAIL)
        slowest = max(slowest, time.monotonic() - began)
        if len(held) != relay.GROUP:
            raise SystemExit("a worker got no whole group")
    return slowest


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    main()
