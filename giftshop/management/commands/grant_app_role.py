"""Give the role that the product signs in with what it needs, and no more."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from giftshop.operator import roles


class Command(BaseCommand):
    help = (
        "Make the role DATABASE_APP_ROLE if there is none, and grant it what the product needs:"
        " no edit of a fact, no change of a table. Run as the owner, after each migrate."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        role = settings.DATABASE_APP_ROLE
        if not role:
            self.stdout.write("DATABASE_APP_ROLE is not set: nothing to grant")
            return
        try:
            roles.grant(role, password=settings.DATABASE_APP_PASSWORD)
        except roles.UnfitRole:
            raise CommandError(
                f"{role} owns tables, belongs to another role or may make roles: it could switch off"
                " what keeps facts as they are. Name one that is only for the product."
            ) from None
        self.stdout.write(f"{role} may add to {len(roles.fact_tables())} tables of facts, not edit")
