"""What became of money that goes back, in words with amount and moment, for whoever paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bidi import isolated
from core.locales import joined
from core.templatetags.money import money
from giftshop.order_page.clock import Clock
from giftshop.orders.models import Gift, Order
from giftshop.refunds import misfit
from giftshop.refunds.models import Refund, RefundLine
from redemption import code_format
from redemption.codes import qr
from redemption.models import Code

State, Origin = Refund.State, Refund.Origin
ICONS = {
    State.ASKED: "clock",
    State.PENDING: "clock",
    State.SUCCEEDED: "check-circle",
    State.FAILED: "alert",
    State.RETURNED: "alert",
    State.CREDITED: "gift",
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
    def groups(self) -> list[str]:
        """Of the credit's code, while a store takes it."""
        plain = self._plain()
        return code_format.grouped(plain).split("-") if plain else []

    @property
    def qr(self) -> str:
        return qr.svg(self._plain() or "")

    def _plain(self) -> str | None:
        credit = self.refund.credit
        return credit.reveal() if credit and credit.state == Code.State.ACTIVE else None

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
    def credits(self) -> dict[UUID, Code | None]:
        """What was given instead of money, by the gift's id."""
        return {
            line.gift_id: row.credit
            for row in self.rows
            for line in self.lines[row.pk]
            if row.credit and line.gift_id
        }

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
    rows = rows.select_related("credit").prefetch_related("lines")
    found = sorted(rows, key=_moment, reverse=True)
    for row in found:
        if row.credit:
            row.credit.brand = order.brand
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
            **_facts_of_credit(row.credit),
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
        is_good = row.origin != Origin.UNOPENED
        if is_good and any(gift.code and gift.code.balance for gift in meant):
            then = _("Tried %(when)s; what it was for is good as before.")
    elif row.state == State.RETURNED:
        title = _("%(amount)s came back from your bank")
        then = _("Since %(when)s; it stays yours, and %(brand)s will write to you.")
    elif row.state == State.CREDITED:
        title, then = _("%(amount)s is yours as a credit"), _words_of_credit(row.credit)
    elif row.state == State.PENDING:
        title = _("%(amount)s is on its way back to you")
        then = _("Asked for %(when)s; banks take some days.")
    else:
        title = _("%(amount)s goes back to you")
        then = _("Asked for %(when)s; it is sent in a moment.")
    return title, f"{_for_what(row, meant)} {then}".strip()


def _facts_of_credit(credit: Code | None) -> dict[str, str]:
    if credit is None:
        return {}
    return {
        "left": money(credit.balance, credit.currency),
        "until": date_format(credit.last_day, "DATE_FORMAT"),
    }


def _words_of_credit(credit: Code | None) -> str:
    """With places for its facts."""
    state = credit.state if credit else None
    if state == Code.State.ACTIVE:
        return _(
            "%(left)s is left on it. Show its code at the counter of %(brand)s until %(until)s."
        )
    if state == Code.State.ON_HOLD:
        return _("It is on hold: the payment is being looked into.")
    if state == Code.State.REDEEMED:
        return _("You have used it.")
    return _("It can no longer be used.")


def _for_what(row: Refund, meant: Sequence[Gift]) -> str:
    if row.origin == Origin.PAYMENT:
        return _("You paid it, but it did not fit this order. %(why)s")
    if not meant:
        return ""
    if row.origin == Origin.RECIPIENT:
        if row.may_tell_sender:
            return _("%(names)s gave your gift back, and need not say why.")
        return _("Your gift to %(names)s could not be used.")
    if row.origin == Origin.UNOPENED:
        return _("Nobody opened your gift to %(names)s until its last day.")
    return _("For %(names)s.")
