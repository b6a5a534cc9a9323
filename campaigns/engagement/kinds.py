"""Kinds of acts, and how much of somebody's own is in each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The highest that a person's acts reach is theirs."""

    AUTHOR = "author", _("Authors")
    CASUAL = "casual", _("Casual")
    SILENT = "silent", _("Silent")


class Kind(models.TextChoices):
    REVIEW = "review", _("Wrote a review")
    QUESTION = "question", _("Asked a question")
    SENT_ON = "sent_on", _("Sent one on with words")
    THANKS = "thanks", _("Said thanks")
    RATING = "rating", _("Rated a treat")
    ANSWER = "answer", _("Said why they come")
    LINK = "link", _("Followed a link")
    COUNTER = "counter", _("Followed the code at a counter")
    YES = "yes", _("Said yes to messages")


LEVEL_OF: dict[str, Level] = {
    Kind.REVIEW: Level.AUTHOR,
    Kind.QUESTION: Level.AUTHOR,
    Kind.SENT_ON: Level.AUTHOR,
    Kind.THANKS: Level.CASUAL,
    Kind.RATING: Level.CASUAL,
    Kind.ANSWER: Level.CASUAL,
    Kind.LINK: Level.SILENT,
    Kind.COUNTER: Level.SILENT,
    Kind.YES: Level.SILENT,
}
ORDER = {level: place for place, level in enumerate(Level)}
"""The highest first."""
