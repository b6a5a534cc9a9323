"""Which rows of a figure somebody asked for: days and filters, all of them kept in the address."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from brands.models import Brand, Store
from campaigns.dashboard.figures import FIGURES, Figure
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import Period
from campaigns.dashboard.period_views import own_days, period_of, today_of
from campaigns.models import Campaign, Fact, Link, Visit
from campaigns.moments import moments_of
from giftshop.accounts.access import BrandRequest
from giftshop.accounts.store_sets import StoreSet
from giftshop.catalog.models import Treat
from giftshop.offers.models import Offer, OfferUse
from giftshop.orders.models import Gift
from redemption.models import Code

NEW, RETURNING = "new", "returning"


@dataclass(frozen=True)
class RowsAsked:
    """Of one figure. A filter that the figure cannot be told by is not asked for."""

    figure: Figure
    brand: Brand
    stores: StoreSet
    period: Period
    own: Period | None = None
    campaign: Campaign | None = None
    link: Link | None = None
    store: Store | None = None
    treat: Treat | None = None
    offer: Offer | None = None
    guests: str = ""
    """NEW, RETURNING, or empty for everybody."""
    alone: bool = False
    """What came by no link."""

    @property
    def given(self) -> dict[str, str]:
        """The filters as an address has them."""
        told = {
            "campaign": self.campaign and self.campaign.slug,
            "link": self.link and self.link.slug,
            "store": self.store and self.store.slug,
            "treat": self.treat and self.treat.slug,
            "offer": self.offer and self.offer.slug,
            "guests": self.guests,
            "alone": "1" if self.alone else "",
        }
        return {name: value for name, value in told.items() if value}

    def query(self, request: BrandRequest, *, but: str = "") -> str:
        """What the address of the same rows needs, without the filter `but`."""
        days = self.period.query(today_of(request), own=self.own)
        left = {name: value for name, value in self.given.items() if name != but}
        return f"{days}&{urlencode(left)}" if left else days

    def chosen(self, request: BrandRequest) -> list[dict[str, str]]:
        """Each filter in words, with the query of the rows without it."""
        guests = {NEW: _("for the first time"), RETURNING: _("seen before")}.get(self.guests, "")
        said = (
            ("campaign", _("Campaign"), self.campaign and self.campaign.name),
            ("link", _("Link"), self.link and self.link.name),
            ("store", _("Store"), self.store and self.store.name),
            ("treat", _("Treat"), self.treat and self.treat.name),
            ("offer", _("Offer"), self.offer and self.offer.name),
            ("guests", _("Guests"), guests),
            ("alone", _("Link"), _("no link") if self.alone else ""),
        )
        return [
            {"label": label, "value": value, "without": self.query(request, but=name)}
            for name, label, value in said
            if value
        ]

    def rows(self) -> "QuerySet[Any]":
        """Facts, each with the `part` that it adds; or visits."""
        return self._visits() if self.figure.is_of_visits else self._facts()

    def _facts(self) -> "QuerySet[Any]":
        shown = self.figure
        facts = Fact.objects.filter(
            shown.only,
            topic__in=shown.topics,
            **{f"{shown.day}__range": moments_of(self.brand, self.period)},
        )
        if shown.day != "occurred_at":  # nothing became of a gift before it was sold: by the index
            facts = facts.filter(occurred_at__gte=moments_of(self.brand, self.period)[0])
        facts = self.stores.within(facts.filter(self._of("campaign", "link", "store", "offer")))
        if self.alone:
            facts = facts.filter(link=None)
        if self.guests:
            facts = facts.filter(is_returning=self.guests == RETURNING)
        if self.treat and shown.of_gifts is not None:
            return self._gifts_of_orders(facts, self.treat)
        if self.treat:
            gifts = Gift.objects.filter(treat=self.treat).values("pk")
            coupons = OfferUse.objects.filter(treat=self.treat, code__isnull=False).values("code")
            given = Q(offer__isnull=False, code_id__in=coupons)
            facts = facts.filter(Q(gift_id__in=gifts) | given)
        found = facts.annotate(part=shown.part)
        return found.exclude(part=0) if shown.drops_zero else found

    def _gifts_of_orders(self, facts: "QuerySet[Any]", treat: Treat) -> "QuerySet[Any]":
        """An order tells of several treats: of each what its gifts of this one add."""
        sold = Q(code=None) | ~Q(code__origin=Code.Origin.PROMOTIONAL)
        gifts = Gift.objects.filter(sold, treat=treat)
        of_order = gifts.filter(order=OuterRef("order_id")).order_by().values("order")
        part = Subquery(of_order.annotate(part=self.figure.of_gifts).values("part"))
        found: QuerySet[Any] = facts.filter(order_id__in=gifts.values("order")).annotate(part=part)
        return found

    def _visits(self) -> "QuerySet[Any]":
        seen = Visit.objects.filter(
            self.figure.only,
            self._of("campaign", "link"),
            at__range=moments_of(self.brand, self.period),
        )
        if self.guests:
            seen = seen.filter(new_visitor=self.guests == NEW)
        return seen.annotate(part=self.figure.part)

    def _of(self, *names: str) -> Q:
        given = {name: getattr(self, name) for name in names}
        return Q(**{name: value for name, value in given.items() if value is not None})

    def has_more_than(self, count: int) -> bool:
        """One query, which looks at so many at most."""
        return bool(self.rows().order_by()[count : count + 1].values_list("pk"))

    def total(self) -> int:
        """What the rows add up to: kept sums, or where filters cross what no sum is kept of, the rows. One
        query."""
        within: Any = {self.store.pk} if self.store else self.stores.ids
        is_within = within is not None
        crossed = self.link and (self.campaign or is_within or self.offer)
        if self.treat or self.guests or self.alone or crossed or (self.offer and is_within):
            return int(self.rows().aggregate(total=Sum("part"))["total"] or 0)
        figures = figures_of(
            self.period, campaign=self.campaign, link=self.link, stores=within, offer=self.offer
        )
        return int(getattr(figures, self.figure.name))


def asked_for(request: BrandRequest, name: str) -> RowsAsked:
    """Raises Http404 for a figure that there is not, or that its member is not shown; three queries at most
    and one for each filter."""
    stores, given = request.stores, request.GET
    shown = FIGURES.get(name)
    if shown is None:
        raise Http404
    by_campaign = given.get("campaign") or given.get("link") or given.get("alone")
    if not (stores.is_whole_brand or (shown.is_by_store and not by_campaign)):
        raise Http404
    campaign = _one(Campaign, given.get("campaign"))
    own = own_days(request, campaign) if campaign else None
    asked = RowsAsked(
        figure=shown,
        brand=request.brand,
        stores=stores,
        period=period_of(request, own=own, campaign=campaign),
        own=own,
        campaign=campaign,
        link=_one(Link, given.get("link")),
    )
    if shown.is_by_store and given.get("store"):
        asked = replace(asked, store=get_object_or_404(stores.stores(), slug=given["store"]))
    if shown.is_by_treat and given.get("treat"):
        asked = replace(asked, treat=_one(Treat, given["treat"]))
    if shown.is_by_offer and given.get("offer"):
        asked = replace(asked, offer=_one(Offer, given["offer"]))
    if given.get("alone") and not (shown.is_of_visits or asked.link):
        asked = replace(asked, alone=True)
    if shown.is_by_guest and given.get("guests") in (NEW, RETURNING):
        asked = replace(asked, guests=given["guests"])
    return asked


def _one(model: Any, slug: str | None) -> Any:
    return get_object_or_404(model.objects.all(), slug=slug) if slug else None


def labels_of(facts: list[Any]) -> dict[UUID, str]:
    """What each gift of these facts is, by its id. One query, none where no fact is of a gift."""
    gifts = {fact.gift_id for fact in facts if fact.gift_id}
    return dict(Gift.objects.filter(pk__in=gifts).values_list("pk", "label")) if gifts else {}
