"""A person answers a bank: what they read and changed is sent to Stripe by the outbox, once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scope, scopes_disabled

from core.refused import Refused
from giftshop.orders.models import Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.refunds.models import Dispute
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.models import AuditEntry


class AnswerRefusal(models.TextChoices):
    OVER = "over", _("The bank has decided, or takes no answer any more.")
    LATE = "late", _("The time to answer is over.")
    SENT = "sent", _("An answer was sent already. A bank takes one.")


class AnswerRefused(Refused[AnswerRefusal]):
    pass


def refusal(dispute: Dispute, now: datetime) -> AnswerRefusal | None:
    """Why it can't be answered now."""
    if dispute.answered_at:
        return AnswerRefusal.SENT
    if dispute.status not in Dispute.ANSWERABLE:
        return AnswerRefusal.OVER
    if dispute.due_by and dispute.due_by <= now:
        return AnswerRefusal.LATE
    return None


def was_answered(dispute: Dispute) -> bool:
    """Whether the bank's question was answered before it asked for the money. One query where it may be."""
    if dispute.is_inquiry or dispute.evidence_failure:
        return False
    sent = AuditEntry.objects.filter(brand=dispute.brand_id, act=Act.EVIDENCE_SENT)
    return sent.filter(subject=dispute.subject).exists()


def answer(
    *, dispute_id: UUID, evidence: Mapping[str, str], actor: Actor, now: datetime
) -> Dispute:
    """`evidence`: by Stripe's fields. Expects the brand's scope. Raises AnswerRefused."""
    with transaction.atomic():
        found = _lock(dispute_id)
        if reason := refusal(found, now):
            raise AnswerRefused(reason)
        found.evidence = {name: text for name, text in evidence.items() if text}
        found.answered_at, found.evidence_failure = now, ""
        found.save(update_fields=["evidence", "answered_at", "evidence_failure"])
        log.record(
            brand=found.brand,
            actor=actor,
            act=Act.EVIDENCE_SENT,
            subject=found.subject,
            now=now,
            details={"order": found.payment.order.number},
        )
        emit(
            topic=Topic.EVIDENCE_WRITTEN,
            brand_id=found.brand_id,
            payload={"dispute_id": str(found.pk), "answered_at": now.isoformat()},
            now=now,
        )
    return found


def note_taken(*, dispute_id: UUID) -> None:
    """Stripe has it, so that it need not be kept here."""
    with scopes_disabled():
        brand = Dispute.objects.select_related("brand").get(pk=dispute_id).brand
    with scope(brand=brand), transaction.atomic():
        found = _lock(dispute_id)
        found.evidence = {}
        found.save(update_fields=["evidence"])


def note_refused(*, dispute_id: UUID, failure: str) -> None:
    """Stripe did not take it. What was written stays, to be changed and sent again."""
    with scopes_disabled():
        brand = Dispute.objects.select_related("brand").get(pk=dispute_id).brand
    with scope(brand=brand), transaction.atomic():
        found = _lock(dispute_id)
        found.answered_at, found.evidence_failure = None, failure[:200] or "refused"
        found.save(update_fields=["answered_at", "evidence_failure"])


def _lock(dispute_id: UUID) -> Dispute:
    """Its order until commit: what Stripe tells of it takes turns with this."""
    Order.objects.locked().get(payments__disputes=dispute_id)
    return Dispute.objects.select_related("payment__order", "brand").get(pk=dispute_id)
