"""Money that goes back to whoever paid, as the books see it. Moving it is somebody else's work.

What is left on a gift can be refunded: the brand owes it to nobody any more, and Stripe pays it out.
What was spent is earned and stays so; when a brand gives it back all the same, out of goodwill, that
costs it: `refunds`. The same account holds what a voided gift left until it is given back.
"""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.codes.acts import ActRefused
from redemption.codes.void import refuse_unless_owed
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, JournalEntry


class RefundRefusal(models.TextChoices):
    NOT_PAID = "not_paid", _("Nobody paid for this gift.")


def refund_left(
    *, code_id: UUID, reference: str, actor: Actor, reason: str, now: datetime | None = None
) -> int:
    """Void the gift and let Stripe pay out what was left: that amount, in minor units. Expects the
    brand's scope.

    `reference`: the refund, as kind:<id>; once each. `actor`: a manager, or the product itself. Raises
    ActRefused, IntegrityError for a known reference.
    """
    now = now or timezone.now()
    with acts.on_code(
        code_id, Act.CODE_VOIDED, actor=actor, reason=reason, now=now, product_may=True
    ) as (code, told):
        if code.origin != Code.Origin.PAID:
            raise ActRefused(RefundRefusal.NOT_PAID)
        refuse_unless_owed(code)
        left = code.void(now)
        hold.release_all([code], actor=actor, reason=reason, now=now)
        post(
            brand=code.brand,
            kind=JournalEntry.Kind.REFUND,
            reference=reference,
            currency=code.currency,
            legs=[
                Leg(Account.GIFT_LIABILITY, left, code=code),
                Leg(Account.STRIPE_CLEARING, -left),
            ],
            now=now,
        )
        told.update(refund=reference, amount=left, currency=code.currency)
    return left


def pay_back(*, brand: Brand, reference: str, amount: int, now: datetime | None = None) -> None:
    """Let Stripe pay out an amount that no gift holds: what was spent, out of goodwill, or what a
    voided gift left. Minor units. Expects the brand's scope.

    `reference`: the refund, as kind:<id>; once each. Raises ValueError below 1, IntegrityError for a
    known reference.
    """
    if amount <= 0:
        raise ValueError(f"{amount} cannot be paid back")
    with transaction.atomic():
        post(
            brand=brand,
            kind=JournalEntry.Kind.REFUND,
            reference=reference,
            currency=brand.currency,
            legs=[Leg(Account.REFUNDS, amount), Leg(Account.STRIPE_CLEARING, -amount)],
            now=now or timezone.now(),
        )
