"""Erasing what is kept of a sender: name, address, number and words. The order, its amounts, its gifts and
the books stay; they name nobody then.

By their own wish at once, also while their gifts can still be used: those stay good, and nobody is written to
about them any more. By age once all of an order's gifts had their use and nothing is owed any more.
"""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django_scopes import scope, scopes_disabled

from giftshop.delivery import purposes
from giftshop.friends.addresses import mailbox
from giftshop.openings.models import OpeningCode
from giftshop.orders.models import Draft, Gift, Order
from giftshop.payments.models import Payment
from giftshop.privacy.erase import AT_ONCE, TURNS, erase_in_letters, save_draft
from giftshop.privacy.person import Person, Role
from giftshop.reasons import answer as reasons
from giftshop.refunds.models import Dispute, Refund
from giftshop.refunds.owed import owed
from redemption.models import Code

IN_DRAFTS = ("sender_name", "sender_email", "sender_phone", "sender_asked", "refused", "message")
LATER = timedelta(days=30)
"""Until an order is looked at again whose money is not settled."""
LIVE = (Code.State.ACTIVE, Code.State.ON_HOLD)


def orders_of(person: Person) -> list[UUID]:
    """Ids of those that the link proves to be theirs, of its brand; at most AT_ONCE. One query."""
    if person.role is not Role.SENDER or not (person.is_proven and person.address):
        return []
    theirs = Order.objects.from_address(person.address).filter(sender_erased_at=None)
    return list(theirs.values_list("pk", flat=True)[:AT_ONCE])


def erase(person: Person, *, now: datetime) -> int:
    """All that the link proves to be theirs; how many orders that were. Expects the brand's scope and no
    transaction."""
    erased = 0
    for _turn in range(TURNS):
        ids = orders_of(person)
        if not ids:
            break
        erased += len(erase_senders(ids, now=now))
    if person.delivery and person.role is Role.SENDER and person.address:
        with transaction.atomic():
            _erase_in_drafts(Draft.objects.naming(person.address), {mailbox(person.address)})
            erase_in_letters(Q(pk=person.delivery.pk), now)
    return erased


def erase_senders(
    order_ids: Collection[UUID], *, now: datetime, by_wish: bool = True
) -> list[UUID]:
    """Whoever placed these orders; the ids of those of whom something was kept. One transaction. Expects the
    brand's scope. `by_wish`: they asked for it, so that why they came goes, too; else it is only old. 14
    statements, and one for each draft."""
    with transaction.atomic():
        rows = Order.objects.locked().filter(pk__in=order_ids, sender_erased_at=None)
        orders = list(rows.order_by("pk"))
        ids = [order.pk for order in orders]
        gifts = list(Gift.objects.filter(order__in=ids).values_list("pk", flat=True))
        if by_wish:
            reasons.forget(map(reasons.subject_of_order, ids))
        _erase_in_drafts(Draft.objects.filter(orders__in=ids), None)
        codes = OpeningCode.objects.filter(gift__in=gifts, reader=OpeningCode.Reader.SENDER)
        codes.filter(used_at=None).update(used_at=now, ciphertext=None)
        erase_in_letters(_letters(ids, gifts), now)
        Gift.objects.filter(pk__in=gifts).exclude(message="").update(message="")
        # What a bank still waits for stays until Stripe has it: a claim that is being defended.
        told = Dispute.objects.filter(payment__order__in=ids).exclude(status__in=Dispute.OPEN)
        told.exclude(evidence={}).update(evidence={})
        Order.objects.filter(pk__in=ids).update(
            sender_name="",
            sender_email="",
            sender_phone="",
            sender_due_at=None,
            sender_erased_at=now,
        )
    return ids


def note_ended(code_ids: Collection[UUID], now: datetime) -> None:
    """The orders of these codes are to be looked at: a gift of theirs may have been the last. Expects the
    brand's scope. One statement."""
    ended = Order.objects.filter(gifts__code__in=code_ids, sender_erased_at=None)
    Order.objects.filter(pk__in=ended.values("pk")).update(sender_due_at=now)


def clear(*, now: datetime, end: float) -> int:
    """How many senders were forgotten by age, of all brands, until `end` (of time.monotonic). Along an index,
    some orders at a time."""
    forgotten = 0
    while time.monotonic() < end:
        with scopes_disabled():
            due = Order.objects.filter(sender_due_at__lte=now).select_related("brand")
            orders = list(due.order_by("sender_due_at")[:AT_ONCE])
        if not orders:
            break
        for order in orders:
            with scope(brand=order.brand_id):
                forgotten += _clear(order, now)
    return forgotten


def _clear(order: Order, now: datetime) -> int:
    until = now - timedelta(days=order.brand.people_kept_days)
    issued = Q(order=order, code__isnull=False)
    over = Q(code__expires_at__lte=until) | Q(~Q(code__state__in=LIVE), code__state_at__lte=until)
    held = Gift.objects.filter(issued, code__state=Code.State.ON_HOLD).exists()
    if not held and Gift.objects.filter(issued).exclude(over).exists():
        Order.objects.filter(pk=order.pk).update(sender_due_at=None)  # its end will tell
        return 0
    if held or _is_unsettled(order):
        Order.objects.filter(pk=order.pk).update(sender_due_at=now + LATER)
        return 0
    return len(erase_senders([order.pk], now=now, by_wish=False))


def _is_unsettled(order: Order) -> bool:
    """Whether somebody may still have to write to its sender about money, or they have a credit to use."""
    payments = list(Payment.objects.filter(order=order))
    refunds = Refund.objects.filter(payment__in=payments)
    return (
        refunds.open().exists()
        or refunds.filter(credit__state__in=LIVE).exists()
        or refunds.filter(state=Refund.State.FAILED, lines__gift__code__state__in=LIVE).exists()
        or Dispute.objects.open().filter(payment__in=payments).exists()
        or any(+owed(payment) for payment in payments)
    )


def _letters(order_ids: Collection[UUID], gift_ids: Collection[UUID]) -> Q:
    """What was sent to their senders: about the orders, the gifts and their money."""
    refunds = Refund.objects.filter(payment__order__in=order_ids).values_list("pk", flat=True)
    subjects = [f"order:{each}" for each in order_ids]
    subjects += [f"refund:{each}" for each in refunds]
    subjects += [f"refund:{uuid5(each, state)}" for each in refunds for state in Refund.State]
    about_gifts = Q(subject__in=[f"gift:{each}" for each in gift_ids])
    to_recipients = Q(purpose__in=purposes.of_recipients()) | Q(
        addressee__startswith=f"{OpeningCode.Reader.RECIPIENT}:"
    )
    return Q(subject__in=subjects) | (about_gifts & ~to_recipients)


def _erase_in_drafts(drafts: "QuerySet[Draft]", known: set[str] | None) -> None:
    """What they said of themselves. `known`: only where that is one of these mailboxes."""
    found = Draft.objects.filter(pk__in=drafts.values("pk"))
    for draft in found.select_for_update().order_by("pk"):
        typed = str(draft.data.get("sender_email") or "")
        if known is None or mailbox(typed) in known:
            said = {key: "" for key in IN_DRAFTS if draft.data.get(key)}
            save_draft(draft, {**draft.data, **said})
