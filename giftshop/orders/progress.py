"""Where each gift of an order is, told to its sender in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from giftshop import zones
from giftshop.orders.models import Gift
from redemption.models import Redemption

SETTLED = ("enjoyed", "voided", "expired")
ICONS = {
    "waiting": "clock",
    "scheduled": "calendar",
    "ready": "send",
    "sent": "mail",
    "undelivered": "alert",
    "opened": "gift",
    "enjoyed": "heart",
    "frozen": "lock",
    "voided": "x-circle",
    "expired": "clock",
}


@dataclass(frozen=True)
class Progress:
    """One gift as its sender's page shows it."""

    gift: Gift
    state: str
    title: str
    text: str

    @property
    def icon(self) -> str:
        return ICONS.get(self.state, "gift")

    @property
    def is_settled(self) -> bool:
        """Nothing more will happen here. Thanks may still come: a page that is reloaded shows them."""
        return self.state in SETTLED

    @property
    def passes_on_link(self) -> bool:
        """Whether the sender should have the link at hand: it is theirs to send, and still useful."""
        by_link = self.gift.channel == Gift.Channel.LINK or self.state == "undelivered"
        return by_link and self.state not in ("waiting", *SETTLED)


def of_gifts(gifts: Sequence[Gift]) -> list[Progress]:
    """Expects `with_everything()`. One query: the redemptions."""
    code_ids = [gift.code_id for gift in gifts if gift.code_id]
    redemptions = {
        redemption.code_id: redemption
        for redemption in Redemption.objects.standing()
        .filter(code_id__in=code_ids)
        .select_related("store")
        .order_by("redeemed_at")
    }
    return [_progress(gift, redemptions) for gift in gifts]


def _progress(gift: Gift, redemptions: dict[UUID, Redemption]) -> Progress:
    state = gift.progress
    redemption = redemptions.get(gift.code_id) if gift.code_id else None
    title, text = _words(gift, state, redemption)
    return Progress(gift, state, title, text)


def _words(gift: Gift, state: str, redemption: Redemption | None) -> tuple[str, str]:
    name = gift.friend.short_name
    by_link = gift.channel == Gift.Channel.LINK
    if state == "waiting":
        return _("Being made ready"), ""
    if state == "scheduled" and gift.deliver_at:
        return _("On its way"), _("Goes out %(moment)s") % {
            "moment": _moment(gift, gift.deliver_at)
        }
    if state in ("ready", "sent", "scheduled") and by_link:
        return _("Ready for you to send"), _("Send %(name)s the link below.") % {"name": name}
    if state in ("ready", "scheduled"):
        return _("On its way"), _("It goes out in a moment.")
    if state == "undelivered":
        return _("We could not e-mail it"), _("Send %(name)s the link below yourself.") % {
            "name": name
        }
    if state == "sent" and gift.sent_at:
        return _("Sent"), _("E-mailed %(moment)s") % {"moment": _moment(gift, gift.sent_at)}
    if state == "opened" and gift.opened_at:
        return _("Opened"), _("%(name)s unwrapped it %(moment)s") % {
            "name": name,
            "moment": _moment(gift, gift.opened_at),
        }
    if state == "enjoyed" and redemption:
        day = redemption.redeemed_at.astimezone(redemption.store.tz)
        return _("Enjoyed"), _("At %(store)s on %(day)s") % {
            "store": redemption.store.name,
            "day": date_format(day, "DATE_FORMAT"),
        }
    if state == "frozen":
        return _("On hold"), _("We are checking the payment. Nothing for you to do.")
    if state == "voided":
        return _("Cancelled"), _("This gift can no longer be used.")
    if state == "expired":
        return _("Expired"), _("It was not used in time.")
    return _("Enjoyed"), ""


def _moment(gift: Gift, moment: datetime) -> str:
    """On the friend's clock where we know it, which is then named; else on the brand's."""
    friends_zone = gift.friend.time_zone
    zone = friends_zone if zones.is_zone(friends_zone) else gift.order.brand.time_zone
    return _("%(day)s at %(time)s (%(place)s)") % {
        "day": date_format(moment.astimezone(zones.zone(zone)), "MONTH_DAY_FORMAT"),
        "time": date_format(moment.astimezone(zones.zone(zone)), "TIME_FORMAT"),
        "place": zones.place(zone),
    }
