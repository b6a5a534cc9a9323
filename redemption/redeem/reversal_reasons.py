"""The reasons to reverse that need one tap at the till, and how a kept reason of any act is shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from redemption.codes.own_reasons import OwnReason


class QuickReason(models.TextChoices):
    """Their values are kept with the reversal; whoever reads one sees it in their own language."""

    MISTAKE = "scanned by mistake", _("Scanned by mistake")
    WRONG_CHOICE = "wrong choice", _("Wrong choice tapped")
    CHANGED_MIND = "guest changed their mind", _("Guest changed their mind")
    SOLD_OUT = "sold out", _("We ran out of it")


def in_words(kept: str) -> str:
    """A reason as it is shown: one of ours in the reader's language, what somebody wrote as it is."""
    for known in (QuickReason, OwnReason):
        if kept in known.values:
            return str(known(kept).label)
    return kept
