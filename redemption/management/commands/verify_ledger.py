"""Prove that the books are whole."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django_scopes import scopes_disabled

from core.progress import Bar
from redemption.ledger import verify
from redemption.models import Posting


class Command(BaseCommand):
    help = "Check sums, balances and gaps of the whole ledger. Exits 1 and prints the rows on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        bar = Bar(self.stderr, "checks")
        for done, check in enumerate(verify.CHECKS):
            bar.show(done, len(verify.CHECKS), check)
            for difference in verify.differences(check):
                self.stderr.write(str(difference))
                found += 1
        bar.show(len(verify.CHECKS), len(verify.CHECKS))
        if found:
            self.stderr.write(f"{found} differences")
            sys.exit(1)
        with scopes_disabled():
            self.stdout.write(
                f"{Posting.objects.count()} postings, {len(verify.CHECKS)} checks, no difference"
            )
