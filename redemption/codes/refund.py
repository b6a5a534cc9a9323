"""Money that goes back to whoever paid, as the books see it. Moving it is somebody else's work.

What is left on a gift can be refunded: the brand owes it to nobody any more, and Stripe pays it out.
What was spent is earned and stays so; when a brand gives it back all the same, out of goodwill, that
costs it: `refunds`. The same account holds what a cancelled gift left until it is given back.
"""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.refused import Refused
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import hold
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, JournalEntry


class RefundRefusal(models.TextChoices):
    UNKNOWN_CODE = "unknown_code", _("There is no such gift.")
    NOTHING_LEFT = "nothing_left", _("Nothing is left on this gift.")
    NOT_PAID = "not_paid", _("Nobody paid for this gift.")
    HELD = "held", _("This gift is held for a dispute, which has to end first.")


class RefundRefused(Refused[RefundRefusal]):
    pass


def refund_left(
    *, code_id: UUID, reference: str, actor: Actor, reason: str, now: datetime | None = None
) -> int:
    """Void the gift and let Stripe pay out what was left: that amount, in minor units. Expects the
    brand's scope.

    `reference`: the refund, as kind:<id>; once each. Raises RefundRefused, IntegrityError for a known
    reference.
    """
    now = now or timezone.now()
    with transaction.atomic():
        code = Code.objects.locked().select_related("brand").filter(pk=code_id).first()
        if code is None:
            raise RefundRefused(RefundRefusal.UNKNOWN_CODE)
        if code.origin != Code.Origin.PAID:
            raise RefundRefused(RefundRefusal.NOT_PAID)
        if code.balance == 0:
            raise RefundRefused(RefundRefusal.NOTHING_LEFT)
        if hold.held_for_a_case(code):
            raise RefundRefused(RefundRefusal.HELD)
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
        log.record(
            brand=code.brand,
            actor=actor,
            act=Act.CODE_VOIDED,
            subject=f"code:{code.pk}",
            now=now,
            details={
                "reason": reason,
                "refund": reference,
                "amount": left,
                "currency": code.currency,
            },
        )
    return left


def pay_back(*, brand: Brand, reference: str, amount: int, now: datetime | None = None) -> None:
    """Let Stripe pay out an amount that no gift holds: what was spent, out of goodwill, or what a
    cancelled gift left. Minor units. Expects the brand's scope.

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
