"""Taking a sheet back as a whole: what of it was not used, some codes at a time. And stopping a list: what
was not sent is the offer's again, what was sent, or may have been, stays good."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from giftshop.delivery.models import Delivery
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.handouts.send_one import let_go, letters, outdate
from giftshop.offers.models import OfferUse
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.codes import acts, void
from redemption.codes.own_reasons import OwnReason
from redemption.models import Code

AT_ONCE = 50
"""Codes of one transaction: a till that wants one of them waits for so many at most."""
LEFT = Q(state__in=[Code.State.ACTIVE, Code.State.ON_HOLD])


def end(*, handout_id: UUID, reason: str, by: Actor, now: datetime) -> Handout:
    """From now on nothing of it is handed out. The codes of a sheet are taken back (take_back); of a list
    what is kept free for those who wait is let go. Once is enough. Expects the brand's scope. Raises
    Handout.DoesNotExist."""
    with transaction.atomic():
        rows = Handout.objects.select_related("brand", "offer").select_for_update(
            of=("self",), no_key=True
        )
        held = rows.get(pk=handout_id)
        if held.ended_at:
            return held
        held.ended_at, held.ended_by_name, held.end_reason = now, by.name, reason
        held.save(update_fields=["ended_at", "ended_by_name", "end_reason"])
        if held.is_list:
            waiting = HandoutLine.objects.filter(handout=held, state=HandoutLine.State.WAITING)
            let_go(waiting, held.offer_id, HandoutLine.State.STOPPED)
        emit(
            topic=Topic.HANDOUT_ENDED,
            brand_id=held.brand_id,
            payload={"handout_id": str(held.pk)},
            now=now,
        )
        record(
            brand=held.brand,
            actor=by,
            act=Act.LIST_STOPPED if held.is_list else Act.HANDOUT_ENDED,
            subject=f"handout:{held.pk}",
            now=now,
            details={"name": held.offer.name, **({"reason": reason} if reason else {})},
        )
    return held


def take_back(*, handout_id: UUID, now: datetime) -> int:
    """What is left of a sheet's codes, or what of a list was given while no mail server took its letter; how
    many were. Again, it goes on where it was. Expects the brand's scope and no transaction."""
    if Handout.objects.get(pk=handout_id).is_list:
        return _outdate_all(handout_id, now)
    taken = 0
    while ids := _some_left(handout_id):
        with transaction.atomic():
            acts.lock_all(ids)  # all of them before the audit log, which is locked last
            for code_id in ids:
                void.take_back(code_id=code_id, reason=OwnReason.HANDOUT_ENDED, now=now)
        taken += len(ids)
    return taken


def _some_left(handout_id: UUID) -> list[UUID]:
    its = OfferUse.objects.filter(handout_id=handout_id).values("code")
    left = Code.objects.filter(LEFT, pk__in=its).order_by("pk")
    return list(left.values_list("pk", flat=True)[:AT_ONCE])


def _outdate_all(handout_id: UUID, now: datetime) -> int:
    given = HandoutLine.objects.filter(
        handout=handout_id, state=HandoutLine.State.WAITING, use__isnull=False
    )
    its = letters(given.values_list("pk", flat=True)).filter(state=Delivery.State.PENDING)
    return sum(outdate(letter, now) for letter in its.order_by("pk"))
