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
from giftshop.refunds.charge.case import Case
from giftshop.refunds.lost import came_later
from giftshop.refunds.models import Refund, RefundLine, asked_by
from giftshop.refunds.owed import owed
from giftshop.refunds.take import direct, take
from redemption.audit.actors import SYSTEM
from redemption.codes import refund
from redemption.codes.own_reasons import OwnReason
from redemption.ledger.posting import Leg
from redemption.ledger.stripe_lines import StripeLine, post_line
from redemption.models import Account

GONE = {"failed", "canceled"}
Pair = tuple[RefundState, Refund]


def read(case: Case, arrived: Set[str]) -> None:
    """`arrived`: ids of refunds that were seen to succeed."""
    known = _known(case)
    pairs = [(told, known.get(told.id) or _new(case, told)) for told in case.state.refunds]
    for told, row in pairs:
        row.made_at = told.made_at
        _book(case, row, told)
        if row.succeeded_at is None and (told.status == "succeeded" or told.id in arrived):
            row.succeeded_at = case.now
    whole = _whole(case, pairs)
    before = {row.pk: (row.state, row.taken_at) for _told, row in pairs}
    for is_end, told, row in _moments(pairs):
        if is_end:
            _end(case, row, told)
        else:
            _begin(case, row, told, is_whole=row.pk in whole)
    for _told, row in pairs:
        if (row.state, row.taken_at) != before[row.pk]:
            emit(
                topic=Topic.REFUND_MOVED,
                brand_id=row.brand_id,
                payload={"refund_id": str(row.pk), "state": row.state},
                now=case.now,
            )


def _moments(pairs: list[Pair]) -> list[tuple[bool, RefundState, Refund]]:
    """That each was made, and that it failed, in Stripe's order: what came back before the next one was made
    is owed, and the next one may be for it."""
    moments = [(told.made_at, False, told, row) for told, row in pairs]
    moments += [
        (told.gone_at or told.made_at, True, told, row) for told, row in pairs if _gone(told)
    ]
    moments.sort(key=lambda each: (each[0], each[1]))
    return [(is_end, told, row) for _at, is_end, told, row in moments]


def _gone(told: RefundState) -> bool:
    return told.status in GONE


def _whole(case: Case, pairs: list[Pair]) -> set[UUID]:
    """Those that at one time made up all of the payment, alone or with others that arrived."""
    sent = [(told, row) for told, row in pairs if row.succeeded_at]
    found = {row.pk for told, row in pairs if row.amount >= case.state.amount and not _gone(told)}
    for at, _row_then in sent:
        then = [
            row
            for told, row in sent
            if told.made_at <= at.made_at and not (told.gone_at and told.gone_at < at.made_at)
        ]
        if sum(row.amount for row in then) >= case.state.amount:
            found |= {row.pk for row in then}
    return found


def _known(case: Case) -> dict[str, Refund]:
    """The rows of its refunds, by Stripe's id; one that we asked for learns its id here."""
    asked = {str(row.pk): row for row in case.refunds if row.refund_id is None}
    for told in case.state.refunds:
        if told.key in asked:
            asked.pop(told.key).refund_id = told.id
    return {row.refund_id: row for row in case.refunds if row.refund_id}


def _new(case: Case, told: RefundState) -> Refund:
    made = Refund(
        brand=case.brand,
        payment=case.payment,
        refund_id=told.id,
        origin=Refund.Origin.STRIPE,
        state=Refund.State.PENDING,
        amount=told.amount,
        currency=told.currency,
        asked_at=told.made_at,
        **asked_by(SYSTEM),
    )
    case.refunds.append(made)
    return made


def _left(case: Case, row: Refund, *, is_gone: bool = False) -> Counter[UUID]:
    """What was paid for what is left on each gift, that no other one at Stripe is for: by the gift's id. One
    that we were asked for and have not sent may come too late. What a later dispute took was left then, and
    what a later refund did or is to do, if this one failed before that (`is_gone`)."""
    later = came_later(row, case.disputes.values(), case.code_ids)
    left = Counter(
        {
            gift.pk: case.left[gift.code_id].paid + later[gift.code_id]
            for gift in case.gifts
            if gift.code_id
        }
    )
    for line in _since(case, row):
        if line.gift_id and line.gift_id in left:
            left[line.gift_id] += direct(line)
    meant = RefundLine.objects.filter(refund__payment=case.payment, refund__taken_at=None)
    meant = meant.filter(refund__refund_id__isnull=False)
    if is_gone:
        meant = meant.exclude(refund__made_at__gt=row.made_at)
    for gift, amount in meant.filter(
        Q(refund__state__in=Refund.OPEN) | Q(refund__succeeded_at__isnull=False),
        gift__in=case.gifts,
    ).values_list("gift", "amount"):
        left[gift] -= amount
    return +left


def _since(case: Case, row: Refund) -> list[RefundLine]:
    """The lines of refunds that Stripe made after this one and that are taken. It made them because this one
    had failed."""
    later = {
        each.pk
        for each in case.refunds
        if row.made_at and each.made_at and each.taken_at and each.made_at > row.made_at
    }
    return [line for line in case.lines if line.refund_id in later and line.gift_id]


def _mean_all_that_is_left(case: Case, row: Refund, *, is_gone: bool) -> None:
    """The lines of a refund that nobody has said anything of: it and others sent all of the payment back."""
    if row.is_ours() or row.decided_at or row.taken_at or case.lines_of(row):
        return
    rest, meant = row.amount, Counter[UUID]()
    row.is_unclear = False
    for most in (_left(case, row, is_gone=is_gone), owed(case.payment)):
        for gift in case.gifts:
            amount = min(rest, most[gift.pk])
            meant[gift.pk] += amount
            rest -= amount
    lines = [
        RefundLine(refund=row, gift=gift, amount=meant[gift.pk])
        for gift in case.gifts
        if meant[gift.pk]
    ]
    if rest:
        lines.append(RefundLine(refund=row, amount=rest))
    RefundLine.objects.bulk_create(lines)
    _let_go_of_others(case, row, meant)
    case.forget()


def _let_go_of_others(case: Case, row: Refund, meant: Counter[UUID]) -> None:
    """All were held while nobody knew for which the refund was."""
    others = [gift.code_id for gift in case.gifts if gift.code_id and not meant[gift.pk]]
    if case.holds.get(row.subject, set()).intersection(others):
        refund.let_go(
            code_ids=others,
            refund=row.subject,
            reason=OwnReason.REFUND_OF_OTHERS,
            now=case.now,
        )


def _book(case: Case, row: Refund, told: RefundState) -> None:
    """What Stripe took from our balance for it, or gave back. Paid out in another currency than it was taken
    in, the amount of the refund itself is posted: what the exchange cost is not known here."""
    for line in told.lines:
        if line.id in case.booked:
            continue
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


def _begin(case: Case, row: Refund, told: RefundState, *, is_whole: bool) -> None:
    """Say what it is for, if that is known, and hold or take its gifts as far as Stripe got with it."""
    is_new = row._state.adding
    if is_new:
        row.is_unclear = _is_unclear(case, row)
        case.save(row)
    if is_whole:
        _mean_all_that_is_left(case, row, is_gone=_gone(told))
    elif is_new and not row.is_unclear:  # nothing is left that it could be for
        RefundLine.objects.create(refund=row, amount=row.amount)
        case.forget()
    if row.succeeded_at and row.taken_at is None and case.lines_of(row):
        take(row, case.now, _since(case, row) if _gone(told) else ())
        case.forget()
    if not _gone(told) or (row.taken_at and row.state != Refund.State.RETURNED):
        row.state = Refund.State.SUCCEEDED if row.succeeded_at else Refund.State.PENDING
        row.over_at = row.over_at or case.now if row.succeeded_at else None
    if not _gone(told) and row.taken_at is None:
        _hold(case, row)
    case.save(row)


def _end(case: Case, row: Refund, told: RefundState) -> None:
    """It failed, before or after it had arrived."""
    row.failure = told.failure[:60] or told.status
    row.state = Refund.State.RETURNED if row.taken_at else Refund.State.FAILED
    row.is_unclear, row.over_at = False, row.over_at or case.now
    if row.taken_at is None and case.holds.get(row.subject):
        refund.let_go(
            code_ids=case.code_ids,
            refund=row.subject,
            reason=OwnReason.NOT_PAID_BACK,
            now=case.now,
        )
        case.forget()
    case.save(row)


def _is_unclear(case: Case, row: Refund) -> bool:
    """Whether it could be for this gift or for that one, or for none."""
    return bool(_left(case, row) or owed(case.payment).keys() & {gift.pk for gift in case.gifts})


def _hold(case: Case, row: Refund) -> None:
    """The gifts of its lines, or all while nobody knows which are meant."""
    meant = {line.gift_id for line in case.lines_of(row)}
    held = case.holds.get(row.subject, set())
    codes = [
        gift.code_id for gift in case.gifts if (row.is_unclear or gift.pk in meant) and gift.code_id
    ]
    if any(case.left[code].balance and code not in held for code in codes):
        refund.place_all(code_ids=codes, refund=row.subject, now=case.now)
        case.forget()
