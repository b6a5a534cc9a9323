"""What follows at once from what tills tell of gifts."""

from uuid import UUID

from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.offers import come_back
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe_batch
from giftshop.outbox.topics import Topic


@subscribe_batch(Topic.REDEMPTION_REVERSED, name="orders.end_come_backs")
def end_come_backs(messages: list[Message]) -> None:
    """Whose use was undone has earned nothing by it. Two statements, more for each that somebody took."""
    codes = {UUID(message.payload["code_id"]) for message in messages}
    with scopes_disabled():
        gifts = list(Gift.objects.filter(code__in=codes).values_list("pk", flat=True))
        come_back.end(gifts, now=timezone.now())
