"""Where each gift of an order is, told to its sender in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bidi import isolated
from core.templatetags.money import money
from giftshop import zones
from giftshop.orders.models import Gift, Order, Recipient
from redemption.models import Code, Redemption

SETTLED = ("enjoyed", "voided", "expired")
ICONS = {
    "waiting": "clock",
    "scheduled": "calendar",
    "ready": "send",
    "sent": "mail",
    "undelivered": "alert",
    "opened": "gift",
    "partly": "gift",
    "enjoyed": "heart",
    "on_hold": "lock",
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
    def said(self) -> str:
        """The same in one sentence that names the recipient, for who hears the page and does not see it."""
        name = isolated(self.gift.recipient.short_name)
        if self.state == "opened" and self.text:
            return self.text
        return ". ".join(part.rstrip(".") for part in (f"{name}: {self.title}", self.text) if part)

    @property
    def is_settled(self) -> bool:
        """Nothing more will happen here. Thanks may still come: a page that is reloaded shows them."""
        return self.state in SETTLED

    @property
    def passes_on_link(self) -> bool:
        """Whether the sender should have the link at hand: it is theirs to send, and still useful."""
        by_link = self.gift.channel == Gift.Channel.LINK or self.state == "undelivered"
        return by_link and self.state not in ("waiting", *SETTLED)


@dataclass(frozen=True)
class Clock:
    """The one that the page goes by: its reader's, or the brand's while nobody knows where they are."""

    zone: str
    is_readers: bool

    def shows(self, at: datetime) -> str:
        """A day and a time; whose they are is said unless they are the reader's own."""
        words = {"day": _day(at, self.zone), "time": _time(at, self.zone)}
        if self.is_readers:
            return _("%(day)s at %(time)s") % words
        return _("%(day)s at %(time)s (%(place)s)") % {**words, "place": zones.place(self.zone)}

    def shows_beside(self, at: datetime, recipient: Recipient) -> str:
        """The same, and what the recipient's clock says at that moment where it differs."""
        shown = self.shows(at)
        if not zones.is_zone(recipient.time_zone) or _same(at, recipient.time_zone, self.zone):
            return shown
        there = Clock(recipient.time_zone, is_readers=False).shows(at)
        return _("%(here)s; on %(name)s's clock %(there)s") % {
            "here": shown,
            "name": isolated(recipient.short_name),
            "there": there,
        }


def _same(at: datetime, one: str, other: str) -> bool:
    return (
        at.astimezone(zones.zone(one)).utcoffset() == at.astimezone(zones.zone(other)).utcoffset()
    )


def of_gifts(gifts: Sequence[Gift], clock: Clock) -> list[Progress]:
    """Expects `with_everything()`. One query: the redemptions."""
    code_ids = [gift.code_id for gift in gifts if gift.code_id]
    redemptions = {
        redemption.code_id: redemption
        for redemption in Redemption.objects.standing()
        .filter(code_id__in=code_ids)
        .select_related("store")
        .order_by("redeemed_at")
    }
    return [_progress(gift, redemptions, clock) for gift in gifts]


def _progress(gift: Gift, redemptions: dict[UUID, Redemption], clock: Clock) -> Progress:
    state = gift.progress
    redemption = redemptions.get(gift.code_id) if gift.code_id else None
    if redemption and gift.code and gift.code.state == Code.State.ACTIVE:
        state = "partly"
    title, text = _words(gift, state, redemption, clock)
    return Progress(gift, state, title, text)


def _words(gift: Gift, state: str, redemption: Redemption | None, clock: Clock) -> tuple[str, str]:
    name = isolated(gift.recipient.short_name)
    by_link = gift.channel == Gift.Channel.LINK
    if state == "waiting" and gift.order.state != Order.State.PAID:
        return _("Waits for the payment"), ""
    if state == "waiting":
        return _("Being made ready"), ""
    if state == "scheduled" and gift.deliver_at:
        return _("Arrives on %(day)s") % {"day": _arrives_on(gift, clock)}, _(
            "Goes out %(moment)s"
        ) % {"moment": clock.shows_beside(gift.deliver_at, gift.recipient)}
    if state in ("ready", "sent", "scheduled") and by_link:
        return _("Ready for you to send"), _("Send %(name)s the link below.") % {"name": name}
    if state in ("ready", "scheduled"):
        return _("On its way"), _("It goes out in a moment.")
    if state == "undelivered":
        return _("We could not e-mail it"), _("Send %(name)s the link below yourself.") % {
            "name": name
        }
    if state == "sent" and gift.sent_at:
        return _("Sent"), _("E-mailed %(moment)s") % {"moment": clock.shows(gift.sent_at)}
    if state == "opened" and gift.opened_at:
        return _("Opened"), _("%(name)s unwrapped it %(moment)s") % {
            "name": name,
            "moment": clock.shows(gift.opened_at),
        }
    if state == "enjoyed" and redemption:
        day = redemption.redeemed_at.astimezone(zones.zone(clock.zone))
        return _("Enjoyed"), _("At %(store)s on %(day)s") % {
            "store": isolated(redemption.store.name),
            "day": date_format(day, "DATE_FORMAT"),
        }
    if state == "partly" and gift.code:
        return _("Enjoyed in part"), _("%(left)s of %(whole)s is left on it.") % {
            "left": money(gift.code.balance, gift.code.currency),
            "whole": money(gift.amount, gift.code.currency),
        }
    if state == "on_hold":
        return _("On hold"), _("We are checking the payment. Nothing for you to do.")
    if state == "voided":
        return _("Cancelled"), _("This gift can no longer be used.")
    if state == "expired":
        return _("Expired"), _("It was not used in time.")
    return _("Enjoyed"), ""


def _arrives_on(gift: Gift, clock: Clock) -> str:
    """The day that the sender chose: the recipient's."""
    zone = gift.recipient.time_zone if zones.is_zone(gift.recipient.time_zone) else clock.zone
    return _day(gift.deliver_at or gift.order.placed_at, zone)


def _day(at: datetime, zone: str) -> str:
    """With its year where that is another than the present one."""
    day, today = at.astimezone(zones.zone(zone)), timezone.now().astimezone(zones.zone(zone))
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def _time(at: datetime, zone: str) -> str:
    return date_format(at.astimezone(zones.zone(zone)), "TIME_FORMAT")
