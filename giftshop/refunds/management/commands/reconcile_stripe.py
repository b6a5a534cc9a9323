"""Hold the books against Stripe."""

import sys
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_scopes import scopes_disabled

from core import arguments
from giftshop.payments import reconcile
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.refunds import reconcile as refunds_reconcile
from giftshop.refunds.payouts import reconcile as payouts_reconcile

FIRST_DAY = date(2011, 1, 1)
"""Stripe charged nobody before."""


class Command(BaseCommand):
    help = (
        "Compare our payments, fees, refunds, disputes and payouts with Stripe's. Exits 1 and prints"
        " each difference."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", required=True, type=arguments.day, help="a day, like 2026-05-01 (UTC)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["since"]
        if not FIRST_DAY <= day <= timezone.now().astimezone(UTC).date():
            raise CommandError(f"--since takes a day from {FIRST_DAY} to today.")
        since = datetime.combine(day, time.min, tzinfo=UTC)
        found, tally = 0, reconcile.Tally()
        try:
            with scopes_disabled():
                for difference in chain(
                    reconcile.differences(since=since, tally=tally),
                    refunds_reconcile.differences(since=since, now=timezone.now(), tally=tally),
                    payouts_reconcile.differences(since=since, tally=tally),
                ):
                    self.stderr.write(str(difference))
                    found += 1
        except stripe_sdk.StripeUnavailable as error:
            raise CommandError(
                f"Stripe can't be reached ({error}); nothing was compared."
            ) from error
        if found:
            self.stderr.write(f"{found} differences in {tally.rows} compared")
            sys.exit(1)
        self.stdout.write(f"no difference in {tally.rows} compared")
