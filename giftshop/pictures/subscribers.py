"""What follows when a picture was uploaded."""

from uuid import UUID

from django.utils import timezone
from django_scopes import scope

from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe
from giftshop.outbox.topics import Topic
from giftshop.pictures.prepare import prepare


@subscribe(Topic.PICTURE_UPLOADED, name="pictures.prepare")
def prepare_picture(message: Message) -> None:
    with scope(brand=message.brand_id):
        prepare(picture_id=UUID(message.payload["picture_id"]), now=timezone.now())
