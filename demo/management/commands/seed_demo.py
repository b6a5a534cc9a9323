"""Two invented brands to look at, with eight weeks behind them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from core import arguments
from demo import leaflet
from demo import seed as seeding
from demo.brands import BRANDS, DemoBrand
from demo.setup import people

WEEKS_MOST = 26


class Command(BaseCommand):
    help = "Found the demo's brands and play their history, once; then say how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--weeks",
            type=arguments.whole(WEEKS_MOST),
            default=8,
            help="how far back it goes, %(default)s if nothing is said",
        )
        parser.add_argument("--brand", choices=[data.slug for data in BRANDS], help="only this one")

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_real_sites()
        if options["brand"]:
            self.seed(one(options["brand"]), options["weeks"])
            return
        people.operator(now=timezone.now())
        missing = [data for data in BRANDS if not seeding.is_done(data)]
        with beside(missing[1:], options["weeks"]):
            for data in missing[:1]:
                self.seed(data, options["weeks"])
        self.stdout.write(leaflet.text(BRANDS))

    def seed(self, data: DemoBrand, weeks: int) -> None:
        show = leaflet.Progress(self.stderr)
        seeding.seed(data, weeks=weeks, progress=show.of(data.name))
        show.clear()


def one(slug: str) -> DemoBrand:
    return next(data for data in BRANDS if data.slug == slug)


@contextmanager
def beside(others: Sequence[DemoBrand], weeks: int) -> Iterator[None]:
    """Other brands are seeded by processes of their own meanwhile: most of it is Python's own work."""
    manage = [sys.executable, "manage.py", "seed_demo", "--weeks", str(weeks), "--brand"]
    children = [
        subprocess.Popen(
            [*manage, data.slug],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url()},
            stdout=subprocess.DEVNULL,
        )
        for data in others
    ]
    try:
        yield
        for child, data in zip(children, others, strict=True):
            if child.wait():
                raise CommandError(f"{data.name} could not be seeded; see above.")
    finally:
        for child in children:
            child.terminate()
            child.wait()


def database_url() -> str:
    """Of the database that this process works in, whatever its name."""
    address, question, query = os.environ["DATABASE_URL"].partition("?")
    server = address.rpartition("/")[0]
    return f"{server}/{connection.settings_dict['NAME']}{question}{query}"


def refuse_real_sites() -> None:
    """The demo's passwords are printed and its money is made up."""
    if settings.BASE_URL.startswith("https://") and not is_in_local_network(settings.BASE_URL):
        raise CommandError(
            f"Demo data is not for {settings.BASE_URL}: its passwords are known to everybody. "
            "It is only made where BASE_URL starts with http://, or is an address of a local network."
        )
    if settings.STRIPE_LIVEMODE:
        raise CommandError(
            "STRIPE_SECRET_KEY is a live key. Demo data is only made with a test key (sk_test_…)."
        )


def is_in_local_network(url: str) -> bool:
    """Whether it names an address that only a local network reaches, as `make demo LAN=1` does."""
    try:
        return not ip_address(urlsplit(url).hostname or "").is_global
    except ValueError:  # a name: who can look it up, nobody knows
        return False
