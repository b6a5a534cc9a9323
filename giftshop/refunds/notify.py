"""Who is written to about money that moved: whoever paid, and the brand's owners."""

from uuid import UUID, uuid5

from django_scopes import scope

from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send, send_to_owners
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.refunds.emails import Told, case_letter
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.refunds.sender_emails import refund_letter, withdrawal_letter

TOLD_TO_SENDER = {
    Refund.State.SUCCEEDED,
    Refund.State.FAILED,
    Refund.State.RETURNED,
    Refund.State.CREDITED,
}


def _id_in(row: Refund | Dispute | FraudWarning, state: str) -> UUID:
    """Of the row in that state: what becomes of it next is told, too."""
    return uuid5(row.pk, state)


def _state(case: Dispute | FraudWarning | Refund) -> str:
    """A warning is told of once."""
    if isinstance(case, FraudWarning):
        return ""
    return case.state if isinstance(case, Refund) else case.status


WITHDRAWAL = register(
    Purpose[Refund](
        name="withdrawal",
        subject=lambda refund: f"refund:{refund.pk}",
        address=lambda refund: refund.payment.order.sender_email,
        compose=withdrawal_letter,
        is_needed=True,
    )
)
REFUND = register(
    Purpose[Refund](
        name="refund",
        subject=lambda refund: f"refund:{_id_in(refund, refund.state)}",
        address=lambda refund: refund.payment.order.sender_email,
        compose=refund_letter,
        is_needed=True,
    )
)
CASE = register(
    Purpose[Told](
        name="case",
        subject=lambda told: f"case:{_id_in(told.case, _state(told.case))}",
        addressee=lambda told: f"user:{told.owner.pk}",
        address=lambda told: told.owner.email,
        compose=case_letter,
        is_needed=True,
    )
)


@subscribe(Topic.REFUND_ASKED, name="refunds.acknowledge", queue=Queue.MAIL)
def acknowledge(message: Message) -> None:
    """Whoever takes gifts back has a right to it (Directive 2011/83/EU, art. 11a), however fast the money."""
    with scope(brand=message.brand_id):
        refund = _refund(message)
        if refund.origin == Refund.Origin.SENDER:
            send(purpose=WITHDRAWAL, about=refund, brand=refund.brand)


@subscribe(Topic.REFUND_MOVED, name="refunds.tell_sender", queue=Queue.MAIL)
def tell_sender(message: Message) -> None:
    with scope(brand=message.brand_id):
        refund = _refund(message)
        if refund.state in TOLD_TO_SENDER and not refund.is_unclear:
            send(purpose=REFUND, about=refund, brand=refund.brand)


@subscribe(Topic.REFUND_MOVED, name="refunds.tell_owners_of_refund", queue=Queue.MAIL)
def tell_owners_of_refund(message: Message) -> None:
    """What nobody of theirs asked for, and what did not arrive: it waits for somebody."""
    with scope(brand=message.brand_id):
        refund = _refund(message)
        is_misfit = refund.origin == Refund.Origin.PAYMENT and refund.state in TOLD_TO_SENDER
        if is_misfit or refund.state == Refund.State.RETURNED:
            send_to_owners(refund.brand, CASE, lambda owner: Told(refund, owner))


@subscribe(Topic.DISPUTE_MOVED, name="refunds.tell_owners", queue=Queue.MAIL)
def tell_owners(message: Message) -> None:
    with scope(brand=message.brand_id):
        disputes = Dispute.objects.select_related("brand", "payment__order__brand")
        dispute = disputes.get(pk=message.payload["dispute_id"])
        send_to_owners(dispute.brand, CASE, lambda owner: Told(dispute, owner))


@subscribe(Topic.WARNING_RAISED, name="refunds.warn_owners", queue=Queue.MAIL)
def warn_owners(message: Message) -> None:
    with scope(brand=message.brand_id):
        warnings = FraudWarning.objects.select_related("brand", "payment__order__brand")
        warning = warnings.get(pk=message.payload["warning_id"])
        if warning.holds():
            send_to_owners(warning.brand, CASE, lambda owner: Told(warning, owner))


def _refund(message: Message) -> Refund:
    rows = Refund.objects.select_related("brand", "payment__order__brand")
    return rows.get(pk=message.payload["refund_id"])
