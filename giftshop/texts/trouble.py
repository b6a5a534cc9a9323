"""Why a text did not arrive: Twilio's numbers of errors, and what they mean in words.

https://www.twilio.com/docs/api/errors
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trouble(models.TextChoices):
    STOPPED = "stopped", _("Whoever has this number asked for no more texts.")
    NO_NUMBER = "no_number", _("There is no such number.")
    NO_MOBILE = "no_mobile", _("This number takes no texts: it is no mobile phone.")
    UNREACHABLE = "unreachable", _("The phone was off or out of reach for too long.")
    FILTERED = "filtered", _("The phone company held the text back.")
    REGION = "region", _("Texts to this country are not switched on with the provider.")
    UNREGISTERED = "unregistered", _("Phone companies don't take texts from this shop yet.")
    NO_YES = "no_yes", _("WhatsApp wants this person's own yes first.")
    OTHER = "other", _("The phone company could not deliver it.")


BY_CODE = {
    21610: Trouble.STOPPED,
    21211: Trouble.NO_NUMBER,
    21217: Trouble.NO_NUMBER,
    21612: Trouble.NO_NUMBER,
    21614: Trouble.NO_MOBILE,
    21408: Trouble.REGION,
    30003: Trouble.UNREACHABLE,
    30004: Trouble.FILTERED,
    30005: Trouble.NO_NUMBER,
    30006: Trouble.NO_MOBILE,
    30007: Trouble.FILTERED,
    30008: Trouble.OTHER,
    30032: Trouble.UNREGISTERED,
    30034: Trouble.UNREGISTERED,
    30530: Trouble.UNREGISTERED,
    30531: Trouble.UNREGISTERED,
    30532: Trouble.UNREGISTERED,
    30533: Trouble.UNREGISTERED,
    30831: Trouble.UNREGISTERED,
    63016: Trouble.NO_YES,
    63024: Trouble.NO_NUMBER,
}


def of_code(code: int | str | None) -> Trouble:
    """What one of the provider's errors comes down to."""
    try:
        return BY_CODE.get(int(code or 0), Trouble.OTHER)
    except ValueError:
        return Trouble.OTHER
