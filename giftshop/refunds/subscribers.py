"""What Stripe tells of charges, and what must follow once somebody asked for money back."""

import json
from datetime import datetime

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from giftshop.http.outside_calls import in_short
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.payments import event_types
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import charge_state, disputes, payouts, refunds
from giftshop.payments.stripe.charge_state import ChargeState
from giftshop.payments.stripe.payouts import PayoutState
from giftshop.refunds import notify as _notify  # noqa: F401  - registers itself
from giftshop.refunds import read, send
from giftshop.refunds.ask import ask_for_refused
from giftshop.refunds.evidence import answer
from giftshop.refunds.models import Dispute, Refund
from giftshop.refunds.payouts import record as payout


@subscribe(Topic.PAYMENT_REFUSED, name="payments.send_back", queue=Queue.MONEY)
def send_back(message: Message) -> None:
    """Nothing was issued for this payment, so all of it goes back."""
    told = message.payload
    with scopes_disabled():
        payment = Payment.objects.select_related("brand").get(pk=told["payment_id"])
    with scope(brand=payment.brand):
        ask_for_refused(
            payment=payment,
            amount=told.get("amount", payment.amount),
            currency=told.get("currency", payment.currency),
            now=timezone.now(),
        )


@subscribe(Topic.REFUND_ASKED, name="refunds.send", queue=Queue.MONEY)
def send_refund(message: Message) -> None:
    """Stripe's key makes it once. What Stripe says of it then is read at once: no webhook is waited for."""
    with scopes_disabled():
        asked = Refund.objects.select_related("payment", "brand").get(
            pk=message.payload["refund_id"]
        )
    if asked.state != Refund.State.ASKED:
        return
    with in_short():  # others wait behind it
        try:
            refunds.create(
                payment_intent_id=asked.payment.payment_intent_id,
                amount=asked.amount,
                key=str(asked.pk),
                times_short=asked.times_short,
            )
        except refunds.BalanceShort:
            send.note_short(asked)
            raise
        except refunds.RefundRefused as no:
            send.note_refused(refund_id=asked.pk, failure=str(no), now=timezone.now())
            return
        state = charge_state.retrieve(asked.payment.charge_id)
    if state:
        read.record(state=state, now=timezone.now())


@subscribe(Topic.EVIDENCE_WRITTEN, name="refunds.send_evidence", queue=Queue.MONEY)
def send_evidence(message: Message) -> None:
    """Stripe's key makes it once. How the dispute stands then is read at once. An answer that another has
    replaced is not sent."""
    with scopes_disabled():
        written = Dispute.objects.select_related("payment").get(pk=message.payload["dispute_id"])
    if not written.evidence or written.answered_at is None:
        return
    if written.answered_at.isoformat() != message.payload["answered_at"]:
        return
    with in_short():  # others wait behind it
        try:
            disputes.submit(
                dispute_id=written.dispute_id,
                evidence=written.evidence,
                key=f"{written.pk}:{message.pk}",
            )
        except disputes.EvidenceRefused as no:
            answer.note_refused(dispute_id=written.pk, failure=str(no))
            return
        answer.note_taken(dispute_id=written.pk)
        state = charge_state.retrieve(written.payment.charge_id)
    if state:
        read.record(state=state, now=timezone.now())


TYPES = frozenset(
    {
        *("refund.created", "refund.updated", "refund.failed"),
        *("charge.refunded", "charge.refund.updated"),
        *("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"),
        *("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
        *("radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"),
        *("review.opened", "review.closed"),
    }
)


def _told(event: StripeEvent) -> dict[str, object]:
    subject: dict[str, object] = json.loads(event.payload)["data"]["object"]
    return subject


def _charge_id(event: StripeEvent) -> str:
    told = _told(event)
    return str(told.get("id" if told.get("object") == "charge" else "charge") or "")


def is_wanted(event: StripeEvent) -> bool:
    """A payment that is not written down here may still be ours: Stripe's charge names its order."""
    return bool(_charge_id(event))


def retrieve(event: StripeEvent) -> ChargeState | None:
    return charge_state.retrieve(_charge_id(event))


def record(state: ChargeState, event: StripeEvent, now: datetime) -> None:
    told = _told(event)
    arrived = told.get("object") == "refund" and told.get("status") == "succeeded"
    read.record(state=state, arrived=frozenset({event.object_id} if arrived else ()), now=now)


event_types.register(
    event_types.Kind(types=TYPES, is_wanted=is_wanted, retrieve=retrieve, record=record)
)

OF_PAYOUTS = frozenset(
    {
        *("payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled"),
        "payout.reconciliation_completed",
    }
)


def retrieve_payout(event: StripeEvent) -> PayoutState | None:
    return payouts.retrieve(event.object_id)


def record_payout(state: PayoutState, _event: StripeEvent, now: datetime) -> None:
    payout.record(state=state, now=now)


event_types.register(
    event_types.Kind(
        types=OF_PAYOUTS,
        is_wanted=lambda event: bool(event.object_id),
        retrieve=retrieve_payout,
        record=record_payout,
    )
)
