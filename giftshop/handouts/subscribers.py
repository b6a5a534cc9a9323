"""What follows from handouts."""

from uuid import UUID

from django.utils import timezone
from django_scopes import scope

from giftshop.handouts import end
from giftshop.handouts.send_one import send_one
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic


@subscribe(Topic.HANDOUT_ENDED, name="handouts.take_back")
def take_back(message: Message) -> None:
    with scope(brand=message.brand_id):
        end.take_back(handout_id=UUID(message.payload["handout_id"]), now=timezone.now())


@subscribe(Topic.HANDOUT_DUE, name="handouts.send", queue=Queue.MAIL)
def send(message: Message) -> None:
    with scope(brand=message.brand_id):
        send_one(line_id=UUID(message.payload["line_id"]), now=timezone.now())
