"""Give value away: promotional codes, one a line."""

import sys
from argparse import ArgumentTypeError
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_scopes import scope

from campaigns import giveaways
from campaigns.models import Campaign
from redemption.models import Brand

COUNT_MOST = 1_000_000
AMOUNT_MOST = 1_000_000
WIDTH = 24


class Command(BaseCommand):
    help = "Issue promotional codes worth an amount. All of them are written, or none is issued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", required=True, help="the brand's slug")
        parser.add_argument("--count", required=True, type=whole(COUNT_MOST), help="how many codes")
        parser.add_argument(
            "--amount",
            required=True,
            type=whole(AMOUNT_MOST),
            help="what each is worth, in minor units of the brand's currency: 500 is $5.00",
        )
        parser.add_argument("--campaign", default="", help="the slug of the campaign it is for")
        parser.add_argument(
            "--expires",
            type=iso_date,
            help="the last day they can be used, as 2030-12-31, in the brand's time zone",
        )
        parser.add_argument("--output", required=True, help="a new file, or - for the terminal")

    def handle(self, *_args: Any, **options: Any) -> None:
        brand = find_brand(options["brand"])
        now = timezone.now()
        with scope(brand=brand):
            batch = giveaways.Batch(
                brand=brand,
                count=options["count"],
                amount=options["amount"],
                campaign_id=find_campaign(brand, options["campaign"]),
                expires_at=end_of(options["expires"], brand, now),
            )
            lines = giveaways.issue(batch, now=now)
            try:
                if options["output"] == "-":
                    giveaways.print_to(sys.stdout, lines, tell=self.tell(options["count"]))
                else:
                    path = Path(options["output"])
                    giveaways.write_to(path, lines, tell=self.tell(options["count"]))
            except FileExistsError:
                raise CommandError(
                    f"{options['output']} is there already. Choose another name; no code was issued."
                ) from None
            except OSError as error:
                raise CommandError(
                    f"Cannot write {options['output']}: {error.strerror}. No code was issued."
                ) from None

    def tell(self, count: int) -> giveaways.Tell:
        """A bar that moves, where somebody is watching; otherwise nothing."""

        def show(done: int) -> None:
            if not self.stderr.isatty():
                return
            bar = "█" * (WIDTH * done // count)
            end = "\n" if done == count else ""
            self.stderr.write(f"\r{bar:·<{WIDTH}} {done} of {count} codes", ending=end)
            self.stderr.flush()

        return show


def find_brand(slug: str) -> Brand:
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        known = ", ".join(Brand.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no brand {slug!r}. Brands: {known or 'none yet'}")
    return brand


def find_campaign(brand: Brand, slug: str) -> UUID | None:
    if not slug:
        return None
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        known = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"{brand} has no campaign {slug!r}. Campaigns: {known or 'none yet'}")
    return campaign.pk


def end_of(day: date | None, brand: Brand, now: datetime) -> datetime | None:
    """The last moment of the day by the brand's clock. A day that is over is refused."""
    if day is None:
        return None
    last = datetime.combine(day, time(23, 59, 59), tzinfo=brand.tz)
    if last <= now:
        raise CommandError(f"{day} is over already in {brand.time_zone}.")
    return last


def whole(most: int) -> Any:
    """1 to `most`, said in plain words otherwise."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is not a whole number") from None
        if not 1 <= number <= most:
            raise ArgumentTypeError(f"{text} is not between 1 and {most}")
        return number

    return read


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2030-12-31") from None
