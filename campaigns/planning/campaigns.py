"""A campaign is drafted or planned, changed, put away."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from brands import slugs
from brands.models import Brand
from campaigns.models import Campaign, Link, Network
from core.forms.version import check_version, version_of
from giftshop.catalog.models import Treat
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor

CHANGED = (
    *("name", "headline", "story", "art", "budget", "spent", "starts_on", "ends_on"),
    *("least_recipients", "share_texts"),
)
"""Its own columns that can be changed, in the order of a version."""


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
    story: str = "",
    art: str = "",
    share_texts: dict[str, str] | None = None,
    budget: int | None = None,
    spent: int | None = None,
    least_recipients: int = 1,
    treats: Iterable[Treat] = (),
    is_draft: bool = False,
    copy_of: Campaign | None = None,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> Campaign:
    """A new campaign, which is live on its days unless it is a draft; `budget` and `spent` in minor units.
    Raises IntegrityError when the brand has one of that name. Call it inside the brand's scope."""
    with transaction.atomic():
        campaign = Campaign.objects.create(
            brand=brand,
            name=name,
            slug=_free_slug(name),
            headline=headline,
            story=story,
            art=art,
            share_texts=share_texts or {},
            starts_on=starts_on,
            ends_on=ends_on,
            budget=budget,
            spent=spent,
            least_recipients=least_recipients,
            is_draft=is_draft,
            created_by_id=by.id if by.kind == "user" else None,
        )
        campaign.treats.set(treats)
        if copy_of:
            record(campaign, log.Act.CAMPAIGN_COPIED, by, now, copy_of=copy_of.name)
        else:
            act = log.Act.CAMPAIGN_DRAFTED if is_draft else log.Act.CAMPAIGN_PLANNED
            record(campaign, act, by, now)
    return campaign


def change(
    campaign: Campaign,
    *,
    name: str,
    starts_on: date,
    ends_on: date | None,
    headline: str,
    story: str,
    art: str,
    share_texts: dict[str, str],
    budget: int | None,
    spent: int | None,
    least_recipients: int,
    treats: Iterable[Treat],
    seen: str = "",
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> None:
    """Its address and its links' addresses stay: they may be on a poster. Raises IntegrityError when
    another campaign has the name, SavedSince where `seen`, the version that whoever asks was shown, is
    not the one kept. Expects its turn."""
    own = [name, headline, story, art, budget, spent, starts_on, ends_on]
    wanted = [*own, least_recipients, share_texts, *_keys(treats)]
    kept = _kept(campaign)
    check_version(seen, kept=kept, wanted=wanted)
    changes = _told(kept, wanted)
    for column, value in zip(CHANGED, wanted, strict=False):
        setattr(campaign, column, value)
    with transaction.atomic():
        campaign.save(update_fields=CHANGED)
        campaign.treats.set(treats)
        if changes:
            record(campaign, log.Act.CAMPAIGN_CHANGED, by, now, changes=changes)


def version(campaign: Campaign) -> str:
    """Of all that can be changed of it."""
    return version_of(_kept(campaign))


def _kept(campaign: Campaign) -> list[Any]:
    kept = Campaign.objects.get(pk=campaign.pk)
    return [*(getattr(kept, name) for name in CHANGED), *_keys(kept.treats.all())]


def _keys(treats: Iterable[Treat]) -> list[str]:
    return sorted(str(treat.pk) for treat in treats)


def archive(campaign: Campaign, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """Put away: its links stop counting and only lead to the shop. Its figures stay."""
    now = now or timezone.now()
    with transaction.atomic():
        if _current(campaign).update(archived_at=now):
            campaign.archived_at = now
            record(campaign, log.Act.CAMPAIGN_ARCHIVED, by, now)


def bring_back(campaign: Campaign, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    with transaction.atomic():
        if Campaign.objects.archived().filter(pk=campaign.pk).update(archived_at=None):
            campaign.archived_at = None
            record(campaign, log.Act.CAMPAIGN_RESTORED, by, now)


def _current(campaign: Campaign) -> "QuerySet[Campaign]":
    return Campaign.objects.current().filter(pk=campaign.pk)


def record(
    campaign: Campaign, act: log.Act, by: Actor, now: datetime | None, **details: Any
) -> None:
    """Of what was done to it, in the transaction that did it."""
    told = {"campaign": campaign.name, "currency": campaign.brand.currency, **details}
    log.record(
        brand=campaign.brand,
        actor=by,
        act=act,
        subject=f"campaign:{campaign.pk}",
        now=now or timezone.now(),
        details=told,
    )


def _told(kept: list[Any], wanted: list[Any]) -> dict[str, list[Any]]:
    """What changed, as the audit log keeps it; of the treats how many there are, and each network's words
    by themselves."""
    fields = dict(zip(CHANGED, zip(kept, wanted, strict=False), strict=False))
    told = {
        name: [_as_json(was), _as_json(now)] for name, (was, now) in fields.items() if was != now
    }
    told |= {
        f"text_{network}": [was.get(network, ""), now.get(network, "")]
        for was, now in [told.pop("share_texts", [{}, {}])]
        for network in Network.values
        if was.get(network, "") != now.get(network, "")
    }
    before, after = kept[len(CHANGED) :], wanted[len(CHANGED) :]
    return told if before == after else {**told, "treats": [len(before), len(after)]}


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


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
