"""What the page that takes gifts back calls things: as the law has it where it gives the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brands.models import Brand
from brands.policy.countries import law_of
from brands.policy.withdrawal import Basis
from core import validity
from giftshop.order_page.clock import Clock
from giftshop.orders.models import Gift
from giftshop.refunds.withdraw import Standing


@dataclass(frozen=True)
class Words:
    button: str
    title: str
    confirm: str


def of_brand(brand: Brand) -> Words:
    if law_of(brand.country).withdrawal_function:  # the labels of art. 11a and their translations
        return Words(
            _("Withdraw from contract here"), _("Withdraw from contract"), _("Confirm withdrawal")
        )
    return Words(_("Cancel gifts"), _("Cancel gifts"), _("Confirm the cancellation"))


def until(standing: Standing, clock: Clock) -> str:
    """Until when it may be taken back; empty where it may not."""
    window, gift = standing.window, standing.gift
    if not standing.may_go or window is None:
        return ""
    if window.until is None:
        return _("You can take it back until it is opened.")
    if window.basis == Basis.SCHEDULED:
        moment = clock.shows(window.until)
        return _("Until it goes out (%(moment)s) you can take it back.") % {"moment": moment}
    return _("You can take it back until %(day)s.") % {"day": _last_day(window.until, gift)}


def until_all(standings: Sequence[Standing]) -> str:
    """The same of several, said once; empty where it differs, or is one gift's."""
    open_ones = [each for each in standings if each.may_go and each.window]
    windows = {each.window for each in open_ones}
    if len(open_ones) < 2 or len(windows) > 1:
        return ""
    [window] = windows
    if window is None or window.basis == Basis.SCHEDULED:
        return ""
    if window.until is None:
        return _("Each until it is opened.")
    return _("Until %(day)s.") % {"day": _last_day(window.until, open_ones[0].gift)}


def _last_day(until: datetime, gift: Gift) -> str:
    return date_format(validity.last_day(until, gift.order.brand.tz), "DATE_FORMAT")
