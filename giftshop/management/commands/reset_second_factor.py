"""For the operator: somebody lost everything they sign in with beside their e-mail address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from giftshop.accounts.models import User
from giftshop.sign_in.factors import factors
from redemption.audit.actors import SYSTEM


class Command(BaseCommand):
    help = "Remove somebody's passkeys, app and recovery codes, sign them out, and tell them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="The address that they sign in with.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            raise CommandError("Nobody signs in with this address.")
        if not factors.reset(user, by=SYSTEM, now=timezone.now()):
            raise CommandError("They have no second factor.")
        self.stdout.write("Done. They sign in by e-mail, and were written to.")
