"""The Monday letter as an e-mail."""

from typing import NamedTuple

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.letter import readers
from campaigns.letter.story import Story
from campaigns.models import Letter
from giftshop.accounts.models import User
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import language_of, mark
from giftshop.delivery.models import Delivery


class Told(NamedTuple):
    """A letter with what it says, to one of its readers."""

    letter: Letter
    reader: User
    story: Story

    @property
    def as_reader(self) -> readers.Reader:
        return readers.Reader(self.reader, self.letter.brand)


def monday_letter(delivery: Delivery, told: Told) -> EmailMessage:
    """In the language that the brand writes itself: of its people none is kept. Who stops it gets the brand's
    other mail as before."""
    brand, store = delivery.sender, told.letter.store
    with translation.override(language_of(brand)), timezone.override(brand.tz):
        subject = _("Monday at %(place)s: how last week went")
        return letter(
            delivery=delivery,
            name="monday",
            subject=subject,
            named={"place": store.name if store else brand.name},
            context={
                "story": told.story,
                "store": store,
            },
            pictures=mark(brand),
            stop=readers.switch_url(told.as_reader),
        )
