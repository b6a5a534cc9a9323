"""Tells operators what is wrong, as long as it runs. A process of its own: it must outlive beat, broker
and web, and a thread inside one of them would end with it, or hold what a till needs."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import arguments
from giftshop.operator import status
from giftshop.operator_alarms import tell_operator

EVERY_SECONDS = 15.0
LOOKS_MAX = 1_000_000_000


class Command(BaseCommand):
    help = "Look at what /status shows again and again, and tell OPERATOR_EMAIL of what is wrong twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=arguments.seconds, default=EVERY_SECONDS, help="Seconds. [%(default)s]"
        )
        parser.add_argument(
            "--looks",
            type=arguments.whole(LOOKS_MAX),
            help="End after so many. Without it: never.",
        )
        parser.add_argument("--touch", type=arguments.path, help="A file to touch after each look.")

    def handle(
        self, *, every: float, looks: int | None, touch: Path | None, **_options: Any
    ) -> None:
        before: set[str] = set()
        while looks is None or looks > 0:
            before = self.look(before)
            if touch:
                self.touch(touch)
            looks = None if looks is None else looks - 1
            if looks != 0:
                time.sleep(every)

    def touch(self, path: Path) -> None:
        """Whoever watches the file would take a watcher that cannot touch it for dead."""
        try:
            path.touch()
        except OSError as error:
            raise CommandError(f"Cannot touch {path}: {error.strerror}.") from None

    def look(self, before: set[str]) -> set[str]:
        """Tell of what is wrong now and was `before`: what a restart mends is no alarm. What is wrong."""
        wrong = status.alarms(status.look())
        for name in sorted(wrong.keys() & before):
            tell_operator(kind=name, text=wrong[name])
        return set(wrong)
