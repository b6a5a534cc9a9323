"""What an owner should know of money today: how much waits for a person, and how many payments are disputed.

Card schemes count disputes and early fraud warnings of a month against its payments.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from brands.models import Brand
from campaigns.dashboard import queries
from campaigns.dashboard.number_formats import number, share
from campaigns.dashboard.period import Period
from giftshop.refunds.models import Dispute, FraudWarning
from giftshop.refunds.open_items import open_items

SPANS = (30, 90)
"""Days that are told."""
ENOUGH = 100
"""Of fewer payments a share says nothing."""
PRESSED_AT = 0.005
"""From here banks ask questions."""
COUNTED_AT = 0.015
"""From here card schemes fine."""
EARLY = "issfr_"
"""How Stripe's id of an early fraud warning begins; a review of its own begins otherwise."""


@dataclass(frozen=True)
class Share:
    """Of the payments of some days those that a bank disputed or a scheme reported."""

    days: int
    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole

    @property
    def in_words(self) -> str:
        """0.4%"""
        return share(self.value)

    @property
    def counts(self) -> tuple[str, str]:
        return number(self.part), number(self.whole)

    @property
    def tone(self) -> str:
        if self.value >= COUNTED_AT:
            return "bad"
        return "warn" if self.value >= PRESSED_AT else "good"


@dataclass(frozen=True)
class Money:
    waiting: int
    shares: list[Share]
    pressed_at: str = ""
    counted_at: str = ""

    @property
    def is_quiet(self) -> bool:
        return not self.waiting and not self.shares


def money_today(brand: Brand, now: datetime) -> Money:
    """8 queries or fewer, none on an order where nothing was ever owed back. Expects the brand's scope."""
    today = now.astimezone(brand.tz).date()
    paid = queries.by_day(period=Period.ending(today, days=max(SPANS)))
    told = _counts(now)
    shares = [
        Share(days, told[days], whole)
        for days in SPANS
        if (
            whole := sum(
                figures.orders
                for day, figures in paid.items()
                if day > today - timedelta(days=days)
            )
        )
        >= ENOUGH
    ]
    return Money(open_items.count(brand, now), shares, share(PRESSED_AT), share(COUNTED_AT))


def _counts(now: datetime) -> dict[int, int]:
    """Disputes (a bank's mere question is none) and warnings by days. 2 queries."""
    since = {days: now - timedelta(days=days) for days in SPANS}
    first = min(since.values())
    disputes = Dispute.objects.filter(opened_at__gt=first).exclude(status__in=Dispute.INQUIRIES)
    warned = FraudWarning.objects.filter(made_at__gt=first, warning_id__startswith=EARLY)
    by_dispute = disputes.aggregate(
        **{f"of_{days}": Count("pk", filter=Q(opened_at__gt=at)) for days, at in since.items()}
    )
    by_warning = warned.aggregate(
        **{f"of_{days}": Count("pk", filter=Q(made_at__gt=at)) for days, at in since.items()}
    )
    return {days: by_dispute[f"of_{days}"] + by_warning[f"of_{days}"] for days in SPANS}
