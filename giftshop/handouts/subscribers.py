"""What follows from handouts."""

from uuid import UUID

from django.utils import timezone
from django_scopes import scope

from giftshop.handouts import end
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe
from giftshop.outbox.topics import Topic


@subscribe(Topic.HANDOUT_ENDED, name="handouts.take_back")
def take_back(message: Message) -> None:
    with scope(brand=message.brand_id):
        end.take_back(handout_id=UUID(message.payload["handout_id"]), now=timezone.now())
