"""Why a text did not arrive, in the words that senders read of mails, too (models.Report)."""

import re

from giftshop.delivery.models import Report
from giftshop.texts.allowed import TextRefusal
from giftshop.texts.trouble import Trouble, of_code

_OF_TROUBLE = {
    Trouble.STOPPED: Report.Reason.UNWANTED,
    Trouble.NO_NUMBER: Report.Reason.NO_NUMBER,
    Trouble.NO_MOBILE: Report.Reason.NO_MOBILE,
    Trouble.UNREACHABLE: Report.Reason.OUT,
    Trouble.FILTERED: Report.Reason.FILTERED,
    Trouble.UNREGISTERED: Report.Reason.REFUSED,
    Trouble.NO_WHATSAPP: Report.Reason.NO_APP,
    Trouble.TEMPLATE: Report.Reason.APP_OFF,
    Trouble.ACCOUNT: Report.Reason.APP_OFF,
    Trouble.WHATSAPP: Report.Reason.APP,
}
_OF_REFUSAL = {
    TextRefusal.NOT_OFFERED: Report.Reason.REFUSED,
    TextRefusal.UNREGISTERED: Report.Reason.REFUSED,
    TextRefusal.ELSEWHERE: Report.Reason.NO_YES,
    TextRefusal.NO_YES: Report.Reason.NO_YES,
    TextRefusal.NO_WHATSAPP: Report.Reason.APP_OFF,
    TextRefusal.WHATSAPP_OFF: Report.Reason.APP_OFF,
    TextRefusal.WHATSAPP_US: Report.Reason.APP_OFF,
    TextRefusal.NO_WHATSAPP_YES: Report.Reason.NO_APP_YES,
}


def of_error(code: int | str) -> Report.Reason:
    """Of one of Twilio's errors."""
    return _OF_TROUBLE.get(of_code(code), Report.Reason.CARRIER)


def of_words(words: str) -> Report.Reason | None:
    """Of what an attempt says why it was refused; None where that was no text."""
    if found := re.match(r"Twilio (\d{5})\b", words):
        return of_error(found[1])
    return _OF_REFUSAL.get(TextRefusal(words)) if words in TextRefusal.values else None
