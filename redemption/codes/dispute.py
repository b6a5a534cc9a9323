"""A payer's bank asks for the money: the gifts are held until it is decided whose it is.

What the bank takes is a loss from the day it does, and its fee too. Won, or never more than a question: the
gifts are good again, unless something else holds them. Lost: what is left on the gifts is owed to nobody any
more, which makes the loss smaller by what was paid for it; what was spent is the loss that stays. The store
that handed it over in good faith keeps what it earned.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, Sum, When

from brands.models import Brand
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.codes.own_reasons import OwnReason
from redemption.ledger import paid_share
from redemption.ledger.posting import Leg, post, post_many
from redemption.ledger.stripe_lines import StripeLine, post_line
from redemption.models import Account, Hold, JournalEntry, Posting

CAME_FIRST = ":came-first"

_OF_GIFT = (Account.GIFT_LIABILITY, Account.PROMO_EXPENSE, Account.BREAKAGE)
_LOST_LESS_GIVEN = Sum(Case(When(account__in=_OF_GIFT, then=F("amount")), default=-F("amount")))
"""What was paid for what was lost: a discount comes back to the promotional expense, a part of a coin is
breakage."""
_REASONS = {
    Hold.Cause.DISPUTE: OwnReason.DISPUTED,
    Hold.Cause.WARNING: OwnReason.REPORTED,
}


def hold_gifts(
    *, code_ids: Collection[UUID], subject: str, cause: Hold.Cause, now: datetime
) -> None:
    """Hold what is left of the gifts; once each. Expects the brand's scope and a transaction.

    `subject`: what alone releases them again, as dispute:<id> or warning:<id>. Spent gifts stay as they are.
    """
    hold.place_each(
        code_ids=code_ids,
        actor=SYSTEM,
        reason=_REASONS[cause],
        cause=cause,
        subject=subject,
        now=now,
    )


def release_gifts(
    *,
    code_ids: Collection[UUID],
    subject: str,
    reason: str,
    now: datetime,
    actor: Actor = SYSTEM,
) -> None:
    """The holds of this subject end, if there are any."""
    hold.release_each(code_ids=code_ids, actor=actor, reason=reason, subject=subject, now=now)


def book(*, brand: Brand, line: StripeLine, now: datetime) -> bool:
    """A line of Stripe's balance about a dispute: what was taken, or came back. False: it was booked."""
    return post_line(
        brand=brand,
        line=line,
        legs=[Leg(Account.DISPUTE_LOSS, -line.amount)],
        fee_account=Account.DISPUTE_FEES,
        now=now,
    )


def lose(*, brand: Brand, dispute: str, code_ids: Collection[UUID], now: datetime) -> int:
    """Void what is left on the gifts, whatever held them: that amount, in minor units. `dispute`: as
    dispute:<id>; a gift that is void already stays so."""
    codes = [code for code in acts.lock_all(code_ids) if code.balance]
    left = {code: code.void(now) for code in codes}
    reason = _REASONS[Hold.Cause.DISPUTE]
    hold.release_all(codes, actor=SYSTEM, reason=reason, now=now)
    if left:
        post_many(
            brand=brand,
            kind=JournalEntry.Kind.DISPUTE,
            currency=brand.currency,
            entries={
                f"{dispute}:lost:{code.pk}": paid_share.legs(
                    code,
                    before=amount,
                    after=0,
                    against=Account.DISPUTE_LOSS,
                )
                for code, amount in left.items()
            },
            now=now,
        )
    told = {
        code: {"reason": reason, "dispute": dispute, "amount": amount, "currency": code.currency}
        for code, amount in left.items()
    }
    acts.tell_all(Act.CODE_VOIDED, told, actor=SYSTEM, now=now)
    return sum(left.values())


def voided(*, disputes: Collection[str], code_ids: Collection[UUID]) -> Counter[UUID]:
    """What was paid for what lost disputes, each as dispute:<id>, took of the gifts, by code and in minor
    units, but for what came_first() has given to refunds since. One query, none for no dispute."""
    if not disputes:
        return Counter()
    by_code = {f"{each}:lost:{code}": code for each in disputes for code in code_ids}
    lost = Q(entry__reference__in=by_code, account__in=_OF_GIFT)
    given = Q(entry__reference__endswith=CAME_FIRST, account=Account.DISPUTE_LOSS)
    taken = Posting.objects.filter(lost | given, code__in=code_ids)
    return +Counter(dict(taken.values_list("code").annotate(total=_LOST_LESS_GIVEN)))


def came_first(*, brand: Brand, refund: str, amounts: Mapping[UUID, int], now: datetime) -> None:
    """A refund had arrived before the bank took the same money, which was heard later: what it covers of the
    gifts, by code, was the refund's, so the dispute is a loss by as much more. Raises IntegrityError for a
    refund that was booked so before."""
    codes = {code.pk: code for code in acts.lock_all(amounts)}
    post(
        brand=brand,
        kind=JournalEntry.Kind.REFUND,
        reference=f"{refund}{CAME_FIRST}",
        currency=brand.currency,
        legs=[
            leg
            for code_id, amount in amounts.items()
            for leg in (
                Leg(Account.DISPUTE_LOSS, amount, code=codes[code_id]),
                Leg(Account.CUSTOMER_REFUNDS_PAYABLE, -amount, code=codes[code_id]),
            )
        ],
        now=now,
    )
