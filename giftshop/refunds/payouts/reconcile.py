"""Holding what is booked of payouts against Stripe's own list of them."""

from collections.abc import Iterator
from datetime import datetime

from brands.models import Brand
from giftshop.payments.reconcile import Difference, Tally
from giftshop.payments.stripe import payouts
from giftshop.payments.stripe.payouts import PayoutState
from giftshop.refunds.payouts import shares


def differences(*, since: datetime, tally: Tally) -> Iterator[Difference]:
    """What Stripe paid out since then and the books have otherwise; lines in another currency than they were
    paid in are named, and in nobody's books. Expects scopes to be disabled. Raises StripeUnavailable."""
    for state in payouts.since(since):
        tally.add()
        yield from _compare(state)


def _compare(state: PayoutState) -> Iterator[Difference]:
    if not state.is_automatic:
        words = (
            f"made by hand, {state.amount} {state.currency}: Stripe does not say of which payments"
        )
        yield Difference(state.id, words)
        return
    if state.lines and sum(line.net for line in state.lines) != state.amount:
        total = sum(line.net for line in state.lines)
        yield Difference(state.id, f"pays {state.amount} {state.currency}, its lines make {total}")
    found = shares.of_lines(state.lines)
    if found.converted:
        words = (
            f"{found.converted} lines are in another currency than they were paid in: not booked"
        )
        yield Difference(state.id, words)
    out = shares.posted(state.id, came_back=False)
    back = shares.posted(state.id, came_back=True)
    keys = found.by_brand.keys() | out.keys()
    brands = Brand.objects.in_bulk({brand for brand, _currency in keys})
    for key in sorted(keys):
        whose, currency = brands[key[0]].slug, key[1]
        if out[key] != found.by_brand[key]:
            said = f"{found.by_brand[key]} {currency} of it are {whose}'s, posted {out[key]}"
            yield Difference(state.id, said)
        if back[key] != (-out[key] if state.is_gone else 0):
            said = f"it is {state.status}, of {out[key]} {currency} {-back[key]} are taken back"
            yield Difference(state.id, said)
