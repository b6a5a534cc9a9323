"""Pair a till from the server's own terminal."""

from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope

from brands.models import Brand, Store
from core import arguments
from redemption.audit.actors import SYSTEM
from redemption.models import Device
from redemption.till import devices

NAME_LENGTH_MAX = cast(int, Device._meta.get_field("name").max_length)


class Command(BaseCommand):
    help = (
        "Pair a till system or display with a store and print its token, or the link for a"
        " counter device, once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        slug = arguments.text(60)
        parser.add_argument("--brand", required=True, type=slug, help="the brand's slug")
        parser.add_argument("--store", required=True, type=slug, help="the store's slug")
        parser.add_argument("--profile", choices=Device.Profile.values, default=Device.Profile.POS)
        parser.add_argument(
            "--name",
            default="",
            type=arguments.text(NAME_LENGTH_MAX),
            help="what staff call it",
        )
        parser.add_argument(
            "--link",
            action="store_true",
            help="print a link that pairs whatever opens it, once, within 15 minutes;"
            " always so for a counter device",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            raise CommandError(f"There is no brand {options['brand']!r}.")
        with scope(brand=brand):
            store = Store.objects.filter(slug=options["store"]).first()
            if store is None:
                known = ", ".join(Store.objects.values_list("slug", flat=True)) or "none yet"
                raise CommandError(
                    f"{brand} has no store {options['store']!r}. Its stores: {known}"
                )
            wanted = {
                "store": store,
                "name": options["name"].strip()
                or f"{store} {options['profile']}"[-NAME_LENGTH_MAX:],
                "profile": options["profile"],
            }
            if options["link"] or options["profile"] == Device.Profile.POS:
                _device, token = devices.invite(**wanted, actor=SYSTEM)
                self.stdout.write(f"{settings.BASE_URL}/till/pair/#{token}")
            else:
                self.stdout.write(devices.pair_directly(**wanted, actor=SYSTEM).token)
