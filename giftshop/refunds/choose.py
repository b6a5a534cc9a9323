"""What only a person can say: which gifts a refund or a lost dispute was for, or that a warning is wrong."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from giftshop.orders.models import Gift, Order
from giftshop.payments.models import Payment
from giftshop.refunds import lost
from giftshop.refunds.ask import tell
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.lost import came_later
from giftshop.refunds.models import Dispute, FraudWarning, Refund, RefundLine
from giftshop.refunds.owed import owed
from giftshop.refunds.take import take
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import dispute, refund
from redemption.codes.acts import lock_all
from redemption.codes.own_reasons import OwnReason


class ChoiceRefusal(models.TextChoices):
    DECIDED = "decided", _("This was decided already.")
    TOO_MUCH = "too_much", _("That is more than went back, or more than is left on a gift.")
    NOT_OF_ORDER = "not_of_order", _("This gift is of another order.")


class ChoiceRefused(Refused[ChoiceRefusal]):
    pass


def choose(*, refund_id: UUID, amounts: Mapping[UUID, int], actor: Actor, now: datetime) -> Refund:
    """The gifts that a refund was meant for: minor units by the gift's id. What they don't make up went back
    out of goodwill. Expects the brand's scope. Raises ChoiceRefused."""
    with transaction.atomic():
        Order.objects.locked().get(payments__refunds=refund_id)
        found = Refund.objects.select_related("payment__order", "brand").get(pk=refund_id)
        if not found.is_unclear:
            raise ChoiceRefused(ChoiceRefusal.DECIDED)
        gifts = _gifts(found, amounts)
        rest = found.amount - sum(amounts.values())
        if rest < 0 or _are_too_much(found, gifts, amounts):
            raise ChoiceRefused(ChoiceRefusal.TOO_MUCH)
        RefundLine.objects.bulk_create(
            RefundLine(refund=found, gift=gifts[key], amount=amount)
            for key, amount in amounts.items()
            if amount
        )
        if rest:
            RefundLine.objects.create(refund=found, amount=rest)
        found.is_unclear, found.decided_at = False, now
        found.decided_by, found.decided_by_name = actor.id, actor.name
        refund.let_go(
            code_ids=_codes(found.payment, but=amounts),
            refund=found.subject,
            reason=OwnReason.REFUND_OF_OTHERS,
            now=now,
        )
        if found.succeeded_at:
            take(found, now)
        found.save()
        lost.void_what_is_left(payment=found.payment, code_ids=_codes(found.payment), now=now)
        tell(Act.REFUND_DECIDED, found, actor, now)
    return found


def most_for(
    found: Refund,
    gifts: Collection[Gift],
    owed_now: Mapping[UUID | None, int],
    disputes: Iterable[Dispute],
) -> Counter[UUID]:
    """As much as a refund can have been meant for each gift, minor units by its id: what was paid for what is
    left on it, what is owed for it, and what a bank took of it later. Expects the gifts with their codes. One
    query, none without disputes."""
    later = came_later(found, disputes, [gift.code_id for gift in gifts if gift.code_id])
    return Counter(
        {
            gift.pk: gift.code.paid_left + owed_now.get(gift.pk, 0) + later[gift.code.pk]
            for gift in gifts
            if gift.code
        }
    )


def choose_lost(*, dispute_id: UUID, gift_ids: list[UUID], actor: Actor, now: datetime) -> Dispute:
    """The gifts that a dispute about a part of the payment was lost for: these are void, the others good
    again. Expects the brand's scope. Raises ChoiceRefused."""
    with transaction.atomic():
        order = Order.objects.locked().get(payments__disputes=dispute_id)
        found = Dispute.objects.select_related("payment", "brand").get(pk=dispute_id)
        if not found.is_unclear:
            raise ChoiceRefused(ChoiceRefusal.DECIDED)
        theirs: list[UUID] = []
        kept: list[UUID] = []
        for gift in with_worth(order.gifts.filter(code__isnull=False)):
            if gift.code_id:
                (theirs if gift.pk in gift_ids else kept).append(gift.code_id)
        if len(theirs) != len(set(gift_ids)):
            raise ChoiceRefused(ChoiceRefusal.NOT_OF_ORDER)
        found.is_unclear, found.decided_at = False, now
        found.decided_by, found.decided_by_name = actor.id, actor.name
        found.save()
        dispute.release_gifts(
            code_ids=kept,
            subject=found.subject,
            reason=OwnReason.DISPUTE_OF_OTHERS,
            actor=actor,
            now=now,
        )
        dispute.lose(brand=found.brand, dispute=found.subject, code_ids=theirs, now=now)
        lost.void_what_is_left(payment=found.payment, code_ids=[*theirs, *kept], now=now)
        log.record(
            brand=found.brand,
            actor=actor,
            act=Act.DISPUTE_DECIDED,
            subject=found.subject,
            now=now,
            details={"order": order.number, "amount": found.amount, "currency": found.currency},
        )
    return found


def clear(*, warning_id: UUID, actor: Actor, reason: str, now: datetime) -> FraudWarning:
    """Somebody knows the sender: the gifts are good again, unless something else holds them. Expects the
    brand's scope. Raises ChoiceRefused."""
    with transaction.atomic():
        order = Order.objects.locked().get(payments__fraud_warnings=warning_id)
        found = FraudWarning.objects.select_related("payment", "brand").get(pk=warning_id)
        if not found.holds():
            raise ChoiceRefused(ChoiceRefusal.DECIDED)
        found.cleared_at, found.cleared_by, found.cleared_by_name = now, actor.id, actor.name
        found.save()
        gifts = with_worth(order.gifts.filter(code__isnull=False))
        dispute.release_gifts(
            code_ids=[gift.code_id for gift in gifts if gift.code_id],
            subject=found.subject,
            reason=reason,
            actor=actor,
            now=now,
        )
        log.record(
            brand=found.brand,
            actor=actor,
            act=Act.WARNING_CLEARED,
            subject=found.subject,
            now=now,
            details={"order": order.number, "reason": reason},
        )
    return found


def _codes(payment: Payment, *, but: Collection[UUID] = ()) -> list[UUID]:
    """Of the gifts that it paid for, but for some."""
    gifts = with_worth(payment.order.gifts.exclude(pk__in=but))
    return [gift.code_id for gift in gifts if gift.code_id]


def _gifts(found: Refund, amounts: Mapping[UUID, int]) -> dict[UUID, Gift]:
    gifts = {
        gift.pk: gift
        for gift in with_worth(found.payment.order.gifts.filter(pk__in=amounts, code__isnull=False))
    }
    if gifts.keys() != amounts.keys():
        raise ChoiceRefused(ChoiceRefusal.NOT_OF_ORDER)
    return gifts


def _are_too_much(found: Refund, gifts: Mapping[UUID, Gift], amounts: Mapping[UUID, int]) -> bool:
    """Whether one of the amounts is more than it can have been for."""
    codes = {code.pk: code for code in lock_all([g.code_id for g in gifts.values() if g.code_id])}
    for gift in gifts.values():
        gift.code = codes[gift.code_id] if gift.code_id else None
    payment = found.payment
    most = most_for(found, gifts.values(), owed(payment), payment.disputes.all())
    return any(amount > most[key] for key, amount in amounts.items())
