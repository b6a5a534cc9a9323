"""What is kept how long, and how much of it is past its time."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core import arguments
from giftshop.operator import retention
from giftshop.operator.brands import close


class Command(BaseCommand):
    help = (
        "Show what is kept how long, and how many rows are past their time. With --run delete them in"
        " small batches, as is done each night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", action="store_true", help="delete what is past its time")
        parser.add_argument(
            "--seconds",
            type=arguments.whole(arguments.SECONDS_MAX),
            default=int(retention.TURN.total_seconds()),
            help="end after so long; the next run goes on (default: %(default)s)",
        )

    def handle(self, *_args: Any, run: bool, seconds: int, **_options: Any) -> None:
        now = timezone.now()
        if run:
            gone = retention.run(now=now, most=timedelta(seconds=seconds))
            for what, rows in gone.items():
                self.stdout.write(f"{rows:>9} gone: {what}")
            told, closed = close.run(now=now)
            self.stdout.write(f"{told:>9} told: owners of brands that never opened")
            self.stdout.write(f"{closed:>9} closed: such brands, whose owners did not come back")
            return
        for kept in retention.KEPT:
            rows = retention.due(kept, now=now)
            more = " or more" if rows == retention.COUNTED_MAX else ""
            self.stdout.write(f"{kept.days:>4} days: {kept.what} ({rows}{more} past their time)")
        told, closed = close.to_tell(now).count(), close.to_close(now).count()
        self.stdout.write(
            f"{close.QUIET.days:>4} days: Brands that never opened ({told} to be told, {closed} to be closed)"
        )
        for what in retention.FOR_EVER:
            self.stdout.write(f" for ever: {what}")
