"""Two invented brands to look at, with eight weeks behind them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.demo import leaflet, seeding
from campaigns.demo.brands import BRANDS

WEEKS_MOST = 26


class Command(BaseCommand):
    help = "Found the demo's brands and play their history, once; then say how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--weeks", type=int, default=8, help="how far back it goes")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 1 <= options["weeks"] <= WEEKS_MOST:
            raise CommandError(f"--weeks goes from 1 to {WEEKS_MOST}.")
        refuse_real_sites()
        show = leaflet.Progress(self.stderr)
        for data in BRANDS:
            seeding.seed(data, weeks=options["weeks"], progress=show.of(data.name))
        show.clear()
        self.stdout.write(leaflet.text(BRANDS))


def refuse_real_sites() -> None:
    """The demo's passwords are printed and its money is made up."""
    if settings.BASE_URL.startswith("https://"):
        raise CommandError(
            f"Demo data is not for {settings.BASE_URL}: its passwords are known to everybody. "
            "It is only made where BASE_URL starts with http://."
        )
    if settings.STRIPE_LIVEMODE:
        raise CommandError(
            "STRIPE_SECRET_KEY is a live key. Demo data is only made with a test key (sk_test_…)."
        )
