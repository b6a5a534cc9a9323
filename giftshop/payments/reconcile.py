"""Holding our payments against Stripe's own list, both ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from giftshop.payments.models import Payment
from giftshop.payments.stripe import charges
from redemption.models import Account, Posting

SETTLED_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Difference:
    charge_id: str
    detail: str

    def __str__(self) -> str:
        return f"{self.charge_id}: {self.detail}"


@dataclass
class Tally:
    """How many of Stripe's things, and of ours that Stripe has not, were looked at."""

    rows: int = 0

    def add(self) -> None:
        self.rows += 1


def differences(*, since: datetime, tally: Tally | None = None) -> Iterator[Difference]:
    """What Stripe and we see differently of charges made since then.

    Expects scopes to be disabled. Only charges with our order in their metadata are ours to explain;
    an account may serve more than this shop. Raises stripe_sdk.StripeUnavailable.
    """
    earlier = since - SETTLED_WITHIN  # a charge may be older than the moment we heard of it
    ours = {
        payment.charge_id: payment
        for payment in Payment.objects.filter(settled_at__gte=since).exclude(charge_id="")
    }
    seen, tally = set(), tally or Tally()
    for charge in charges.charges_since(earlier):
        seen.add(charge.id)
        if charge.created < since:
            continue
        tally.add()
        payment = ours.get(charge.id) or Payment.objects.filter(charge_id=charge.id).first()
        if payment is None:
            yield Difference(
                charge.id, f"Stripe took {charge.amount} {charge.currency}, no payment"
            )
        else:
            yield from _compare(charge, payment)
    for charge_id in ours.keys() - seen:
        tally.add()
        yield Difference(charge_id, "we have a payment, Stripe lists no charge")


def _compare(charge: charges.Charge, payment: Payment) -> Iterator[Difference]:
    if (charge.amount, charge.currency) != (payment.amount, payment.currency) and (
        payment.state == Payment.State.PAID
    ):
        yield Difference(
            charge.id,
            f"Stripe took {charge.amount} {charge.currency}, "
            f"we asked for {payment.amount} {payment.currency}",
        )
    if payment.state == Payment.State.REFUSED and not charge.refunded:
        yield Difference(charge.id, "refused by us, not sent back by Stripe")
    if payment.state == Payment.State.PAID and charge.fee is not None:
        posted = _posted_fee(payment)
        if posted != charge.fee:
            yield Difference(charge.id, f"Stripe's fee is {charge.fee}, posted {posted}")


def _posted_fee(payment: Payment) -> int:
    return sum(
        Posting.objects.filter(
            account=Account.STRIPE_FEES, entry__reference=f"payment:{payment.pk}"
        ).values_list("amount", flat=True)
    )
