"""`python -m bench.day`, in an environment that the product could run in."""

import argparse
import math
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from uuid import UUID

import bench.day
from bench.day.parts import Sold, Tilled, p, sell, till
from bench.day.services import IDIOMATIC, PARTS, Services, running_services
from bench.redeem import databases, load
from bench.redeem.__main__ import manage
from bench.redeem.measure import Table
from sandbox.processes.signals import leave_on


def main() -> None:
    leave_on(signal.SIGTERM)  # clear up first
    options = arguments()
    with (
        tempfile.TemporaryDirectory(prefix="bench-day-") as folder,
        databases.databases("bench_day", "bench_day_idiomatic") as (url, idiomatic_url),
    ):
        brand_id, table, plain = prepare(url, idiomatic_url, options)
        print(f"PostgreSQL: {databases.settings(url)}; {os.cpu_count()} processors", flush=True)
        with running_services(url, Path(folder)) as services:
            tilled = till(services, table, rate=options.rate, seconds=options.seconds)
            report_till("product", tilled)
            sold = sell_and_redeem(services, brand_id, table, options)
            report_sale(sold)
        idiomatic_ms = math.nan
        if options.idiomatic:
            with running_services(idiomatic_url, Path(folder), IDIOMATIC) as services:
                idiom = till(services, plain, rate=options.rate / 40, seconds=options.seconds / 4)
                report_till("idiomatic", idiom)
                idiomatic_ms = idiom.cpu_ms
    last_line(tilled, idiomatic_ms, sold)
    late = tilled.late + sold.late
    if late:
        print(f"not sustained: {late} were not followed to the end in time", file=sys.stderr)
    sys.exit(bool(late or tilled.lost or sold.lost))


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m bench.day",
        description=bench.day.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    given = os.environ.get
    words.add_argument("--seconds", type=float, default=float(given("SECONDS", "120")))
    words.add_argument("--rate", type=float, default=float(given("RATE", "400")))
    words.add_argument("--orders", type=float, default=float(given("ORDERS", "20")))
    words.add_argument(
        "--idiomatic",
        type=int,
        default=int(given("IDIOMATIC", "1")),
        help="0 leaves the yardstick out",
    )
    words.add_argument(
        "--migrated",
        default=given("MIGRATED", "template0"),
        help="a database to begin with a copy of, instead of an empty one; what it lacks is migrated",
    )
    return words.parse_args()


def prepare(url: str, idiomatic_url: str, options: argparse.Namespace) -> tuple[UUID, Table, Table]:
    """Two databases of one shop with as many codes as will be shown."""
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "giftshop.settings"
    databases.create(url, template=options.migrated)
    manage("migrate", "--verbosity=0")
    import django

    django.setup()
    from django.db import connection

    shop = load.open_shop(("product",))
    connection.close()
    connection.close_pool()
    codes = int(options.rate * options.seconds * 1.25) + 1000
    load.load(url, shop, 0, codes)
    databases.create(idiomatic_url, template=url)
    tables = [Table(each, codes, shop.tokens, codes) for each in (url, idiomatic_url)]
    return shop.brand_id, tables[0], tables[1]


def sell_and_redeem(
    services: Services, brand_id: UUID, table: Table, options: argparse.Namespace
) -> Sold:
    """Both at once; what tills find meanwhile only has to hold."""
    besides: list[Tilled] = []

    def redeem() -> None:
        besides.append(till(services, table, rate=options.rate / 8, seconds=options.seconds))

    tills = threading.Thread(target=redeem)
    tills.start()
    sold = sell(services, brand_id, rate=options.orders, seconds=options.seconds)
    tills.join()
    if not besides:
        raise RuntimeError("the tills failed beside the sale")
    sold.lost += besides[0].lost
    sold.late += besides[0].late
    return sold


def report_till(name: str, tilled: Tilled) -> None:
    parts = ", ".join(f"{part} {tilled.cpu[part]:.2f}" for part in PARTS)
    others = ", ".join(f"{part} {ms:.2f}" for part, ms in tilled.cpu.items() if part not in PARTS)
    print(
        f"{name}: {tilled.acknowledged} redeemed, {tilled.per_second:.1f}/s followed to the end;"
        f" tills waited p50 {p(0.5, tilled.waited):.1f} p99 {p(0.99, tilled.waited):.1f} ms;"
        f" lag p50 {p(0.5, tilled.lags):.2f} p99 {p(0.99, tilled.lags):.2f} s;"
        f" CPU {tilled.cpu_ms:.2f} ms each ({parts}; told apart: {others});"
        f" {tilled.noise:.0%} of the machine used by others; {tilled.late} late, {tilled.lost} lost",
        flush=True,
    )


def report_sale(sold: Sold) -> None:
    print(
        f"sale: {sold.orders} orders, {sold.per_second:.1f}/s;"
        f" code p50 {p(0.5, sold.to_code):.2f} p95 {p(0.95, sold.to_code):.2f} s,"
        f" mails p50 {p(0.5, sold.to_mail):.2f} p95 {p(0.95, sold.to_mail):.2f} s;"
        f" {sold.late} late, {sold.lost} lost",
        flush=True,
    )


def last_line(tilled: Tilled, idiomatic_ms: float, sold: Sold) -> None:
    print(
        f"day: redemptions_per_second={tilled.per_second:.1f} cpu_ms={tilled.cpu_ms:.2f}"
        f" idiomatic={idiomatic_ms / tilled.cpu_ms:.1f} lag_p99_s={p(0.99, tilled.lags):.2f}"
        f" paid_to_code_p95_s={p(0.95, sold.to_code):.2f}"
        f" paid_to_mail_p95_s={p(0.95, sold.to_mail):.2f} lost={tilled.lost + sold.lost}"
    )


if __name__ == "__main__":
    main()
