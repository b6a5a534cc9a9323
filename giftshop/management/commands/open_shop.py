"""The first start: an address at which whoever runs the installation makes their account."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from giftshop.team.invitations import OPERATOR_LIFE, InvitationRefused, invite_operator


class Command(BaseCommand):
    help = (
        "Print a one-time address at which the operator's account is made. The operator opens brands and"
        " invites their owners. Only the address's digest is kept; asked again, the earlier one ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="whose account it will be")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        try:
            token = invite_operator(email=email, now=timezone.now())
        except InvitationRefused as refused:
            sign_in = settings.BASE_URL + reverse("login")
            raise CommandError(f"{refused.reason.label} Sign in at {sign_in}") from refused
        minutes = int(OPERATOR_LIFE.total_seconds() // 60)
        self.stdout.write(f"Open this within {minutes} minutes. It works once:")
        self.stdout.write(settings.BASE_URL + reverse("invitation", args=[token]))
