"""Opening Stripe's page for an order: one open page at a time, the same one for a repeated click."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from core.templatetags.money import money
from giftshop.logs import scrub
from giftshop.offers import purchase
from giftshop.orders.models import Gift, Order
from giftshop.payments import settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import sessions

SESSION_LIFE = timedelta(minutes=31)  # Stripe takes 30 at least, by its own clock


class OrderOutdated(Exception):
    """The draft was changed in another tab; this version of it is no longer for sale."""


class UnderWay(Exception):
    """A bank debit was begun and takes its days: nobody should pay a second time."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.pk)
        self.order = order


class AlreadyPaid(Exception):
    """Somebody, perhaps in another tab, has paid; there is nothing left to pay."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.pk)
        self.order = order


def open_page(*, order: Order, now: datetime | None = None) -> str:
    """The address of Stripe's page for this order. Expects the brand's scope.

    A second call while a page is open answers the same page, once Stripe said that it still is; the pages
    of earlier versions of the same draft are closed first, so that a sender can never pay for both. Raises
    AlreadyPaid, UnderWay, OrderOutdated, SessionRefused, UseRefused (its offer is gone), and
    StripeUnavailable (then nothing is lost: call again).
    """
    now = now or timezone.now()
    close_others(order=order, now=now)
    _look_at_last(order, now)
    payment = _attempt(order, now)
    if payment.session_id is None:
        create(payment=payment)
    return payment.page_url()


def close_others(*, order: Order, now: datetime) -> None:
    """Cancel the draft's other waiting orders. Raises AlreadyPaid when one turns out to be paid, UnderWay
    when one is about to be."""
    if order.draft_id is None:
        return
    for other in Order.objects.filter(draft_id=order.draft_id).exclude(pk=order.pk):
        if other.state == Order.State.PENDING:
            _close(other, now)
        if other.state == Order.State.PAID:
            raise AlreadyPaid(other)


def _close(order: Order, now: datetime) -> None:
    for payment in order.payments.filter(state=Payment.State.OPEN):
        _shut(payment, now)
    with transaction.atomic():
        locked = Order.lock(order.pk)
        if locked.state == Order.State.PENDING:
            locked.state, locked.cancelled_at = Order.State.CANCELLED, now
            locked.save(update_fields=["state", "cancelled_at"])
            if locked.offer_id:
                purchase.let_go(order_id=locked.pk)
    order.state = locked.state


def _shut(payment: Payment, now: datetime) -> None:
    """Close the attempt's page at Stripe and record what became of it: closed, or paid after all. Raises
    UnderWay."""
    session_id = payment.session_id or create(payment=payment)
    try:
        session = sessions.expire(session_id)
    except sessions.SessionNotOpen:
        settled = settle.settle(session_id=session_id, now=now)
        if settled and settled.state == Payment.State.OPEN:
            raise UnderWay(payment.order) from None
    else:
        settle.record(session=session, now=now)


def _look_at_last(order: Order, now: datetime) -> None:
    """Its page may have been closed in Stripe's dashboard, or the buyer may be done with it. Raises
    UnderWay. One call to Stripe when there is a page."""
    last = Payment.objects.filter(order=order).order_by("-attempt").first()
    if last is None or last.state != Payment.State.OPEN or last.session_id is None:
        return
    session = sessions.retrieve(last.session_id)
    if session is None:
        return
    settle.record(session=session, now=now)
    if session.is_under_way:
        raise UnderWay(order)


def _attempt(order: Order, now: datetime) -> Payment:
    """The open attempt, or a new one when there is none or its page is about to close."""
    current = Payment.objects.filter(order=order).order_by("-attempt").first()
    if current and current.state == Payment.State.OPEN and not current.is_worth_returning_to(now):
        _shut(current, now)
    with transaction.atomic():
        locked = Order.lock(order.pk)
        if locked.state == Order.State.PAID:
            raise AlreadyPaid(order)
        if locked.state == Order.State.CANCELLED:
            raise OrderOutdated
        last = Payment.objects.filter(order=order).order_by("-attempt").first()
        if last and last.state == Payment.State.OPEN:
            return last
        if locked.offer_id:
            purchase.reserve(
                order_id=locked.pk,
                offer_id=locked.offer_id,
                discount=locked.discount,
                now=now,
            )
        return _new_attempt(order, (last.attempt if last else 0) + 1, now)


def _new_attempt(order: Order, attempt: int, now: datetime) -> Payment:
    Order.objects.filter(pk=order.pk).update(payment=Order.Payment.OPEN)
    return Payment.objects.create(
        brand_id=order.brand_id,
        order=order,
        attempt=attempt,
        amount=order.total,
        currency=order.currency,
        opened_at=now,
        asked_at=now,
        expires_at=now + SESSION_LIFE,
    )


def create(*, payment: Payment) -> str:
    """Ask Stripe for the attempt's page; the id of its session.

    The same attempt asks with the same key and words, so a lost answer is simply asked for again.
    Raises StripeUnavailable, or SessionRefused: the attempt is over then, and the next one is new.
    """
    try:
        session = _ask_for_page(payment)
    except sessions.SessionRefused as refused:
        _note_refused(payment, scrub(str(refused))[:200])
        raise
    payment.remember_page(session_id=session.id, url=session.url)
    return session.id


def _note_refused(payment: Payment, problem: str) -> None:
    """Only if nobody else, in another tab, got this attempt its page meanwhile."""
    with transaction.atomic():
        order = Order.lock(payment.order_id)
        over = {"state": Payment.State.EXPIRED, "settled_at": timezone.now(), "problem": problem}
        waiting = Payment.objects.open().filter(pk=payment.pk, session_id__isnull=True)
        if waiting.update(**over) and order.offer_id:
            purchase.let_go(order_id=order.pk)


def _ask_for_page(payment: Payment) -> sessions.Session:
    order = payment.order
    gifts = order.gifts.select_related("recipient").order_by("position")
    with translation.override(order.language):  # whoever asks again: the same words
        lines = [(gift.said["label"], _in_words(order, gift), gift.paid) for gift in gifts]
    return sessions.create(
        order=order,
        attempt=payment.attempt,
        lines=lines,
        success_url=f"{settings.BASE_URL}{reverse('payment-return')}?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=_cancel_url(order),
        expires_at=payment.expires_at,
        idempotency_key=f"order:{order.pk}:{payment.attempt}",
    )


def _in_words(order: Order, gift: Gift) -> str:
    """What a line of Stripe's page says beside its gift: whose it is, and what was taken off its price."""
    words = [order.brand.name, gift.recipient.short_name]
    if gift.discount:
        price, off = (money(each, order.currency) for each in (gift.amount, gift.discount))
        words += [f"{price} \N{MINUS SIGN} {off}", order.discount_name]
    return " · ".join(words)


def _cancel_url(order: Order) -> str:
    if order.draft_id is None:
        return f"{settings.BASE_URL}{reverse('shop', args=[order.brand.slug])}"
    path = reverse("give-pay", args=[order.brand.slug, order.draft_id])
    return f"{settings.BASE_URL}{path}?cancelled=1"
