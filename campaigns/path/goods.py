"""What the goods of redeemed treats cost, as far as the brand says so. Belongs inside its scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from brands.models import Brand
from campaigns.dashboard.period import Period
from campaigns.models import Campaign, Rollup, TreatCost
from core.forms.version import check_version, version_of
from giftshop.catalog.models import Treat
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor


@dataclass(frozen=True)
class OfTreat:
    """Guests who came with one treat, and what its goods cost the brand, if it says so."""

    treat_id: UUID
    guests: int
    each: int | None

    @property
    def cost(self) -> int | None:
        return None if self.each is None else self.each * self.guests


@dataclass(frozen=True)
class Goods:
    """`rows`: by treat, those of most guests first."""

    rows: Sequence[OfTreat] = ()

    @property
    def cost(self) -> int | None:
        """Minor units, of the guests whose treat's cost is known; None: of none is."""
        told = [row.cost for row in self.rows if row.cost is not None]
        return sum(told) if told else None

    @property
    def known(self) -> int:
        return sum(row.guests for row in self.rows if row.each is not None)

    @property
    def guests(self) -> int:
        """With a treat that is known."""
        return sum(row.guests for row in self.rows)


def goods_of(campaign: Campaign, period: Period) -> Goods:
    """By what each treat costs now, whatever it did then. Two queries."""
    rows = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_TREAT).filter(
        campaign=campaign, day__range=(period.first, period.last)
    )
    sums = rows.values("treat_id").annotate(sum_of_guests=Sum("guests"))
    came = dict(
        sums.exclude(sum_of_guests=0)
        .order_by("-sum_of_guests", "treat_id")
        .values_list("treat_id", "sum_of_guests")
    )
    costs = dict(
        TreatCost.objects.filter(treat__in=came).values_list("treat_id", "amount") if came else ()
    )
    return Goods([OfTreat(treat, count, costs.get(treat)) for treat, count in came.items()])


def costs_of(treats: list[Treat]) -> dict[UUID, int]:
    rows = TreatCost.objects.filter(treat__in=treats)
    return dict(rows.values_list("treat_id", "amount"))


def version(treats: list[Treat]) -> str:
    return version_of(_told(costs_of(treats)))


def _told(costs: Mapping[UUID, int | None]) -> dict[str, int]:
    return {str(key): amount for key, amount in sorted(costs.items()) if amount is not None}


def put(
    treats: list[Treat],
    *,
    brand: Brand,
    wanted: Mapping[UUID, int | None],
    seen: str = "",
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> int:
    """What these treats cost from now on; None: it isn't said. How many changed. Raises SavedSince where
    `seen` is not the version kept. Expects its turn (planning/campaigns.py)."""
    kept = costs_of(treats)
    # Whoever sends no version was shown no form, and takes nothing away.
    check_version(seen or version_of({}), kept=_told(kept), wanted=_told(wanted))
    changed = [each for each in treats if kept.get(each.pk) != wanted.get(each.pk)]
    with transaction.atomic():
        for treat in changed:
            amount = wanted.get(treat.pk)
            if amount is None:
                TreatCost.objects.filter(treat=treat).delete()
            else:
                TreatCost.objects.update_or_create(
                    treat=treat, defaults={"amount": amount, "brand": brand}
                )
            log.record(
                brand=brand,
                actor=by,
                act=log.Act.TREAT_COST_CHANGED,
                subject=f"treat:{treat.pk}",
                now=now or timezone.now(),
                details={
                    "name": treat.name,
                    "currency": brand.currency,
                    "changes": {"cost": [kept.get(treat.pk), amount]},
                },
            )
    return len(changed)
