"""A campaign is planned, changed, put away."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from brands import slugs
from brands.models import Brand
from campaigns.models import Campaign, Link
from core.forms.version import check_version, version_of
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat

CHANGED = (
    *("name", "headline", "budget", "spent", "starts_on", "ends_on"),
    "least_recipients",
)


@contextmanager
def turns(brand: Brand) -> Iterator[None]:
    """Whoever names a campaign or link of the brand does so alone, from looking whether the name is free
    until it is taken: a second click then finds it taken. One statement, and a transaction."""
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).only("pk").get(pk=brand.pk)
        yield


def plan(
    *,
    brand: Brand,
    name: str,
    starts_on: date,
    ends_on: date | None = None,
    headline: str = "",
    budget: int | None = None,
    spent: int | None = None,
    least_recipients: int = 1,
    treats: Iterable[Treat] = (),
    by: User | None = None,
) -> Campaign:
    """A new campaign; `budget` and `spent` in minor units. Raises IntegrityError when the brand has
    one of that name. Call it inside the brand's scope."""
    with transaction.atomic():
        campaign = Campaign.objects.create(
            brand=brand,
            name=name,
            slug=_free_slug(name),
            headline=headline,
            starts_on=starts_on,
            ends_on=ends_on,
            budget=budget,
            spent=spent,
            least_recipients=least_recipients,
            created_by=by,
        )
        campaign.treats.set(treats)
    return campaign


def change(
    campaign: Campaign,
    *,
    name: str,
    starts_on: date,
    ends_on: date | None,
    headline: str,
    budget: int | None,
    spent: int | None,
    least_recipients: int,
    treats: Iterable[Treat],
    seen: str = "",
) -> None:
    """Its address and its links' addresses stay: they may be on a poster. Raises IntegrityError when
    another campaign has the name, SavedSince where `seen`, the version that whoever asks was shown, is
    not the one kept. Expects its turn."""
    own = [name, starts_on, ends_on, headline, budget, spent, least_recipients]
    wanted = [*own, *_keys(treats)]
    check_version(seen, kept=_kept(campaign), wanted=wanted)
    campaign.name, campaign.headline, campaign.budget = name, headline, budget
    campaign.starts_on, campaign.ends_on, campaign.spent = starts_on, ends_on, spent
    campaign.least_recipients = least_recipients
    with transaction.atomic():
        campaign.save(update_fields=CHANGED)
        campaign.treats.set(treats)


def version(campaign: Campaign) -> str:
    """Of all that can be changed of it."""
    return version_of(_kept(campaign))


def _kept(campaign: Campaign) -> list[Any]:
    kept = Campaign.objects.get(pk=campaign.pk)
    own = [kept.name, kept.starts_on, kept.ends_on, kept.headline, kept.budget, kept.spent]
    return [*own, kept.least_recipients, *_keys(kept.treats.all())]


def _keys(treats: Iterable[Treat]) -> list[str]:
    return sorted(str(treat.pk) for treat in treats)


def archive(campaign: Campaign, *, now: datetime | None = None) -> None:
    """Put away: its links stop counting and only lead to the shop. Its figures stay."""
    if campaign.archived_at is None:
        campaign.archived_at = now or timezone.now()
        campaign.save(update_fields=["archived_at"])


def bring_back(campaign: Campaign) -> None:
    campaign.archived_at = None
    campaign.save(update_fields=["archived_at"])


def have_amounts() -> bool:
    """Whether any, put away or not, has a budget or says what was spent. Expects the brand's scope."""
    return Campaign.objects.filter(Q(budget__gt=0) | Q(spent__gt=0)).exists()


def forget_link_amounts() -> None:
    """The links lead to their treats as before. Expects the brand's scope."""
    Link.objects.filter(amount__isnull=False).update(amount=None)


def _free_slug(name: str) -> str:
    """Two names may read alike in an address; the second gets a number."""
    stem = slugs.stem(name, otherwise="campaign")
    taken = Campaign.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    return slugs.free(stem, {*taken, "new"})
