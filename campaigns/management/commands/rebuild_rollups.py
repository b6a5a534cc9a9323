"""Put the sums behind the figures right, by the facts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope

from brands.models import Brand
from campaigns.facts import rollups
from core import arguments


class Command(BaseCommand):
    help = "Make the campaign sums equal the facts and visits, beside whoever writes them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--brand", type=arguments.text(60), help="slug of one brand; without it, all brands"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        brands = Brand.objects.order_by("slug")
        if options["brand"]:
            brands = brands.filter(slug=options["brand"])
            if not brands:
                raise CommandError(f"There is no brand called {options['brand']!r}.")
        for brand in brands:
            with scope(brand=brand):
                corrected = rollups.rebuild(brand=brand)
            self.stdout.write(f"{brand.slug}: {corrected} sums put right")
