"""Somebody has seen that a refund was not sent: it waits for nobody any more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from giftshop.refunds.ask import tell
from giftshop.refunds.choose import ChoiceRefusal, ChoiceRefused
from giftshop.refunds.models import Refund
from redemption.audit.actors import Actor
from redemption.audit.log import Act


def put_aside(*, refund_id: UUID, actor: Actor, now: datetime) -> Refund:
    """Expects the brand's scope. Raises ChoiceRefused: it was sent, or somebody has seen it before."""
    with transaction.atomic():
        rows = Refund.objects.select_for_update(no_key=True, of=("self",))
        found = rows.select_related("payment__order", "brand").get(pk=refund_id)
        was_seen = found.decided_at and found.over_at and found.decided_at >= found.over_at
        if found.state != Refund.State.FAILED or was_seen:
            raise ChoiceRefused(ChoiceRefusal.DECIDED)
        found.decided_at = max(now, found.over_at or now)
        found.decided_by, found.decided_by_name = actor.id, actor.name
        found.save(update_fields=["decided_at", "decided_by", "decided_by_name"])
        tell(Act.REFUND_DECIDED, found, actor, now)
    return found
