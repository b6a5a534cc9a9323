"""Why the product itself acts on a gift, where no person says why."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OwnReason(models.TextChoices):
    """Their values are kept with what was done; whoever reads one sees it in their own language."""

    PAID_BACK = "the payment went back", _("The payment went back")
    NOT_PAID_BACK = "the money did not go back", _("The money did not go back")
    REFUND_OF_OTHERS = "the refund was for others", _("The refund was for other gifts")
    TAKEN_BACK = "the sender took it back", _("The sender took it back")
    MENDED = "the sender changed it", _("The sender changed it")
    ASKED_AGAIN = "the sender asked for it again", _("The sender asked for it again")
    UNOPENED = "nobody opened it", _("Nobody opened it, and its sender took it back")
    LEFT_UNOPENED = "nobody opened it in time", _("Nobody opened it until its last day")
    USE_UNDONE = "its use was undone", _("The use of the gift that earned it was undone")
    HANDOUT_ENDED = (
        "what it was handed out with was taken back",
        _("All that was handed out with it was taken back"),
    )
    NOT_REACHED = "its letter reached nobody", _("Its letter reached nobody")
    NOT_ME = "it came to somebody else", _("It came to somebody else")
    GIVEN_BACK = "the recipient gave it back", _("The recipient gave it back")
    DISPUTED = "the payment was disputed", _("The payment was disputed")
    DISPUTE_OF_OTHERS = "the dispute was about others", _("The dispute was about other gifts")
    DISPUTE_OVER = "the dispute is over", _("The dispute is over")
    REPORTED = "the payment was reported as fraud", _("The payment was reported as fraud")
    WARNING_OVER = "the warning is over", _("The warning is over")
