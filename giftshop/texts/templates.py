"""The words that WhatsApp approves before anybody gets them, with places for what differs from gift to gift.

A message that nobody asked for within 24 hours has to be an approved template, named by its Content SID, with
its variables: https://www.twilio.com/docs/api/errors/63016. A variable stands neither first nor last:
https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
They are submitted as "utility", and say nothing that could be called advertising: what mixes both counts as
marketing. https://developers.facebook.com/documentation/business-messaging/whatsapp/marketing-messages/route-template-messages/
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bidi import in_one_line


class Kind(models.TextChoices):
    GIFT = "gift", gettext_lazy("A gift with its code")
    GIFT_HIDDEN = "gift_hidden", gettext_lazy("A gift whose code is seen on its page alone")
    LINK = "link", gettext_lazy("A link to pass on, for its sender")
    CONSENT = "consent", gettext_lazy("The question for a yes")
    WAITS = "waits", gettext_lazy("A reminder of a gift that nobody opened")
    EXPIRES = "expires", gettext_lazy("A reminder before a gift's last day")


VARIABLES = {
    Kind.GIFT: ("sender", "brand", "url", "code"),
    Kind.GIFT_HIDDEN: ("sender", "brand", "url"),
    Kind.LINK: ("brand", "recipient", "url"),
    Kind.CONSENT: ("brand",),
    Kind.WAITS: ("sender", "brand", "url"),
    Kind.EXPIRES: ("sender", "brand", "day", "url"),
}
"""In the order in which a template counts them, from 1."""
EXAMPLES = {
    "sender": "Amy",
    "brand": "Frosty Spoon",
    "recipient": "Ben",
    "day": "31/12/2030",
    "url": "https://gifts.example.com/gift/AbCdEf/",
    "code": "ABCDE-FGH23-4567",
}
"""What a reviewer sees in their place."""


@dataclass(frozen=True)
class Filled:
    """A template with what stands in its places."""

    kind: Kind
    language: str
    values: Mapping[str, str]

    @property
    def words(self) -> str:
        """As the phone shows it."""
        return _said(self.kind, self.language, self._values())

    @property
    def variables(self) -> str:
        """As Twilio takes them: {"1": "Amy", "2": ...}."""
        values = self._values()
        names = enumerate(VARIABLES[self.kind], start=1)
        return json.dumps({str(place): values[name] for place, name in names})

    def _values(self) -> dict[str, str]:
        """WhatsApp takes no line breaks in a variable, and no empty one."""
        return {name: in_one_line(value) or "-" for name, value in self.values.items()}


def body(kind: Kind, language: str) -> str:
    """What is submitted: "Hello, {{1}} sent you ..."."""
    names = enumerate(VARIABLES[kind], start=1)
    return _said(kind, language, {name: f"{{{{{place}}}}}" for place, name in names})


def examples(kind: Kind) -> dict[str, str]:
    """One for each variable."""
    names = enumerate(VARIABLES[kind], start=1)
    return {str(place): EXAMPLES[name] for place, name in names}


def _said(kind: Kind, language: str, values: Mapping[str, str]) -> str:
    with translation.override(language):
        return _words(kind) % values


def _words(kind: Kind) -> str:
    """In the active language."""
    return {
        Kind.GIFT: _(
            "Hello! %(sender)s sent you a gift from %(brand)s. Open it here: %(url)s Its code is %(code)s."
            " Answer STOP to end these messages."
        ),
        Kind.GIFT_HIDDEN: _(
            "Hello! %(sender)s sent you a gift from %(brand)s. Open it here: %(url)s"
            " Answer STOP to end these messages."
        ),
        Kind.LINK: _(
            "From %(brand)s: your gift for %(recipient)s is ready. Pass this link on: %(url)s"
            " Answer STOP to end these messages."
        ),
        Kind.CONSENT: _(
            "You asked %(brand)s for gifts and reminders on WhatsApp. Answer YES to get them, STOP to get"
            " none."
        ),
        Kind.WAITS: _(
            "Your gift from %(sender)s waits for you at %(brand)s. Open it here: %(url)s"
            " Answer STOP to end these messages."
        ),
        Kind.EXPIRES: _(
            "Your gift from %(sender)s is good at %(brand)s until %(day)s. Open it here: %(url)s"
            " Answer STOP to end these messages."
        ),
    }[kind]
