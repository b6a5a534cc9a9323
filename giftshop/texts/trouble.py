"""Why a text did not arrive: Twilio's numbers of errors, and what they mean in words.

https://www.twilio.com/docs/api/errors, a page for each: .../errors/63027 (no such template), 63040 (a
template that WhatsApp rejected), 63101 (an account of WhatsApp's that cannot be used). One that is not in the
table only says that WhatsApp or the phone company could not deliver it, as 63049: WhatsApp kept back what it
takes for marketing.
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
    NO_WHATSAPP = "no_whatsapp", _("This number is not on WhatsApp.")
    TEMPLATE = "template", _("WhatsApp does not let this message through at the moment.")
    ACCOUNT = "account", _("WhatsApp does not take messages of this installation's account.")
    WHATSAPP = "whatsapp", _("WhatsApp could not deliver it.")
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
    63003: Trouble.NO_WHATSAPP,
    63007: Trouble.ACCOUNT,
    63008: Trouble.ACCOUNT,
    63014: Trouble.STOPPED,
    63016: Trouble.TEMPLATE,
    63021: Trouble.TEMPLATE,
    63024: Trouble.NO_WHATSAPP,
    63027: Trouble.TEMPLATE,
    63040: Trouble.TEMPLATE,
    63054: Trouble.TEMPLATE,
    63101: Trouble.ACCOUNT,
}
WHATSAPP = range(63000, 64000)
TEMPLATE_STATES = {63040: "rejected", 63054: "disabled"}
"""What an error says of the template that was sent. That one is paused is learnt by asking (approvals.py)."""


def of_code(code: int | str | None) -> Trouble:
    """What one of the provider's errors comes down to."""
    try:
        number = int(code or 0)
        return BY_CODE.get(number, Trouble.WHATSAPP if number in WHATSAPP else Trouble.OTHER)
    except ValueError:
        return Trouble.OTHER
