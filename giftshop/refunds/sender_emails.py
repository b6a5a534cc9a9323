"""Letters to whoever paid, about money that goes back: what they took back, and what became of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brands.policy.countries import law_of
from core.bidi import isolated
from core.templatetags.money import money
from giftshop import zones
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import mark, order_url
from giftshop.delivery.models import Delivery
from giftshop.refunds import misfit
from giftshop.refunds.emails import Words
from giftshop.refunds.models import Refund, RefundLine
from redemption.models import Code


class GiftLine(NamedTuple):
    name: str
    label: Any
    amount: str


class Said(NamedTuple):
    """Of a refund, by its state and by whom it was asked for."""

    subject: str
    title: str
    what: str
    then: str


Say = Callable[[Refund, Sequence[RefundLine]], Said]
"""With places for the facts."""


def withdrawal_letter(delivery: Delivery, refund: Refund) -> EmailMessage:
    """That gifts were taken back, by whom and when to the minute, whatever became of the money since."""
    return _letter(delivery, refund, _of_withdrawal, refund.asked_at)


def refund_letter(delivery: Delivery, refund: Refund) -> EmailMessage:
    """How much went back, for which gifts, and until when to look for it; or why it did not."""
    return _letter(delivery, refund, _of_refund, refund.over_at or refund.asked_at)


def _letter(delivery: Delivery, refund: Refund, say: Say, at: datetime) -> EmailMessage:
    order = refund.payment.order
    with translation.override(order.language), timezone.override(order.brand.tz):
        lines = list(
            refund.lines.filter(gift__isnull=False).select_related("gift__recipient", "gift__code")
        )
        facts = _facts(refund, lines, at)
        said = say(refund, lines)
        words = Words(
            said.subject,
            said.title % facts,
            said.what % facts,
            said.then % facts,
            _("See your order"),
            _("Order %(number)s, %(when)s") % facts,
            _("You get this because you paid %(brand)s.") % facts,
        )
        return letter(
            delivery=delivery,
            name="money",
            subject=words.subject,
            named={"brand": order.brand.name, "amount": facts["amount"]},
            context={
                "words": words,
                "is_senders": True,
                "gifts": [
                    GiftLine(
                        line.gift.recipient.short_name,
                        line.gift.said["label"],
                        money(line.amount, refund.currency),
                    )
                    for line in lines
                    if line.gift
                ],
                "url": order_url(order),
            },
            pictures=mark(order.brand),
        )


def _facts(refund: Refund, lines: Sequence[RefundLine], at: datetime) -> dict[str, str]:
    """Names in them are isolated."""
    order = refund.payment.order
    return {
        "brand": isolated(order.brand.name),
        "sender": isolated(order.sender),
        "name": isolated(lines[0].gift.recipient.short_name) if lines and lines[0].gift else "",
        "amount": money(refund.amount, refund.currency),
        "number": order.number,
        "until": date_format(refund.credit.last_day, "DATE_FORMAT") if refund.credit else "",
        "why": misfit.why(refund, order),
        "when": _("%(moment)s (%(place)s)")
        % {
            "moment": date_format(timezone.localtime(at), "DATETIME_FORMAT"),
            "place": zones.place(order.brand.time_zone),
        },
    }


def _of_withdrawal(refund: Refund, _lines: Sequence[RefundLine]) -> Said:
    then = _("The gifts can't be used from now on. We write again once the money is on its way.")
    if law_of(refund.brand.country).withdrawal_function:
        return Said(
            _("%(brand)s got your withdrawal"),
            _("We got your withdrawal"),
            _(
                "%(sender)s, on %(when)s you withdrew from the contract about the gifts that are listed"
                " here. %(amount)s goes back to you."
            ),
            then,
        )
    return Said(
        _("%(brand)s got your cancellation"),
        _("We got your cancellation"),
        _(
            "%(sender)s, on %(when)s you cancelled the gifts that are listed here. %(amount)s goes back to"
            " you."
        ),
        then,
    )


def _of_refund(refund: Refund, lines: Sequence[RefundLine]) -> Said:
    if refund.state == Refund.State.RETURNED:
        return Said(
            _("Your money from %(brand)s came back to us"),
            _("Your bank did not take the money"),
            _(
                "%(amount)s that went back to you did not arrive: your bank sent it to %(brand)s again."
            ),
            _(
                "It stays yours. %(brand)s sees this too; answer this letter to say how you want it."
            ),
        )
    if refund.state == Refund.State.FAILED:
        return Said(
            _("%(amount)s from %(brand)s could not be sent back"),
            _("The money could not be sent back"),
            _("%(amount)s could not go back to your card or account."),
            _after_failure(refund, lines),
        )
    if refund.state == Refund.State.CREDITED:
        instead = _("%(amount)s is yours as a credit instead.")
        return Said(
            _("%(amount)s at %(brand)s is yours"),
            _("You have a credit"),
            f"{_why_given_back(refund)} {instead}",
            _("Your page of the order has its code: show it at the counter until %(until)s."),
        )
    return Said(
        _("%(brand)s sent you %(amount)s back"),
        _("Your money is on its way back"),
        _what_was_sent(refund),
        _("Banks show it within five to ten days, some sooner."),
    )


def _what_was_sent(refund: Refund) -> str:
    if refund.origin == Refund.Origin.PAYMENT:
        return _("You paid %(amount)s that did not fit your order. %(why)s So it went back whole.")
    sent = _("%(brand)s sent %(amount)s back to the card or account that you paid with.")
    if refund.origin == Refund.Origin.RECIPIENT:
        return f"{_why_given_back(refund)} {sent}"
    if refund.origin == Refund.Origin.UNOPENED:
        nobody = _("Nobody opened your gift to %(name)s until its last day.")
        return f"{nobody} {sent}"
    return sent


def _why_given_back(refund: Refund) -> str:
    """As much as its recipient allows."""
    if refund.may_tell_sender:
        return _("%(name)s gave your gift back, and need not say why.")
    return _("Your gift to %(name)s could not be used.")


def _after_failure(refund: Refund, lines: Sequence[RefundLine]) -> str:
    if refund.origin != Refund.Origin.UNOPENED and any(
        line.gift and line.gift.code and is_good(line.gift.code) for line in lines
    ):
        if refund.origin == Refund.Origin.SENDER:
            return _("Your gifts are good as before. Try again, or answer this letter.")
        return _("Your gifts are good as before.")
    return _("It stays yours. %(brand)s sees this too; answer this letter to say how you want it.")


def is_good(code: Code) -> bool:
    """Whether its gift can be used again, or soon."""
    return bool(code.balance)
