"""Money that goes back to whoever paid, as the books see it. Moving it is somebody else's work.

A gift is held from the moment that its money is asked back, so that no till takes it meanwhile. When Stripe
has sent the money, what it covers is owed to the recipient no more: the gift is voided, or worth less. When
Stripe could not, the gift is good again. What was spent is earned and stays so; what a brand gives back of
it all the same, out of goodwill, costs it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.codes.acts import ActRefused, Refusal
from redemption.codes.own_reasons import OwnReason
from redemption.ledger import paid_share
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, Hold, JournalEntry

PAYABLE = Account.CUSTOMER_REFUNDS_PAYABLE


class RefundRefusal(models.TextChoices):
    NOT_PAID = "not_paid", _("Nobody paid for this gift.")


def hold_for(*, code_id: UUID, refund: str, actor: Actor, reason: str, now: datetime) -> None:
    """The money of this gift is asked back: no till takes it until that is decided. Expects the brand's
    scope and a transaction.

    `refund`: as refund:<id>. `actor`: a manager, or the product itself. Raises ActRefused: nobody paid,
    nothing is left, or something else has to end first. A warning of fraud need not for a manager: it asks
    for a refund.
    """
    code = acts.lock(code_id)
    if code.origin != Code.Origin.PAID:
        raise ActRefused(RefundRefusal.NOT_PAID)
    if code.balance == 0:
        raise ActRefused(Refusal.NOTHING_LEFT)
    warned = (Hold.Cause.WARNING,) if actor.is_manager() else ()
    if hold.held_for_a_case(code, but=(Hold.Cause.HAND, *warned)):
        raise ActRefused(Refusal.HELD)
    place(code=code, refund=refund, actor=actor, reason=reason, now=now)


def place(
    *,
    code: Code,
    refund: str,
    now: datetime,
    actor: Actor = SYSTEM,
    reason: str = OwnReason.PAID_BACK,
) -> None:
    """The hold alone, for money that goes back already, whatever else holds the gift. Once is enough."""
    if not code.balance or Hold.objects.open().filter(code=code, subject=refund).exists():
        return
    hold.place(
        code_id=code.pk,
        actor=actor,
        reason=reason,
        cause=Hold.Cause.REFUND,
        subject=refund,
        now=now,
    )


def place_all(*, code_ids: Collection[UUID], refund: str, now: datetime) -> None:
    """place() for each of the codes, by the product itself."""
    hold.place_each(
        code_ids=code_ids,
        actor=SYSTEM,
        reason=OwnReason.PAID_BACK,
        cause=Hold.Cause.REFUND,
        subject=refund,
        now=now,
    )


def let_go(*, code_ids: Collection[UUID], refund: str, reason: str, now: datetime) -> None:
    """The money does not go back after all: this refund holds its gifts no more."""
    hold.release_each(code_ids=code_ids, actor=SYSTEM, reason=reason, subject=refund, now=now)


def take_off(
    *,
    brand: Brand,
    refund: str,
    amounts: Mapping[UUID, int],
    actor: Actor = SYSTEM,
    reason: str = OwnReason.PAID_BACK,
    now: datetime,
) -> dict[UUID, int]:
    """The money is with its sender: what it paid for of each gift is owed to nobody any more, with the
    discount on that. Answers how much of the money that was, by code; minor units.

    A gift of which nothing is left by that is voided and held by nothing; the hold of this refund on what
    else is left ends. Raises IntegrityError for a refund that was taken off before. Expects the brand's
    scope and a transaction.
    """
    taken: dict[UUID, int] = {}
    legs: list[Leg] = []
    for code in acts.lock_all(amounts):
        if paid := code.takes(amounts[code.pk]):
            taken[code.pk] = paid
            worth = _take(code, refund, paid, actor, reason, now)
            legs += paid_share.sides(code, worth=worth, paid=paid, against=PAYABLE, names=code)
    let_go(code_ids=list(amounts), refund=refund, reason=reason, now=now)
    if taken:
        post(
            brand=brand,
            kind=JournalEntry.Kind.REFUND,
            reference=refund,
            currency=brand.currency,
            legs=legs,
            now=now,
        )
    return taken


def _take(code: Code, refund: str, paid: int, actor: Actor, reason: str, now: datetime) -> int:
    """By how much it is worth less, minor units."""
    amount = code.pay_back(paid, now)
    told = {"reason": reason, "refund": refund, "amount": amount, "currency": code.currency}
    if code.balance:
        acts.tell(Act.CODE_REDUCED, code, {**told, "left": code.balance}, actor=actor, now=now)
    else:
        hold.release_all([code], actor=actor, reason=reason, now=now)
        acts.tell(Act.CODE_VOIDED, code, told, actor=actor, now=now)
    return amount


def spend_goodwill(
    *, brand: Brand, refund: str, amounts: Mapping[UUID | None, int], now: datetime
) -> None:
    """What went back beyond all that was owed: the brand's expense. `amounts` by code, None: of no gift in
    particular. Raises IntegrityError for a refund that was booked so before."""
    keys = [key for key, amount in amounts.items() if key and amount]
    codes = {code.pk: code for code in acts.lock_all(keys)} if keys else {}
    legs = [
        leg
        for key, amount in amounts.items()
        if amount
        for leg in (
            Leg(Account.GOODWILL_EXPENSE, amount),
            Leg(PAYABLE, -amount, code=codes[key] if key else None),
        )
    ]
    if legs:
        post(
            brand=brand,
            kind=JournalEntry.Kind.REFUND,
            reference=f"{refund}:goodwill",
            currency=brand.currency,
            legs=legs,
            now=now,
        )
