"""The money of a gift that nobody opened goes back to its sender by itself, once its days are over.

Only where the brand switched that on, and its sender was asked before and told the day. Never that of a gift
whose code left its page: in a letter or a text, on a card, or at a till, which was shown it. Before its last
day is over nothing goes back, so nobody stands at a counter with a gift that was taken from them.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from giftshop.delivery.models import Delivery, Report
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import NotYet
from giftshop.refunds.ask import AskRefusal, AskRefused, ask, lock
from giftshop.refunds.models import Refund
from redemption.audit.actors import SYSTEM
from redemption.codes.acts import ActRefused, Refusal, lock_all
from redemption.codes.own_reasons import OwnReason
from redemption.models import Code

WAITS_FOR = {AskRefusal.DISPUTED, AskRefusal.UNCLEAR, AskRefusal.UNDER_WAY, Refusal.HELD}


class StillHeld(NotYet):
    """Something else decides about its money first."""


def may(gift: Gift) -> bool:
    """Whether it could go back once its days are over: nobody opened it, and its code stayed where it was.
    Expects its code. No query."""
    code = gift.code
    left = (gift.opened_at, gift.code_left_at, gift.printed_at, code and code.looked_at)
    return code is not None and code.balance == code.amount and not any(left)


def day_to_tell(gift: Gift) -> datetime | None:
    """From when its money goes back by itself, as the question to its sender says; None where it doesn't.
    Expects its code and brand. No query."""
    if gift.code is None or not gift.order.brand.returns_unopened or not may(gift):
        return None
    return gift.code.expires_at


def note_told(gift: Gift, state: Delivery.State, _now: datetime) -> None:
    """The question reached a mail server; `gift` as it was when that was written. Once told it holds, also
    where the brand switches it off."""
    if state == Delivery.State.SENT and (day := day_to_tell(gift)):
        Gift.objects.filter(pk=gift.pk, asked_at__isnull=False).update(returns_at=day)
        unseen = Gift.objects.filter(pk=gift.pk, returns_at=day, remind_at=None)
        unseen.update(remind_at=day)


def note_report(delivery: Delivery, report: Report, _now: datetime) -> None:
    """It came back: so nobody was told."""
    if delivery.state == Delivery.State.BOUNCED:
        gift_id = delivery.subject.partition(":")[2]
        Gift.objects.filter(pk=gift_id).update(returns_at=None)


def return_unopened(*, gift_id: UUID, now: datetime) -> Refund | None:
    """None where it does not go back after all: it was opened, used, extended, or its code left meanwhile.
    Expects the brand's scope. Raises StillHeld."""
    with transaction.atomic():
        gift = Gift.objects.select_related("order").get(pk=gift_id)
        try:
            lock(gift.order)
        except AskRefused:
            return None  # nobody paid for it at Stripe
        lock_all([gift.code_id] if gift.code_id else [])
        held = _hold(gift_id)
        if not _is_due(held, now):
            return None
        try:
            made = ask(
                order=held.order,
                amounts={held.pk: None},
                origin=Refund.Origin.UNOPENED,
                actor=SYSTEM,
                reason=OwnReason.LEFT_UNOPENED,
                now=now,
            )
        except (AskRefused, ActRefused) as refused:
            if refused.reason in WAITS_FOR:
                raise StillHeld from None
            return None
        Gift.objects.filter(pk=held.pk).update(returns_at=None, asked_at=None)
        return made


def _hold(gift_id: UUID) -> Gift:
    """Until commit, so that whoever opens or prints it waits."""
    rows = Gift.objects.with_everything().filter(pk=gift_id)
    return rows.select_for_update(of=("self",), no_key=True).get()


def _is_due(gift: Gift, now: datetime) -> bool:
    """Raises StillHeld."""
    code = gift.code
    if code is None or not gift.returns_by_itself or code.expires_at > now:
        return False  # its sender said to leave it, or somebody extended it
    if not may(gift):
        return False
    if code.state == Code.State.ON_HOLD:
        raise StillHeld
    return code.state == Code.State.ACTIVE
