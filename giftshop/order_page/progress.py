"""Where each gift of an order is, told to its sender in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bidi import isolated
from core.templatetags.money import money
from giftshop import zones
from giftshop.delivery import arrival
from giftshop.delivery.arrival import Arrival
from giftshop.delivery.models import Delivery
from giftshop.order_page.clock import Clock, day
from giftshop.order_page.money_back import Refunds
from giftshop.orders.models import Gift, Order
from giftshop.refunds.models import Refund, RefundLine
from redemption.models import Code, Redemption

LINK = Gift.Channel.LINK
LOST = ("undelivered", "reported")
"""We could not bring it, or are told that its reader wants no more of our mail."""
CLOSED = ("scheduled", "ready", "sent", "delivered", "passed_on", *LOST)
"""Paid, and not opened yet."""
SETTLED = ("enjoyed", "voided", "expired")
ICONS = {
    "waiting": "clock",
    "scheduled": "calendar",
    "ready": "send",
    "sent": "mail",
    "delivered": "check",
    "reported": "alert",
    "passed_on": "send",
    "undelivered": "alert",
    "opened": "gift",
    "chosen": "gift",
    "partly": "gift",
    "enjoyed": "heart",
    "on_hold": "lock",
    "going_back": "x-circle",
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
        if self.state in ("opened", "chosen") and self.text:
            return self.text
        return ". ".join(part.rstrip(".") for part in (f"{name}: {self.title}", self.text) if part)

    @property
    def is_settled(self) -> bool:
        """Nothing more will happen here. Thanks may still come: a page that is reloaded shows them."""
        return self.state in SETTLED

    @property
    def is_about_money(self) -> bool:
        return self.state in ("going_back", "voided")

    @property
    def is_lost(self) -> bool:
        """Whether it reached nobody, or will not again: where it goes is put right first."""
        return self.state in LOST

    @property
    def is_asked(self) -> bool:
        """Whether its sender is asked what shall become of it, as nobody opened it."""
        return self.gift.asked_at is not None and self.state in CLOSED

    @property
    def hand(self) -> str:
        """How near its link should be to the sender's hand: "first", what to do now; "again", done or
        opened; "too", beside our way; empty: of no use."""
        if self.state in ("waiting", "going_back", *SETTLED) or self.gift.recipient.erased_at:
            return ""
        if self.gift.channel == Gift.Channel.LINK or self.state in (*LOST, "passed_on"):
            return "first" if self.state in ("ready", "scheduled", *LOST) else "again"
        return "too" if self.state in ("ready", "sent", "delivered") else ""


def redemptions_of(gifts: Sequence[Gift]) -> dict[UUID, Redemption]:
    """The last that stands, by the code's id. One query."""
    code_ids = [gift.code_id for gift in gifts if gift.code_id]
    return {
        redemption.code_id: redemption
        for redemption in Redemption.objects.standing()
        .filter(code_id__in=code_ids)
        .select_related("store")
        .order_by("redeemed_at")
    }


def arrivals_of(gifts: Sequence[Gift]) -> dict[UUID, Arrival]:
    """How those that were to be brought and are not opened yet stand on their way. A query, if there are
    any."""
    under_way = [gift for gift in gifts if gift.has_left and not gift.opened_at]
    return arrival.of_gifts(under_way) if under_way else {}


def of_gifts(
    gifts: Sequence[Gift],
    redemptions: Mapping[UUID, Redemption],
    refunds: Refunds,
    arrivals: Mapping[UUID, Arrival],
    clock: Clock,
) -> list[Progress]:
    """Expects `with_everything()`. No query."""
    return [
        _progress(gift, redemptions, refunds.of_gift(gift), arrivals.get(gift.pk), clock)
        for gift in gifts
    ]


def _progress(
    gift: Gift,
    redemptions: Mapping[UUID, Redemption],
    back: tuple[Refund, RefundLine] | None,
    arrived: Arrival | None,
    clock: Clock,
) -> Progress:
    state = gift.progress
    if arrived and state == "delivered" and arrived.state == Delivery.State.COMPLAINED:
        state = "reported"
    redemption = redemptions.get(gift.code_id) if gift.code_id else None
    if not gift.tells_sender and (redemption or state == "enjoyed"):
        redemption, state = None, gift.progress_unused
    if redemption and gift.code and gift.code.state == Code.State.ACTIVE:
        state = "partly"
    if back and state in {"on_hold", "voided"}:
        refund, line = back
        state = "going_back" if refund.state in Refund.OPEN else state
        if state != "on_hold":
            return Progress(gift, state, *_words_of_money(gift, refund, line))
    if state in ("sent", "delivered", "reported", "undelivered") and gift.channel != LINK:
        return Progress(gift, state, *_words_of_the_way(gift, state, arrived, clock))
    return Progress(gift, state, *_words(gift, state, redemption, clock))


def _words_of_the_way(
    gift: Gift, state: str, arrived: Arrival | None, clock: Clock
) -> tuple[str, str]:
    yourself = _("Change where it goes, or send %(name)s the link yourself.") % {
        "name": isolated(gift.recipient.short_name)
    }
    if gift.is_held_back and state == "undelivered":
        return _("Not theirs"), _("Whoever got it says it is not for them. Put the address right.")
    if state == "undelivered":
        title = _("We could not e-mail it")
        if gift.channel != Gift.Channel.EMAIL:
            title = _("We could not send it")
        if arrived and arrived.state == Delivery.State.BOUNCED:
            title = _("It came back")
        why = arrived.reason_words if arrived else ""
        return title, f"{why} {yourself}".strip()
    if state == "reported":
        arrived_once = _("It arrived, but we write there no more.")
        return _("Reported as spam"), f"{arrived_once} {yourself}"
    if state == "delivered" and gift.delivered_at:
        return _("Delivered"), _("Arrived %(moment)s") % {"moment": clock.shows(gift.delivered_at)}
    if arrived and arrived.is_put_off:
        return _("Sent"), _("The other side does not take it yet. It is tried again by itself.")
    sent = _("E-mailed %(moment)s") if gift.channel == Gift.Channel.EMAIL else _("Sent %(moment)s")
    return _("Sent"), sent % {"moment": clock.shows(gift.sent_at or gift.order.placed_at)}


def _words_of_money(gift: Gift, refund: Refund, line: RefundLine) -> tuple[str, str]:
    rest = 0
    if gift.code and refund.state in Refund.OPEN:
        rest = gift.code.left_without(gift.code.takes(line.amount))
    facts = {"amount": money(line.amount, refund.currency), "rest": money(rest, refund.currency)}
    if rest > 0:
        return _("A part goes back"), _(
            "%(amount)s goes back to you, %(rest)s stays on the gift. It is on hold until then."
        ) % facts
    title = _("Cancelled")
    if line.amount < gift.paid:
        title = _("The rest goes back") if refund.state in Refund.OPEN else _("The rest went back")
    if refund.origin == Refund.Origin.RECIPIENT:
        title = _("Given back") if refund.may_tell_sender else _("Could not be used")
    if refund.origin == Refund.Origin.UNOPENED:
        title = _("Never opened")
    if refund.state in Refund.OPEN:
        return title, _("%(amount)s goes back to you.") % facts
    if refund.state == Refund.State.CREDITED:
        return title, _("%(amount)s is yours as a credit.") % facts
    if refund.state == Refund.State.RETURNED:
        return title, _("%(amount)s came back from your bank.") % facts
    return title, _("%(amount)s was sent back to you.") % facts


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
    if state == "passed_on" and gift.passed_on_at:
        return _("Sent by you"), _("You passed it on %(moment)s") % {
            "moment": clock.shows(gift.passed_on_at)
        }
    if state == "opened" and gift.opened_at:
        return _("Opened"), _("%(name)s unwrapped it %(moment)s") % {
            "name": name,
            "moment": clock.shows(gift.opened_at),
        }
    if state == "chosen" and gift.opened_at:
        return _("Chosen"), _("%(name)s unwrapped it %(moment)s and chose.") % {
            "name": name,
            "moment": clock.shows(gift.opened_at),
        }
    if state == "enjoyed" and redemption:
        on = redemption.redeemed_at.astimezone(zones.zone(clock.zone))
        return _("Enjoyed"), _("At %(store)s on %(day)s") % {
            "store": isolated(redemption.store.name),
            "day": date_format(on, "DATE_FORMAT"),
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
    return day(gift.deliver_at or gift.order.placed_at, zone)
