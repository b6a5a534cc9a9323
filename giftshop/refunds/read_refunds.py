"""The refunds of a charge. One that we did not ask for names no gifts.

When all of the payment went back, all that is left of its gifts is meant. Else somebody has to say which
gifts are (choose.py); until then all of them are held.
"""

from collections import Counter
from collections.abc import Set
from uuid import UUID

from django.db.models import Q

from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments.stripe.charge_state import RefundState
from giftshop.refunds.case import Case
from giftshop.refunds.models import Refund, RefundLine, asked_by
from giftshop.refunds.owed import owed
from giftshop.refunds.take import take
from redemption.audit.actors import SYSTEM
from redemption.codes import refund
from redemption.codes.acts import lock_all
from redemption.ledger.posting import Leg
from redemption.ledger.stripe_lines import StripeLine, post_line
from redemption.models import Account

GONE = {"failed", "canceled"}


def read(case: Case, arrived: Set[str]) -> None:
    """`arrived`: ids of refunds that were seen to succeed."""
    pairs = [(told, _row(case, told)) for told in case.state.refunds]
    for told, row in pairs:
        _book(case, row, told)
        if row.succeeded_at is None and (told.status == "succeeded" or told.id in arrived):
            row.succeeded_at = case.now
    sends = [row for told, row in pairs if told.status not in GONE or row.succeeded_at]
    if sum(row.amount for row in sends) >= case.state.amount:
        for row in sends:
            _mean_all_that_is_left(case, row)
    for told, row in pairs:
        _follow(case, row, told)


def _row(case: Case, told: RefundState) -> Refund:
    refunds = Refund.objects.select_related("brand", "payment")
    known = refunds.filter(refund_id=told.id).first()
    if known is None and told.key:
        asked = refunds.filter(payment=case.payment, refund_id=None)
        known = next((each for each in asked if str(each.pk) == told.key), None)
        if known:
            known.refund_id = told.id
    if known:
        known.payment = case.payment
        return known
    return Refund.objects.create(
        brand=case.brand,
        payment=case.payment,
        refund_id=told.id,
        origin=Refund.Origin.STRIPE,
        state=Refund.State.PENDING,
        amount=told.amount,
        currency=told.currency,
        is_unclear=bool(
            _left(case) or owed(case.payment).keys() & {gift.pk for gift in case.gifts}
        ),
        asked_at=told.made_at,
        **asked_by(SYSTEM),
    )


def _left(case: Case) -> Counter[UUID]:
    """What is left on each gift that no other refund is for: by the gift's id."""
    balances = {code.pk: code.balance for code in lock_all(case.code_ids)}
    left = Counter({gift.pk: balances[gift.code_id] for gift in case.gifts if gift.code_id})
    meant = RefundLine.objects.filter(refund__payment=case.payment, refund__taken_at=None)
    for gift, amount in meant.filter(
        Q(refund__state__in=Refund.OPEN) | Q(refund__succeeded_at__isnull=False),
        gift__in=case.gifts,
    ).values_list("gift", "amount"):
        left[gift] -= amount
    return +left


def _mean_all_that_is_left(case: Case, row: Refund) -> None:
    """The lines of a refund that nobody has said anything of: it and others sent all of the payment back."""
    if row.is_ours() or row.decided_at or row.taken_at or row.lines.exists():
        return
    rest, left, owed_now = row.amount, _left(case), owed(case.payment)
    row.is_unclear = False
    row.save()
    for gift in case.gifts:
        amount = min(rest, left[gift.pk] + owed_now[gift.pk])
        if amount:
            RefundLine.objects.create(refund=row, gift=gift, amount=amount)
            rest -= amount
    if rest:
        RefundLine.objects.create(refund=row, amount=rest)


def _book(case: Case, row: Refund, told: RefundState) -> None:
    """What Stripe took from our balance for it, or gave back. Paid out in another currency than it was taken
    in, the amount of the refund itself is posted: what the exchange cost is not known here."""
    for line in told.lines:
        if line.currency != row.currency:
            sign = 1 if line.amount > 0 else -1
            line = StripeLine(line.id, sign * told.amount, 0, row.currency)
        post_line(
            brand=case.brand,
            line=line,
            legs=[Leg(Account.CUSTOMER_REFUNDS_PAYABLE, -line.amount)],
            fee_account=Account.STRIPE_FEES,
            now=case.now,
        )


def _follow(case: Case, row: Refund, told: RefundState) -> None:
    """Hold, take or let go of its gifts as far as Stripe got with it."""
    before = (row.state, row.taken_at)
    if row.succeeded_at and not row.is_unclear and row.taken_at is None and _lines(case, row, told):
        take(row, case.now)
    if told.status in GONE:
        row.failure = told.failure[:60] or told.status
        row.state = Refund.State.RETURNED if row.taken_at else Refund.State.FAILED
        row.is_unclear = False
        if row.taken_at is None:
            refund.let_go(
                code_ids=case.code_ids,
                refund=row.subject,
                reason="the money did not go back",
                now=case.now,
            )
    elif row.succeeded_at:
        row.state = Refund.State.SUCCEEDED
    else:
        row.state = Refund.State.PENDING
    if told.status not in GONE and row.taken_at is None:
        _hold(case, row)
    row.over_at = None if row.state == Refund.State.PENDING else row.over_at or case.now
    row.save()
    if (row.state, row.taken_at) != before:
        emit(
            topic=Topic.REFUND_MOVED,
            brand_id=row.brand_id,
            payload={"refund_id": str(row.pk), "state": row.state},
            now=case.now,
        )


def _lines(case: Case, row: Refund, told: RefundState) -> bool:
    """Whether it is known what it is for. One that nothing was left for is for nothing in particular; one
    that failed before anybody said what it was for never will be."""
    if row.lines.exists():
        return True
    if told.status in GONE:
        return False
    RefundLine.objects.create(refund=row, amount=row.amount)
    return True


def _hold(case: Case, row: Refund) -> None:
    """The gifts of its lines, or all while nobody knows which are meant."""
    meant = set(row.lines.filter(gift__isnull=False).values_list("gift", flat=True))
    for gift in case.gifts:
        if (row.is_unclear or gift.pk in meant) and gift.code_id:
            (code,) = lock_all([gift.code_id])
            refund.place(code=code, refund=row.subject, now=case.now)
