"""Work off the outbox in this process, for when the broker or the workers are away."""

from typing import Any

from django.core.management.base import BaseCommand

from giftshop.outbox import relay, workers
from giftshop.outbox.models import Message


class Command(BaseCommand):
    help = "Deliver every due outbox message here and now, without the broker."

    def handle(self, *args: Any, **options: Any) -> None:
        with workers.running("relay_outbox"):
            done = relay.drain()
        waiting = Message.objects.filter(done_at__isnull=True).count()
        self.stdout.write(f"{done} delivered, {waiting} waiting for their time or another try")
