"""What tells a payer's bank that the gifts were bought, sent, opened and handed over: gathered from our own
rows, in English, which banks and card schemes read everywhere.

Only what the bank needs: no code, no message, no address of a recipient.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone, translation

from core.templatetags.money import money
from giftshop.delivery.models import Attempt
from giftshop.orders.models import Gift, Order
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.models import Dispute
from redemption.models import Redemption

FIELD_MAX = 20_000
ALL_MAX = 150_000
"""Characters of one field, and of all together: so much Stripe takes."""

FIELDS = (
    "customer_name",
    "customer_email_address",
    "service_date",
    "product_description",
    "access_activity_log",
    "refund_policy_disclosure",
    "uncategorized_text",
)
"""As Stripe calls them, in the order in which they are shown."""


def gather(dispute: Dispute) -> dict[str, str]:
    """What is known of the payment, by Stripe's fields. Times by the brand's clock. 6 queries. Expects the
    brand's scope and the payment's order loaded."""
    order = dispute.payment.order
    gifts = with_worth(order.gifts.with_everything().filter(code__isnull=False))
    uses = _uses(gifts)
    with translation.override("en"), timezone.override(order.brand.tz):
        told = {
            "customer_name": order.sender_name,
            "customer_email_address": order.sender_email,
            "service_date": _service_date(order, gifts, uses),
            "product_description": _sold(order, gifts),
            "access_activity_log": "\n".join(_log(order, gifts, uses)),
            "refund_policy_disclosure": _terms(order),
            "uncategorized_text": "",
        }
    return {name: text[:FIELD_MAX] for name, text in told.items()}


def _uses(gifts: list[Gift]) -> list[Redemption]:
    """That stand: one that was undone handed nothing over."""
    made = Redemption.objects.filter(
        code__in=[gift.code_id for gift in gifts], reversal__isnull=True
    )
    return list(made.select_related("store", "staff", "device").order_by("redeemed_at"))


def _service_date(order: Order, gifts: list[Gift], uses: list[Redemption]) -> str:
    """When the last of it was handed over; else when the gifts were sent, else paid for."""
    times = [use.redeemed_at for use in uses] or [gift.sent_at for gift in gifts if gift.sent_at]
    last = max(times, default=order.paid_at)
    return timezone.localtime(last).date().isoformat() if last else ""


def _sold(order: Order, gifts: list[Gift]) -> str:
    brand = order.brand
    lines = [
        f"{len(gifts)} digital gift(s) of {brand.legal_name or brand.name}, order {order.number}. "
        "Each is for somebody whom the customer named, who hands in its code once at a store's counter "
        "for what it names."
    ]
    lines += [
        f"Gift {gift.position}: {gift.label}, {money(gift.amount, order.currency)}, "
        f"for {gift.recipient.short_name}."
        for gift in gifts
    ]
    return "\n".join(lines)


def _log(order: Order, gifts: list[Gift], uses: list[Redemption]) -> Iterator[str]:
    """Line by line what happened, in the order of time."""
    yield f"Times are those of {order.brand.time_zone}."
    happened = [*_of_order(order), *_of_gifts(gifts), *_of_uses(gifts, uses)]
    for at, text in sorted(happened, key=lambda each: each[0]):
        yield f"{timezone.localtime(at):%Y-%m-%d %H:%M} {text}"


def _of_order(order: Order) -> Iterator[tuple[datetime, str]]:
    yield order.placed_at, f"Order {order.number} was placed by {order.sender_name}."
    if order.paid_at:
        if order.discount:
            off = money(order.discount, order.currency)
            yield order.placed_at, f"A discount of {off} was taken off: {order.discount_name}."
        yield order.paid_at, f"{money(order.total, order.currency)} was paid on Stripe's page."
    tries = Attempt.objects.filter(delivery__subject=f"order:{order.pk}")
    for each in tries:
        yield each.at, f"A receipt to {order.sender_email}: {_OUTCOMES[each.outcome]}."


_OUTCOMES: dict[str, str] = {
    Attempt.Outcome.SENT: "taken by the mail server",
    Attempt.Outcome.DEFERRED: "to be tried again",
    Attempt.Outcome.REFUSED: "refused by the mail server",
}


def _of_gifts(gifts: list[Gift]) -> Iterator[tuple[datetime, str]]:
    subjects = {f"gift:{gift.pk}": gift for gift in gifts}
    tries = Attempt.objects.filter(delivery__subject__in=subjects, delivery__purpose="gift")
    for each in tries.select_related("delivery"):
        gift = subjects[each.delivery.subject]
        yield each.at, f"Gift {gift.position} by e-mail: {_OUTCOMES[each.outcome]}."
    for gift in gifts:
        if gift.opened_at:
            yield gift.opened_at, f"Gift {gift.position} was opened by whoever got its link."
        if gift.thanked_at:
            yield gift.thanked_at, f"Gift {gift.position}: its recipient thanked the customer."


def _of_uses(gifts: list[Gift], uses: list[Redemption]) -> Iterator[tuple[datetime, str]]:
    by_code = {gift.code_id: gift for gift in gifts}
    for use in uses:
        who = f", by {use.staff.name}" if use.staff else ""
        place = f"{use.store.name}, {use.store.street}, {use.store.city}"
        yield (
            use.redeemed_at,
            f"Gift {by_code[use.code_id].position} was handed over for its code, "
            f"{money(use.amount, use.currency)}, at {place}, at the device {use.device.name}{who}.",
        )


def _terms(order: Order) -> str:
    """What the customer agreed to, word for word."""
    if order.terms is None:
        return ""
    agreed = f"Before paying, the customer agreed to these terms ({order.terms.language})."
    document = order.terms.words()
    parts = [agreed, document.title]
    for section in document.sections:
        parts += [section.heading, *(paragraph.text for paragraph in section.paragraphs)]
    return "\n".join(filter(None, parts))
