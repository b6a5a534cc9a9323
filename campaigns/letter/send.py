"""A promised letter is written and sent to each of its readers; to nobody where there is nothing to say."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy
from django_scopes import scope

from campaigns.letter import readers, week
from campaigns.letter.emails import Told, monday_letter
from campaigns.letter.look import find
from campaigns.letter.story import Story, tell
from campaigns.models import Letter
from giftshop.delivery import channels
from giftshop.delivery.emails import language_of
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import BeingSent, send
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic

MONDAY = register(
    Purpose[Told](
        name="monday",
        subject=lambda told: f"letter:{told.letter.pk}",
        addressee=lambda told: f"user:{told.reader.pk}",
        address=lambda told: told.reader.email,
        compose=monday_letter,
        still_holds=lambda told: readers.is_one(told.letter, told.reader),
        why=gettext_lazy("Every Monday you get a letter with last week's figures."),
    )
)


@subscribe(Topic.LETTER_DUE, name="letter.send", queue=Queue.MAIL)
def send_letters(message: Message) -> None:
    """One whose mail server is away keeps nobody else from getting theirs."""
    found = find(message.payload["letter_id"])
    if found is None:
        return
    late: Exception | None = None
    with scope(brand=found.brand):
        story = story_of(found)
        if story is None:
            return
        for reader in readers.of(found.brand, found.store):
            try:
                send(purpose=MONDAY, about=Told(found, reader, story), brand=found.brand)
            except (channels.TryLater, BeingSent) as error:
                late = error
    if late:
        raise late


def story_of(found: Letter) -> Story | None:
    """What it says, in the brand's language. Expects its scope."""
    with translation.override(language_of(found.brand)):
        counted = (
            week.of_store(found.brand, found.store, found.monday)
            if found.store
            else week.of_brand(found.brand, found.monday)
        )
        return tell(counted, base_url=settings.BASE_URL)
