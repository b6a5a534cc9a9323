"""What became of money that goes back, in words with amount and moment, for whoever paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.bidi import isolated
from core.locales import joined
from core.templatetags.money import money
from giftshop.order_page.clock import Clock
from giftshop.orders.models import Gift, Order
from giftshop.refunds import misfit
from giftshop.refunds.models import Refund, RefundLine

State, Origin = Refund.State, Refund.Origin
ICONS = {
    State.ASKED: "clock",
    State.PENDING: "clock",
    State.SUCCEEDED: "check-circle",
    State.FAILED: "alert",
    State.RETURNED: "alert",
}
UNSAID = (State.WAITING, State.DECLINED)
"""The shop's own talk."""


@dataclass(frozen=True)
class MoneyBack:
    """One refund as the order's page shows it."""

    refund: Refund
    title: str
    text: str

    @property
    def icon(self) -> str:
        return ICONS[State(self.refund.state)]

    @property
    def is_under_way(self) -> bool:
        return self.refund.state in Refund.OPEN


@dataclass(frozen=True)
class Refunds:
    """Of one order, the latest first."""

    rows: Sequence[Refund]
    lines: Mapping[UUID, Sequence[RefundLine]]
    """By the refund's id."""

    def of_gift(self, gift: Gift) -> tuple[Refund, RefundLine] | None:
        """The latest that is for this gift and was not in vain."""
        return next(
            (
                (row, line)
                for row in self.rows
                if row.state != State.FAILED
                for line in self.lines[row.pk]
                if line.gift_id == gift.pk
            ),
            None,
        )

    @property
    def going(self) -> set[UUID]:
        """Ids of gifts whose money is on its way."""
        return {
            line.gift_id
            for row in self.rows
            if row.state in Refund.OPEN
            for line in self.lines[row.pk]
            if line.gift_id
        }


def read(order: Order) -> Refunds:
    """One query, two where money went back or is to."""
    rows = Refund.objects.filter(payment__order=order).exclude(state__in=UNSAID)
    found = sorted(rows.prefetch_related("lines"), key=_moment, reverse=True)
    return Refunds(found, {row.pk: list(row.lines.all()) for row in found})


def in_words(
    refunds: Refunds, order: Order, gifts: Sequence[Gift], clock: Clock
) -> list[MoneyBack]:
    """No query."""
    by_id = {gift.pk: gift for gift in gifts}
    said = []
    for row in refunds.rows:
        meant = [by_id[line.gift_id] for line in refunds.lines[row.pk] if line.gift_id in by_id]
        facts = {
            "amount": money(row.amount, row.currency),
            "brand": isolated(order.brand.name),
            "names": joined(isolated(gift.recipient.short_name) for gift in meant),
            "when": clock.shows(_moment(row)),
            "why": misfit.why(row, order),
        }
        title, text = _words(row, meant)
        said.append(MoneyBack(row, title % facts, text % facts))
    return said


def _moment(row: Refund) -> datetime:
    return row.over_at or row.asked_at


def _words(row: Refund, meant: Sequence[Gift]) -> tuple[str, str]:
    """With places for the facts."""
    if row.state == State.SUCCEEDED:
        title = _("%(amount)s was sent back to you")
        then = _("Sent %(when)s; banks show it within five to ten days, some sooner.")
    elif row.state == State.FAILED:
        title = _("%(amount)s could not be sent back")
        then = _("Tried %(when)s; it stays yours, and %(brand)s will write to you.")
        if any(gift.code and gift.code.balance for gift in meant):
            then = _("Tried %(when)s; what it was for is good as before.")
    elif row.state == State.RETURNED:
        title = _("%(amount)s came back from your bank")
        then = _("Since %(when)s; it stays yours, and %(brand)s will write to you.")
    elif row.state == State.PENDING:
        title = _("%(amount)s is on its way back to you")
        then = _("Asked for %(when)s; banks take some days.")
    else:
        title = _("%(amount)s goes back to you")
        then = _("Asked for %(when)s; it is sent in a moment.")
    return title, f"{_for_what(row, meant)} {then}".strip()


def _for_what(row: Refund, meant: Sequence[Gift]) -> str:
    if row.origin == Origin.PAYMENT:
        return _("You paid it, but it did not fit this order. %(why)s")
    if not meant:
        return ""
    if row.origin == Origin.RECIPIENT:
        if row.may_tell_sender:
            return _("%(names)s gave your gift back, and need not say why.")
        return _("Your gift to %(names)s could not be used.")
    return _("For %(names)s.")
