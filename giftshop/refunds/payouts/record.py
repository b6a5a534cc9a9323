"""A payout in the books: each brand's share goes from Stripe's balance to the bank, and back where it failed.

What is booked already is compared with what the payout is made of now, and only the difference is posted: an
event that comes late, twice, or before all lines are known changes nothing.
"""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.payments.stripe.payouts import PayoutState
from giftshop.refunds.payouts import shares
from giftshop.refunds.payouts.shares import BACK, Key
from redemption.ledger.posting import Leg, post
from redemption.models import Account, JournalEntry


def record(*, state: PayoutState, now: datetime) -> None:
    """Once, however often it is called. Raises IntegrityError when another does so in the same moment: its
    turn is repeated."""
    with scopes_disabled():
        number = _entries(
            state
        )  # first: what another books from here on takes the number wanted here
        wanted = shares.of_lines(state.lines).by_brand
        out = shares.posted(state.id, came_back=False)
        back = shares.posted(state.id, came_back=True)
        _post(state, _missing(wanted, out), number, "", now)
        if state.is_gone:
            taken = Counter({key: -amount for key, amount in wanted.items()})
            _post(state, _missing(taken, back), number, BACK, now)


def _entries(state: PayoutState) -> Counter[UUID]:
    """How many it has, by the brand's id."""
    booked = shares.entries_of(state.id).values_list("brand").annotate(Count("pk"))
    return Counter(dict(booked))


def _missing(wanted: Counter[Key], booked: Counter[Key]) -> dict[Key, int]:
    keys = wanted.keys() | booked.keys()
    return {key: wanted[key] - booked[key] for key in keys if wanted[key] != booked[key]}


def _post(
    state: PayoutState, amounts: dict[Key, int], number: Counter[UUID], end: str, now: datetime
) -> None:
    brands = Brand.objects.in_bulk({brand for brand, _currency in amounts})
    for (brand_id, currency), amount in sorted(amounts.items()):
        brand = brands[brand_id]
        number[brand_id] += 1
        with scope(brand=brand), transaction.atomic():
            post(
                brand=brand,
                kind=JournalEntry.Kind.PAYOUT,
                reference=f"payout:{state.id}:{number[brand_id]}{end}",
                currency=currency,
                legs=[Leg(Account.BANK, amount), Leg(Account.STRIPE_CLEARING, -amount)],
                now=now,
            )
