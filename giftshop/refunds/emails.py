"""Letters about money that went back or was asked for: to whoever paid, and to the brand's owners."""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bidi import isolated
from core.templatetags.money import money
from giftshop.accounts.models import User
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import language_of, mark, order_url
from giftshop.delivery.models import Delivery
from giftshop.refunds.models import Dispute, FraudWarning, Refund


class Words(NamedTuple):
    """What a letter about money says. Names in it are isolated."""

    subject: str
    title: str
    what: str
    then: str
    button: str
    when: str
    why: str


class GiftLine(NamedTuple):
    name: str
    label: Any
    amount: str


class Told(NamedTuple):
    """A dispute or a warning, to one of the brand's owners."""

    case: Dispute | FraudWarning
    owner: User


def refund_letter(delivery: Delivery, refund: Refund) -> EmailMessage:
    """To whoever paid: how much goes back, for which gifts, and until when to look for it."""
    order = refund.payment.order
    with translation.override(order.language), timezone.override(order.brand.tz):
        words = _words_of_refund(refund)
        lines = refund.lines.filter(gift__isnull=False).select_related("gift__recipient")
        return letter(
            delivery=delivery,
            name="money",
            subject=words.subject,
            named={"brand": order.brand.name, "amount": money(refund.amount, refund.currency)},
            context={
                "words": words,
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


def _words_of_refund(refund: Refund) -> Words:
    brand = isolated(refund.brand.name)
    amount = money(refund.amount, refund.currency)
    when = date_format(timezone.localtime(refund.over_at or refund.asked_at), "DATETIME_FORMAT")
    facts = {"brand": brand, "amount": amount, "when": when}
    button, why = _("See your order"), _("You get this because you paid %(brand)s.") % facts
    noted = _("Order %(number)s, %(when)s") % {"number": refund.payment.order.number, **facts}
    if refund.state == Refund.State.SUCCEEDED:
        return Words(
            _("%(brand)s sent you %(amount)s back"),
            _("Your money is on its way back"),
            _("%(brand)s sent %(amount)s back to the card or account that you paid with.") % facts,
            _("Banks show it within five to ten days, some sooner."),
            button,
            noted,
            why,
        )
    if refund.state == Refund.State.RETURNED:
        return Words(
            _("Your money from %(brand)s came back to us"),
            _("Your bank did not take the money"),
            _(
                "%(amount)s that went back to you did not arrive: your bank sent it to %(brand)s again."
            )
            % facts,
            _("It stays yours. %(brand)s sees this too; answer this letter to say how you want it.")
            % facts,
            button,
            noted,
            why,
        )
    if refund.state == Refund.State.FAILED:
        return Words(
            _("%(amount)s from %(brand)s could not be sent back"),
            _("The money could not be sent back"),
            _("%(amount)s could not go back to your card or account.") % facts,
            _("Your gifts are good as before. Try again, or answer this letter.") % facts,
            button,
            noted,
            why,
        )
    return Words(
        _("%(brand)s got your withdrawal"),
        _("We got your withdrawal"),
        _("You took back what is listed here on %(when)s; %(amount)s goes back to you.") % facts,
        _("The gifts can't be used from now on. We write again once the money is on its way.")
        % facts,
        button,
        noted,
        why,
    )


def case_letter(delivery: Delivery, told: Told) -> EmailMessage:
    """To an owner: a bank asked for money, or decided, or took a payment for fraud."""
    brand, case = told.case.brand, told.case
    with translation.override(language_of(brand)), timezone.override(brand.tz):
        words = (
            _words_of_warning(case) if isinstance(case, FraudWarning) else _words_of_dispute(case)
        )
        return letter(
            delivery=delivery,
            name="money",
            subject=words.subject,
            named={"brand": brand.name, "number": case.payment.order.number},
            context={
                "words": words,
                "gifts": [],
                "url": settings.BASE_URL + reverse("audit_log", args=[brand.slug]),
            },
            pictures=mark(brand),
        )


def _words_of_dispute(dispute: Dispute) -> Words:
    facts = {
        "amount": money(dispute.amount, dispute.currency),
        "number": dispute.payment.order.number,
        "day": date_format(timezone.localtime(dispute.due_by), "DATE_FORMAT")
        if dispute.due_by
        else "",
        "brand": isolated(dispute.brand.name),
    }
    button = _("See what happened")
    when = _("Order %(number)s") % facts
    why = _("You get this because %(brand)s is yours. Each of its owners gets it.") % facts
    subject, title, what, then = _said_of(dispute)
    return Words(subject, title, what % facts, then % facts, button, when, why)


def _said_of(dispute: Dispute) -> tuple[str, str, str, str]:
    """Subject, title, what happened, what to do; with places for the facts."""
    status = dispute.status
    if status == Dispute.Status.WON:
        return (
            _("%(brand)s won a dispute"),
            _("You won the dispute"),
            _("The bank decided for you: %(amount)s is back."),
            _("The gifts that were on hold for it are good again."),
        )
    if status == Dispute.Status.LOST:
        return (
            _("%(brand)s lost a dispute"),
            _("The dispute is lost"),
            _("The bank decided for the payer: %(amount)s stays with them."),
            _(
                "What was left of the gifts can't be used any more. What was handed over stays your loss."
            ),
        )
    if status in {Dispute.Status.INQUIRY_CLOSED, Dispute.Status.PREVENTED}:
        return (
            _("A question about a payment to %(brand)s is closed"),
            _("The bank's question is closed"),
            _("The bank asked about %(amount)s and has closed the case."),
            _("There is nothing for you to do."),
        )
    if status in {Dispute.Status.UNDER_REVIEW, Dispute.Status.INQUIRY_ANSWERED}:
        return (
            _("The bank reads what %(brand)s sent"),
            _("Your answer is with the bank"),
            _("The bank reads your answer about %(amount)s. That takes up to some weeks."),
            _("The gifts stay on hold until it has decided."),
        )
    return (
        _("A payment to %(brand)s is disputed"),
        _("A payer's bank asks for the money"),
        _("The bank of whoever paid order %(number)s asks for %(amount)s. Its gifts are on hold."),
        _("Answer until %(day)s: without an answer the money is lost."),
    )


def _words_of_warning(warning: FraudWarning) -> Words:
    facts = {
        "number": warning.payment.order.number,
        "brand": isolated(warning.brand.name),
    }
    return Words(
        _("A payment to %(brand)s may be fraud"),
        _("A payment may be fraud"),
        _(
            "Stripe or a card scheme takes the payment of order %(number)s for fraud. Its gifts are on hold."
        )
        % facts,
        _("If you don't know the sender, send the money back: that is cheaper than a dispute."),
        _("See what happened"),
        _("Order %(number)s") % facts,
        _("You get this because %(brand)s is yours. Each of its owners gets it.") % facts,
    )
