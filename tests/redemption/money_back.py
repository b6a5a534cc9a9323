"""What a bank and Stripe do to a payment, in one step each, as the books and the gifts see it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from brands.models import Brand
from redemption.audit.actors import Actor
from redemption.codes import dispute as dispute_codes
from redemption.codes import refund
from redemption.ledger.posting import Leg
from redemption.ledger.stripe_lines import StripeLine, post_line
from redemption.models import Account, Code, Hold


def open_dispute(
    *,
    brand: Brand,
    dispute: str,
    amount: int,
    code_ids: Collection[UUID],
    now: datetime | None = None,
) -> None:
    """The bank takes the amount, and the gifts are held."""
    now = now or timezone.now()
    with transaction.atomic():
        _line(brand, f"{dispute}:taken", -amount, now)
        dispute_codes.hold_gifts(
            code_ids=code_ids, subject=dispute, cause=Hold.Cause.DISPUTE, now=now
        )


def win(
    *,
    brand: Brand,
    dispute: str,
    amount: int,
    code_ids: Collection[UUID],
    now: datetime | None = None,
) -> None:
    now = now or timezone.now()
    with transaction.atomic():
        _line(brand, f"{dispute}:back", amount, now)
        dispute_codes.release_gifts(code_ids=code_ids, subject=dispute, reason="won", now=now)


def lose(
    *, brand: Brand, dispute: str, code_ids: Collection[UUID], now: datetime | None = None
) -> int:
    with transaction.atomic():
        return dispute_codes.lose(
            brand=brand, dispute=dispute, code_ids=code_ids, now=now or timezone.now()
        )


def refund_left(
    *,
    code_id: UUID,
    reference: str,
    actor: Actor,
    reason: str,
    part: int | None = None,
    now: datetime | None = None,
) -> int:
    """Asked for and sent: what was left of the gift, or `part` of that."""
    now = now or timezone.now()
    with transaction.atomic():
        refund.hold_for(code_id=code_id, refund=reference, actor=actor, reason=reason, now=now)
        code = Code.objects.select_related("brand").get(pk=code_id)
        taken = refund.take_off(
            brand=code.brand,
            refund=reference,
            amounts={code_id: code.paid_left if part is None else part},
            actor=actor,
            reason=reason,
            now=now,
        )
        if taken:
            sent(code.brand, reference, taken[code_id], now)
    return taken.get(code_id, 0)


def pay_back(*, brand: Brand, reference: str, amount: int, now: datetime | None = None) -> None:
    """Sent out of goodwill, for no gift in particular."""
    now = now or timezone.now()
    with transaction.atomic():
        refund.spend_goodwill(brand=brand, refund=reference, amounts={None: amount}, now=now)
        sent(brand, reference, amount, now)


def sent(brand: Brand, reference: str, amount: int, now: datetime) -> None:
    """Stripe took it from our balance."""
    post_line(
        brand=brand,
        line=StripeLine(f"txn:{reference}", -amount, 0, brand.currency),
        legs=[Leg(Account.CUSTOMER_REFUNDS_PAYABLE, amount)],
        fee_account=Account.STRIPE_FEES,
        now=now,
    )


def _line(brand: Brand, name: str, amount: int, now: datetime) -> None:
    dispute_codes.book(brand=brand, line=StripeLine(name, amount, 0, brand.currency), now=now)
