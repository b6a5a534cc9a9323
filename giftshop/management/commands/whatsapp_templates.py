"""What WhatsApp says of our messages; the operator's, since they are the installation's."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from giftshop.texts import approvals, client
from giftshop.texts.models import MessageTemplate
from giftshop.texts.whatsapp import obstacle_of


class Command(BaseCommand):
    help = (
        "Ask Twilio what WhatsApp says of each message of ours. With --submit send in, for approval, what was"
        " not yet, or says something else by now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--submit", action="store_true", help="submit what is missing")

    def handle(self, *, submit: bool, **_options: Any) -> None:
        if not settings.TWILIO:
            raise CommandError("No account with Twilio is set: see docs/guides/messages.md.")
        now = timezone.now()
        try:
            sent = approvals.submit(now=now) if submit else []
            approvals.watch(now=now)
        except client.Unavailable as error:
            raise CommandError(f"Twilio could not be asked: {error}.") from None
        except client.Answered as error:
            raise CommandError(f"Twilio refuses: {error}.") from None
        for row in sent:
            self.stdout.write(f"submitted: {row.kind} in {row.language}")
        for row in MessageTemplate.objects.order_by("kind", "language"):
            obstacle = obstacle_of(row)
            said = f" {obstacle.label}" if obstacle else ""
            if row.is_marketing:
                said += " It counts as marketing: none to numbers of the United States."
            reason = f" ({row.reason})" if row.reason else ""
            told = f"{row.status}, {row.category or 'no category'}{reason}.{said}"
            self.stdout.write(f"{row.kind} in {row.language}: {told}")
