"""How fast a batch of codes is issued, durable and exported to its file: `make bench-issue`.

The yardstick, in the same run: the very same rows, dumped beforehand, are COPYed into an empty twin of
the table (same indexes, same checks) by a client that does nothing but hand on bytes, in the fastest
format. The last line is for programs:

    issue: seconds=X copy_ratio=R peak_mb=X

    seconds     from the command's own function called to the batch committed and its file named.
                Goal: <= 10 for a million
    copy_ratio  our rows a second divided by those of the pure COPY. Goal: >= 0.6
    peak_mb     the most memory the issuing process ever held, Python and Django included (some 80)

COUNT=20000 in the environment makes it shorter.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from bench.redeem import machine

COUNT = int(os.environ.get("COUNT") or 1_000_000)
PIECE = 1 << 16
BINARY = "(FORMAT binary)"


def main() -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        assert cursor.fetchone() == ("on", "on"), "not durable: python -m sandbox run --durable"
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:  # /tmp may be memory
        file, rows = Path(folder) / "codes.txt", Path(folder) / "rows"
        with timed("issued") as ours:
            issue(file)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert file.read_bytes().count(b"\n") == COUNT
        dump(rows)
        with timed("copied") as pure:
            copy(rows)
    print(
        f"issue: seconds={ours[0]:.2f} copy_ratio={pure[0] / ours[0]:.2f} peak_mb={peak:.0f}",
        flush=True,
    )


def issue(file: Path) -> None:
    """The command's own function."""
    from brands.models import Brand
    from campaigns.batches.batch import Batch, write_to
    from core.ids import uuid7

    brand = Brand.objects.create(
        slug="bench", name="Bench", currency="USD", country="US", time_zone="UTC"
    )
    batch = Batch(brand=brand, count=COUNT, amount=500, campaign_id=uuid7())
    with scope(brand=brand):
        write_to(file, batch, now=timezone.now(), tell=lambda _done: None)


def dump(rows: Path) -> None:
    with connection.cursor() as cursor, rows.open("wb") as out:
        cursor.execute("SET statement_timeout TO 0")
        cursor.execute("CREATE TABLE twin (LIKE redemption_code INCLUDING ALL)")
        cursor.execute("ALTER TABLE twin SET (fillfactor = 85)")  # LIKE leaves that one out
        with cursor.copy(f"COPY redemption_code TO STDOUT {BINARY}") as pieces:
            for piece in pieces:
                out.write(piece)
        cursor.execute("SELECT count(*) FROM redemption_code")
        assert cursor.fetchone() == (COUNT,)
        cursor.execute("CHECKPOINT")


def copy(rows: Path) -> None:
    with connection.cursor() as cursor, rows.open("rb") as source:
        with cursor.copy(f"COPY twin FROM STDIN {BINARY}") as out:
            while piece := source.read(PIECE):
                out.write(piece)
        cursor.execute("SELECT count(*) FROM twin")
        assert cursor.fetchone() == (COUNT,)


@contextmanager
def timed(done: str) -> Iterator[list[float]]:
    """Seconds by the clock; says also how much processor time it took, here and in PostgreSQL."""
    seconds: list[float] = []
    server = machine.postmaster(os.environ["DATABASE_URL"])
    before = machine.cpu_seconds(os.getpid(), server)
    began = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - began)
    after = machine.cpu_seconds(os.getpid(), server)
    here, there = (then - now for then, now in zip(after, before, strict=True))
    print(
        f"{COUNT:,} rows {done} in {seconds[0]:.2f} s: {COUNT / seconds[0]:,.0f} a second;"
        f" processor time {here:.2f} s here, {there:.2f} s in PostgreSQL",
        file=sys.stderr,
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    main()
