"""For who sits at the server: an operator left."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from giftshop.accounts.models import User
from giftshop.team import operators
from giftshop.team.operators import OperatorRefused


class Command(BaseCommand):
    help = (
        "Take the operator's pages from somebody, sign them out everywhere and end the invitations that they"
        " sent. Their account and what they do for a brand stay: an owner removes them from its team."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="The address that they sign in with.")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        try:
            teams = operators.remove(email=email, now=timezone.now())
        except OperatorRefused as refused:
            raise CommandError(str(refused.reason.label)) from refused
        self.stdout.write("Done. They are no operator any more, and signed out everywhere.")
        if teams:
            names = ", ".join(brand.slug for brand in teams)
            self.stdout.write(f"They still work for {names}: an owner removes them under Team.")
        if not User.objects.filter(is_staff=True, is_active=True).exists():
            self.stdout.write("Nobody is an operator now: open_shop makes another.")
