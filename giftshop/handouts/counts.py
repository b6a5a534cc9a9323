"""How a handout stands: what became of its codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from giftshop.handouts.models import HandoutLine
from giftshop.offers.models import OfferUse
from redemption.models import Code

LIVE = (Code.State.ACTIVE, Code.State.ON_HOLD)


@dataclass(frozen=True)
class Standing:
    """Codes by what became of them; each is in one of these."""

    redeemed: int = 0
    good: int = 0
    """Still to be used, from now on or later."""
    taken_back: int = 0
    past: int = 0
    """Not used in time."""


def standings(handout_ids: Iterable[UUID], now: datetime) -> dict[UUID, Standing]:
    """By the handout's id. One query; expects the brand's scope."""
    over = Q(code__state=Code.State.EXPIRED) | Q(code__state__in=LIVE, code__expires_at__lte=now)
    rows = (
        OfferUse.objects.filter(handout_id__in=list(handout_ids), code__isnull=False)
        .values("handout_id")
        .annotate(
            redeemed=Count("pk", filter=Q(code__state=Code.State.REDEEMED)),
            good=Count("pk", filter=Q(code__state__in=LIVE, code__expires_at__gt=now)),
            taken_back=Count("pk", filter=Q(code__state=Code.State.VOIDED)),
            past=Count("pk", filter=over),
        )
    )
    counts = ("redeemed", "good", "taken_back", "past")
    return {
        handout_id: Standing(*found)
        for handout_id, *found in rows.order_by().values_list("handout_id", *counts)
        if handout_id
    }


def good_codes(handout_id: UUID, now: datetime) -> list[Code]:
    """Those that can still be used, in the order in which they were made. One query; expects the brand's
    scope."""
    uses = OfferUse.objects.filter(handout_id=handout_id).values("code")
    good = Code.objects.filter(pk__in=uses, state=Code.State.ACTIVE, expires_at__gt=now)
    return list(good.select_related("brand").order_by("pk"))


@dataclass(frozen=True)
class Progress:
    """Of a list: people by what became of their letter; and how many of them opened it."""

    waiting: int
    sent: int
    came_back: int
    left_out: int
    stopped: int
    opened: int


def progress_of(handout_id: UUID) -> Progress:
    """One query; expects the brand's scope."""
    lines = HandoutLine.objects.filter(handout=handout_id)
    states = {state.value: Count("pk", filter=Q(state=state.value)) for state in HandoutLine.State}
    opened = Count("pk", filter=Q(opened_at__isnull=False))
    return Progress(**lines.aggregate(**states, opened=opened))
