"""`python -m bench.redeem`, in an environment that the product could run in."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import cast

import bench.redeem
from bench.redeem import books, databases, load, report
from bench.redeem.measure import Table
from bench.redeem.plan import FEW, STACKS, Plan, few_and_many, in_turns, on_servers
from bench.redeem.profile import profile
from bench.redeem.servers import DEPLOYED
from sandbox.processes.signals import leave_on
from tests.server import ROOT

FLOOR_SQL = Path(__file__).with_name("floor.sql")


def main() -> None:
    leave_on(signal.SIGTERM)  # clear up first
    options = arguments()
    plan = Plan(options.codes, options.seconds, options.rounds, max(options.many, options.codes))
    with (
        tempfile.TemporaryDirectory(prefix="bench-redeem-") as folder,
        databases.databases("bench_redeem", "bench_redeem_few") as (url, few_url),
    ):
        logs = Path(folder)
        shop = prepare(url, few_url)
        rate = load.load(url, shop, 0, plan.codes)
        print(f"{plan.codes} codes loaded, {rate:.0f} a second")
        print(f"PostgreSQL: {databases.settings(url)}; {os.cpu_count()} processors")
        table = Table(url, plan.codes, shop.tokens, plan.share)
        if options.profile:
            profile(table)
        elif options.server:
            report.servers(on_servers(plan, table, logs, options.server))
        else:
            turns = in_turns(plan, table, logs)
            report.table(turns)
            print()
            books.agree(table)
            manage("verify_ledger")
            load.load(few_url, shop, 0, FEW)
            few = Table(few_url, FEW, shop.tokens, plan.share)
            flat = few_and_many(plan, few, table, shop, logs)
            report.flat(flat, FEW, plan.many)
            report.last_line(turns, flat)


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
    words.add_argument("--many", type=int, default=int(given("BENCH_FLAT", "0")))
    words.add_argument("--profile", action="store_true", help="where the product's time goes")
    words.add_argument(
        "--server", action="append", help=f"compare servers: {DEPLOYED} (as deployed), gunicorn:2x4"
    )
    return words.parse_args()


def prepare(url: str, few_url: str) -> load.Shop:
    """Two databases of the same shop, and Django ready to work in the first."""
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "giftshop.settings"
    databases.create(url)
    manage("migrate", "--verbosity=0")
    databases.execute(url, FLOOR_SQL.read_text())
    import django

    django.setup()
    from django.db import connection

    from giftshop.postgresql.base import DatabaseWrapper

    shop = load.open_shop(STACKS)
    connection.close()
    cast(DatabaseWrapper, connection).close_pool()
    databases.create(few_url, template=url)
    return shop


def manage(*words: str) -> None:
    """Run a command of the product's. Raises with the end of what it said when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed: ...{(done.stdout + done.stderr)[-2000:]}")
    print(done.stdout, end="")


if __name__ == "__main__":
    main()
