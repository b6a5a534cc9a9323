"""Letters to a brand's owners about money that banks ask for, or may, and about money that found no taker."""

from collections.abc import Mapping
from typing import NamedTuple

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
from giftshop.delivery.emails import language_of, mark
from giftshop.delivery.models import Delivery
from giftshop.refunds import misfit
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


class Told(NamedTuple):
    """A dispute, a warning, or a refund that nobody of the brand asked for or that did not arrive, to one of
    the brand's owners."""

    case: Dispute | FraudWarning | Refund
    owner: User


def case_letter(delivery: Delivery, told: Told) -> EmailMessage:
    """To an owner: a bank asked for money, or decided, or took a payment for fraud; or a payment did not fit,
    or money did not reach its sender."""
    brand, case = told.case.brand, told.case
    with translation.override(language_of(brand)), timezone.override(brand.tz):
        words = _words_of(case)
        return letter(
            delivery=delivery,
            name="money",
            subject=words.subject,
            named={"brand": brand.name, "number": case.payment.order.number},
            context={
                "words": words,
                "gifts": [],
                "url": settings.BASE_URL
                + reverse("order_money", args=[brand.slug, case.payment.order_id]),
            },
            pictures=mark(brand),
        )


def _words_of(case: Dispute | FraudWarning | Refund) -> Words:
    if isinstance(case, FraudWarning):
        return _words_of_warning(case)
    if isinstance(case, Refund):
        return _words_of_refund(case)
    return _words_of_dispute(case)


def _words_of_dispute(dispute: Dispute) -> Words:
    day = date_format(timezone.localtime(dispute.due_by), "DATE_FORMAT") if dispute.due_by else ""
    facts = {"amount": money(dispute.amount, dispute.currency), "day": day}
    return _words(dispute, *_said_of(dispute), facts)


def _words(
    case: Dispute | FraudWarning | Refund,
    subject: str,
    title: str,
    what: str,
    then: str,
    facts: Mapping[str, str],
) -> Words:
    """`what` and `then` have places for the facts, and for the order's number and the brand's name."""
    known = {**facts, "number": case.payment.order.number, "brand": isolated(case.brand.name)}
    why = _("You get this because %(brand)s is yours. Each of its owners gets it.") % known
    when = _("Order %(number)s") % known
    return Words(subject, title, what % known, then % known, _("See what happened"), when, why)


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
    if status == Dispute.Status.PREVENTED:
        # The payer may have the money, or the bank asked for none.
        return (
            _("A case about a payment to %(brand)s is settled"),
            _("Settled before it became a dispute"),
            _("The case about %(amount)s of order %(number)s is settled, and there is no dispute."),
            _("The order's page says what became of the money and the gifts."),
        )
    if status == Dispute.Status.INQUIRY_CLOSED:
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
    if status == Dispute.Status.INQUIRY:
        return (
            _("A bank asks about a payment to %(brand)s"),
            _("A payer's bank asks about a payment"),
            _(
                "The bank of whoever paid order %(number)s asks about %(amount)s. Its gifts are on hold."
            ),
            _("Answer until %(day)s: without an answer it can become a dispute.")
            if dispute.due_by
            else _("Answer soon: without an answer it can become a dispute."),
        )
    return (
        _("A payment to %(brand)s is disputed"),
        _("A payer's bank asks for the money"),
        _("The bank of whoever paid order %(number)s asks for %(amount)s. Its gifts are on hold."),
        _("Answer until %(day)s: without an answer the money is lost.")
        if dispute.due_by
        else _("Answer soon: without an answer the money is lost."),
    )


def _words_of_warning(warning: FraudWarning) -> Words:
    return _words(
        warning,
        _("A payment to %(brand)s may be fraud"),
        _("A payment may be fraud"),
        _(
            "Stripe or a card scheme takes the payment of order %(number)s for fraud. Its gifts are on hold."
        ),
        _("If you don't know the sender, send the money back: that is cheaper than a dispute."),
        {},
    )


def _words_of_refund(refund: Refund) -> Words:
    facts = {
        "amount": money(refund.amount, refund.currency),
        "why": misfit.why(refund, refund.payment.order),
    }
    if refund.state == Refund.State.SUCCEEDED:
        subject = _("A payment to %(brand)s did not fit its order")
        title = _("A payment did not fit")
        what = _("%(amount)s was paid for order %(number)s and went back whole. %(why)s")
        then = _("There is nothing for you to do. Stripe keeps its fee for it.")
    else:
        subject = _("Money of %(brand)s did not reach its sender")
        title = _("Money did not reach its sender")
        what = _("%(amount)s of order %(number)s was sent back and did not arrive.")
        then = _("It is still owed. Send it again, or ask the sender how they want it.")
    return _words(refund, subject, title, what, then, facts)
