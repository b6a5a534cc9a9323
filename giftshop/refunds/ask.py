"""Asking for money to go back: whoever may, this much of these gifts; Stripe is told by the outbox.

From here on no till takes the gifts. What becomes of them follows what Stripe says (read.py).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from core.money import has_coins, in_coins
from core.refused import Refused
from giftshop.orders.models import Gift, Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.models import Dispute, Refund, RefundLine, asked_by
from giftshop.refunds.owed import owed, sent
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, refund
from redemption.codes.own_reasons import OwnReason
from redemption.codes.second_person import could_be_one
from redemption.models import Code


class AskRefusal(models.TextChoices):
    NOT_PAID = "not_paid", _("This order was not paid.")
    NOT_OF_ORDER = "not_of_order", _("This gift is of another order.")
    NOTHING = "nothing", _("Nothing is left that could go back.")
    TOO_MUCH = "too_much", _("That is more than is left.")
    NO_COINS = "no_coins", _("This currency takes no such coins: round it.")
    WHOLE = "whole", _("A treat goes back whole.")
    UNDER_WAY = "under_way", _("Money for this gift is on its way back already.")
    DISPUTED = "disputed", _("A bank decides about this payment, which has to end first.")
    UNCLEAR = "unclear", _("First say which gifts an earlier refund was meant for.")
    ALREADY_DECIDED = "already_decided", _("This was decided already.")
    SAME_PERSON = "same_person", _("You asked for this, so somebody else has to decide.")


class AskRefused(Refused[AskRefusal]):
    pass


def ask(
    *,
    order: Order,
    amounts: Mapping[UUID, int | None],
    origin: Refund.Origin,
    actor: Actor,
    reason: str,
    now: datetime,
    goodwill: bool = False,
) -> Refund:
    """Money of these gifts goes back to whoever paid. Expects the brand's scope.

    `amounts`: minor units by the gift's id; None: what was paid for all that is left of it and what is owed
    for it, in coins that Stripe counts. `goodwill`: what was enjoyed may go back too, at the brand's expense;
    above its limit, with what the order was given so before, a second person decides first.
    Raises AskRefused, ActRefused.
    """
    with transaction.atomic():
        payment = lock(order)
        refuse_unless_free(payment, amounts)
        gifts = _gifts(order, amounts)
        owed_now = owed(payment)
        wanted = _amounts(payment, gifts, amounts, owed_now, goodwill)
        beyond = _beyond(gifts, wanted, owed_now)
        given = sum(beyond.values())
        waits = (
            given > 0
            and actor.kind != "system"
            and given + _given_before(payment) > order.brand.void_limit
        )
        made = Refund.objects.create(
            brand=order.brand,
            payment=payment,
            origin=origin,
            state=Refund.State.WAITING if waits else Refund.State.ASKED,
            amount=sum(wanted.values()),
            currency=payment.currency,
            reason=reason.strip()[:200],
            is_goodwill=given > 0,
            asked_at=now,
            **asked_by(actor),
        )
        RefundLine.objects.bulk_create(
            RefundLine(refund=made, gift=gifts[key], amount=amount, goodwill=beyond[key])
            for key, amount in wanted.items()
        )
        for gift in sorted(gifts.values(), key=lambda each: each.code_id or each.pk):
            if gift.code and gift.code.balance:
                refund.hold_for(
                    code_id=gift.code.pk,
                    refund=made.subject,
                    actor=actor,
                    reason=reason or OwnReason.PAID_BACK,
                    now=now,
                )
        tell(Act.REFUND_ASKED, made, actor, now)
        if not waits:
            send_later(made, now)
    return made


def ask_for_refused(*, payment: Payment, amount: int, currency: str, now: datetime) -> Refund:
    """A payment that fits no order goes back whole; asked once however often this is called. Expects the
    brand's scope."""
    with transaction.atomic():
        Order.objects.locked().get(pk=payment.order_id)
        known = Refund.objects.filter(payment=payment, origin=Refund.Origin.PAYMENT).first()
        if known:
            return known
        made = Refund.objects.create(
            brand=payment.brand,
            payment=payment,
            origin=Refund.Origin.PAYMENT,
            state=Refund.State.ASKED,
            amount=amount,
            currency=currency,
            reason=payment.problem,
            asked_at=now,
            **asked_by(SYSTEM),
        )
        RefundLine.objects.create(refund=made, amount=amount)
        send_later(made, now)
    return made


def decide(*, refund_id: UUID, actor: Actor, approved: bool, now: datetime) -> Refund:
    """A second person says whether goodwill above the limit goes back. Expects the brand's scope. Raises
    AskRefused."""
    with transaction.atomic():
        found = Refund.objects.select_related("payment__order", "brand").get(pk=refund_id)
        lock(found.payment.order)
        found = Refund.objects.select_for_update(no_key=True, of=("self",)).get(pk=refund_id)
        if found.state != Refund.State.WAITING:
            raise AskRefused(AskRefusal.ALREADY_DECIDED)
        if actor.id is None or found.asked_by == actor.id:
            raise AskRefused(AskRefusal.SAME_PERSON)
        if found.asked_by and could_be_one(found.brand, found.asked_by, actor.id):
            raise AskRefused(AskRefusal.SAME_PERSON)
        found.decided_at, found.decided_by = now, actor.id
        found.decided_by_name = actor.name
        if approved:
            found.state = Refund.State.ASKED
            send_later(found, now)
        else:
            found.state, found.over_at = Refund.State.DECLINED, now
            let_go(found, now)
        found.save()
        tell(Act.REFUND_DECIDED, found, actor, now)
    return found


def lock(order: Order) -> Payment:
    """The order until commit: all that moves its money takes turns. The payment that paid it. Raises
    AskRefused."""
    Order.objects.locked().get(pk=order.pk)
    paid = Payment.objects.filter(order=order, state=Payment.State.PAID)
    payment = paid.select_related("brand").first()
    if payment is None:
        raise AskRefused(AskRefusal.NOT_PAID)
    return payment


def let_go(found: Refund, now: datetime) -> None:
    """Its gifts are held by it no more."""
    gifts = with_worth(Gift.objects.filter(refund_lines__refund=found))
    refund.let_go(
        code_ids=[gift.code_id for gift in gifts if gift.code_id],
        refund=found.subject,
        reason=OwnReason.NOT_PAID_BACK,
        now=now,
    )


def send_later(made: Refund, now: datetime) -> None:
    emit(
        topic=Topic.REFUND_ASKED,
        brand_id=made.brand_id,
        payload={"refund_id": str(made.pk)},
        now=now,
    )


def refuse_unless_free(payment: Payment, gift_ids: Collection[UUID]) -> None:
    """Nothing else decides about the payment or moves money of these gifts. 1 query. Raises AskRefused."""
    under_way = RefundLine.objects.filter(
        refund__payment=OuterRef("pk"), refund__state__in=Refund.OPEN, gift__in=gift_ids
    )
    found = Payment.objects.filter(pk=payment.pk).values_list(
        Exists(Dispute.objects.open().filter(payment=OuterRef("pk"))),
        Exists(Refund.objects.unclear().filter(payment=OuterRef("pk"))),
        Exists(under_way),
    )
    disputed, unclear, moving = found.get()
    if disputed:
        raise AskRefused(AskRefusal.DISPUTED)
    if unclear:
        raise AskRefused(AskRefusal.UNCLEAR)
    if moving:
        raise AskRefused(AskRefusal.UNDER_WAY)


def _gifts(order: Order, amounts: Mapping[UUID, int | None]) -> dict[UUID, Gift]:
    """Those that are meant, their codes locked."""
    found = with_worth(order.gifts.filter(pk__in=amounts, code__isnull=False))
    gifts = {gift.pk: gift for gift in found}
    if not amounts or gifts.keys() != set(amounts):
        raise AskRefused(AskRefusal.NOT_OF_ORDER)
    codes = {
        code.pk: code for code in acts.lock_all([g.code_id for g in gifts.values() if g.code_id])
    }
    for gift in gifts.values():
        gift.code = codes[gift.code_id] if gift.code_id else None
    return gifts


def _amounts(
    payment: Payment,
    gifts: Mapping[UUID, Gift],
    amounts: Mapping[UUID, int | None],
    owed_now: Counter[UUID | None],
    goodwill: bool,
) -> dict[UUID, int]:
    """How much goes back for each. Raises AskRefused."""
    sent_before, wanted = sent(payment), {}
    for key, gift in gifts.items():
        assert gift.code is not None  # nosec B101  # as they were asked for
        left = gift.code.paid_left + owed_now[key]
        most = gift.paid - sent_before[key] if goodwill else left
        amount = amounts[key]
        amount = in_coins(most, payment.currency) if amount is None else amount
        if most <= 0 or amount <= 0:
            raise AskRefused(AskRefusal.NOTHING)
        if amount > most:
            raise AskRefused(AskRefusal.TOO_MUCH)
        if gift.kind == Code.Kind.ITEM and amount < gift.code.paid_left:
            raise AskRefused(AskRefusal.WHOLE)
        if not has_coins(amount, payment.currency):
            raise AskRefused(AskRefusal.NO_COINS)
        wanted[key] = amount
    counted = payment.refunds.counted().aggregate(total=Sum("amount"))["total"] or 0
    if sum(wanted.values()) + counted > payment.amount:
        raise AskRefused(AskRefusal.TOO_MUCH)
    return wanted


def _beyond(
    gifts: Mapping[UUID, Gift], wanted: Mapping[UUID, int], owed_now: Counter[UUID | None]
) -> dict[UUID, int]:
    """How much of it nobody is owed, the brand's goodwill: by the gift's id."""
    beyond = {}
    for key, amount in wanted.items():
        code = gifts[key].code
        beyond[key] = max(0, amount - (code.paid_left if code else 0) - owed_now[key])
    return beyond


def _given_before(payment: Payment) -> int:
    """Goodwill that people of the brand gave for it already, or asked for: parts of it don't dodge the
    second person."""
    asked = payment.refunds.counted().filter(is_goodwill=True)
    total = asked.aggregate(total=Sum("lines__goodwill"))["total"]
    return total or 0


def tell(act: Act, made: Refund, actor: Actor, now: datetime) -> None:
    """On the audit log, with its order loaded."""
    log.record(
        brand=made.brand,
        actor=actor,
        act=act,
        subject=made.subject,
        now=now,
        details={
            "order": made.payment.order.number,
            "amount": made.amount,
            "currency": made.currency,
            "reason": made.reason,
            "state": made.state,
        },
    )
