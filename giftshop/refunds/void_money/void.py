"""A gift that was paid for is voided, and whoever voids it says whether its money goes back at once. If not,
it is owed (owed.py) until somebody sends it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.refunds.ask import ask, lock
from giftshop.refunds.credit.worth import gifts_by_code
from giftshop.refunds.models import Refund
from redemption.audit.actors import Actor


def with_a_payer(code_ids: Collection[UUID]) -> set[UUID]:
    """Those of the codes whose money somebody could get back. 3 queries. Expects the brand's scope."""
    gifts = gifts_by_code(code_ids)
    paid = Gift.objects.filter(pk__in=gifts.values(), order__payments__state=Payment.State.PAID)
    with_one = set(paid.values_list("pk", flat=True))
    return {code for code, gift in gifts.items() if gift in with_one}


@contextmanager
def money_back(
    *, code_id: UUID, wanted: bool, actor: Actor, reason: str, now: datetime
) -> Iterator[None]:
    """The body voids the gift; what is owed for it then goes back in the same commit, if that is wanted.

    The order is locked before the code, as by everything that moves its money. Expects the brand's scope.
    Raises AskRefused and whatever the body raises: nothing is done then.
    """
    with transaction.atomic():
        gifts = Gift.objects.select_related("order__brand")
        gift = gifts.get(pk=gifts_by_code([code_id])[code_id]) if wanted else None
        if gift:
            lock(gift.order)
        yield
        if gift:
            ask(
                order=gift.order,
                amounts={gift.pk: None},
                origin=Refund.Origin.BRAND,
                actor=actor,
                reason=reason,
                now=now,
            )
