"""Give value away: promotional codes, one a line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.batches import batch as batches
from campaigns.batches import code_file
from campaigns.models import Campaign
from core import arguments, money, validity
from core.progress import Bar

COUNT_MOST = 1_000_000
AGAIN = "Run the same command again: it finds what was issued, or issues."


class Command(BaseCommand):
    help = "Issue promotional codes worth an amount. All of them are written, or none is issued."

    def add_arguments(self, parser: CommandParser) -> None:
        slug = arguments.text(60)
        parser.add_argument("--brand", required=True, type=slug, help="the brand's slug")
        parser.add_argument(
            "--count", required=True, type=arguments.whole(COUNT_MOST), help="how many codes"
        )
        parser.add_argument(
            "--amount",
            required=True,
            type=arguments.whole(money.MINOR_UNITS_MAX),
            help="what each is worth, in minor units of the brand's currency: 500 is $5.00",
        )
        parser.add_argument(
            "--campaign", default="", type=slug, help="the slug of the campaign it is for"
        )
        parser.add_argument(
            "--expires",
            type=arguments.day,
            help="the last day they can be used, as 2030-12-31, in the brand's time zone",
        )
        parser.add_argument(
            "--output",
            required=True,
            type=arguments.path,
            help="a new file, or - for the terminal",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        brand = find_brand(options["brand"])
        now = timezone.now()
        with scope(brand=brand):
            batch = batches.Batch(
                brand=brand,
                count=options["count"],
                amount=options["amount"],
                campaign_id=find_campaign(brand, options["campaign"]),
                expires_at=end_of(options["expires"], brand, now),
            )
            bar = Bar(self.stderr, "codes")

            def tell(done: int) -> None:
                bar.show(done, batch.count)

            if options["output"] == Path("-"):
                with plain_words("the codes", "What was printed is worth nothing."):
                    batches.print_to(sys.stdout, batch, now=now, tell=tell)
                return
            path = options["output"]
            with plain_words(str(path), AGAIN):
                if batches.deliver_earlier(path):
                    self.stdout.write(
                        f"An interrupted run had issued its codes already. They are in {path} now;"
                        " no others were issued."
                    )
                else:
                    batches.write_to(path, batch, now=now, tell=tell)


@contextmanager
def plain_words(file: str, advice: str) -> Iterator[None]:
    """What went wrong with the file, and what became of the codes."""
    try:
        yield
    except FileExistsError:
        raise CommandError(
            f"{file} is there already. Choose another name; no code was issued."
        ) from None
    except code_file.BeingWritten:
        raise CommandError(f"{file} is being written by another run.") from None
    except code_file.NotNamed as error:
        raise CommandError(
            f"The codes are issued and in {error.draft}, but that could not be named {file}: {error}"
        ) from None
    except OSError as error:
        raise CommandError(f"Cannot write {file}: {error.strerror}. No code was issued.") from None
    except Error as error:
        raise CommandError(f"The database failed: {error}\n{advice}") from error


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
    """The midnight after the day by the brand's clock. Refused: a day that is over, or too far off."""
    if day is None:
        return None
    latest = validity.latest_day(now, brand.tz)
    if day > latest:
        raise CommandError(f"{day} is too far off: the latest day is {latest}, a hundred years on.")
    if day < now.astimezone(brand.tz).date():
        raise CommandError(f"{day} is over already in {brand.time_zone}.")
    return validity.end_of(day, brand.tz)
