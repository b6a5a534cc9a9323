"""`python -m bench.redeem`, in an environment that the product could run in."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import bench.redeem
from bench.redeem import databases, report
from bench.redeem.measure import Table, Turn, take_turn
from bench.redeem.profile import profile
from bench.redeem.servers import DEPLOYED, Server, running
from tests.server import ROOT

STACKS = ("product",)
CONNECTIONS = (1, 8, 32)
MAIN = 8
WARM_UP = 32


def main() -> None:
    options = arguments()
    with (
        tempfile.TemporaryDirectory(prefix="bench-redeem-") as folder,
        databases.databases("bench_redeem", "bench_redeem_small") as (url, small_url),
    ):
        logs = Path(folder)
        table, _small = prepare(url, small_url, options.codes)
        print(f"PostgreSQL: {databases.settings(url)}; {os.cpu_count()} processors")
        if options.profile:
            profile(table, logs)
        elif options.server:
            compare(options, table, logs)
        else:
            measure(options, table, logs)


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m bench.redeem",
        description=bench.redeem.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    given = os.environ.get
    words.add_argument("--codes", type=int, default=int(given("CODES", "1000000")))
    words.add_argument("--seconds", type=float, default=float(given("SECONDS", "4")))
    words.add_argument("--rounds", type=int, default=int(given("ROUNDS", "5")))
    words.add_argument("--profile", action="store_true", help="where the product's time goes")
    words.add_argument(
        "--server", action="append", help=f"compare servers: {DEPLOYED} (as deployed), gunicorn:2x4"
    )
    return words.parse_args()


def prepare(url: str, small_url: str, codes: int) -> tuple[Table, Table]:
    """Two migrated databases of one shop: all codes in one, 10 thousand in the other."""
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "giftshop.settings"
    databases.create(url)
    manage("migrate", "--verbosity=0")
    import django
    from django.db import connections

    django.setup()
    from bench.redeem import load

    shop = load.open_shop(STACKS)
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]
    rate = load.load(url, shop, 0, codes)
    print(f"{codes} codes loaded, {rate:.0f} a second")
    return Table(url, codes, shop.tokens), Table(small_url, 0, shop.tokens)


def manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


def measure(options: argparse.Namespace, table: Table, logs: Path) -> None:
    """Every stack in turns."""
    turns: list[Turn] = []
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(running(name, table.url, logs)) for name in STACKS]
        warm_up(servers, table, options)
        for connections in (MAIN, *(n for n in CONNECTIONS if n != MAIN)):
            for _round in range(options.rounds):
                turns += [
                    take_turn(server, table, connections=connections, seconds=options.seconds)
                    for server in servers
                ]
    report.table(turns)


def compare(options: argparse.Namespace, table: Table, logs: Path) -> None:
    """The product on several web servers, in turns."""
    turns: dict[str, list[Turn]] = {name: [] for name in options.server}
    with contextlib.ExitStack() as stack:
        servers = {
            name: stack.enter_context(running("product", table.url, logs, name)) for name in turns
        }
        warm_up(list(servers.values()), table, options)
        for _round in range(options.rounds):
            for name, server in servers.items():
                turns[name].append(
                    take_turn(server, table, connections=MAIN, seconds=options.seconds)
                )
    report.servers(turns)


def warm_up(servers: list[Server], table: Table, options: argparse.Namespace) -> None:
    """Until every thread has its connection and its prepared statements; then what PostgreSQL knows
    of the tables is brought up to date, so that no plan made for an empty one lives on."""
    for server in servers:
        take_turn(server, table, connections=WARM_UP, seconds=min(2, options.seconds))
    databases.analyze(table.url)


if __name__ == "__main__":
    main()
