"""Tracking links: made with a campaign, renamed, moved, retired; followed by people."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands import slugs
from campaigns.facts import rollups
from campaigns.models import Campaign, Link, Visit
from core import crypto, row_diff
from core.forms.version import check_version, version_of
from giftshop.catalog.menu import Offer
from giftshop.catalog.models import Treat
from giftshop.offers import models as offers
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor

VISIT_LASTS = timedelta(minutes=30)
"""Following a link again within this time is the same visit, as is usual where visits are counted."""


def add(
    *,
    campaign: Campaign,
    channel: str,
    name: str,
    treat: Treat | None = None,
    amount: int | None = None,
    offer: offers.Offer | None = None,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> Link:
    """A new link of the campaign, with an address of its own. Raises IntegrityError when the campaign
    has a link of that name. `amount`: of a treat of a free amount what is chosen already. `offer`: what it
    hands out. Call it inside the brand's scope."""
    with transaction.atomic():
        link = Link.objects.create(
            brand_id=campaign.brand_id,
            campaign=campaign,
            channel=channel,
            name=name,
            treat=treat,
            amount=amount,
            offer=offer,
            slug=new_slug(name),
        )
        _record(link, log.Act.LINK_ADDED, by, now)
    return link


def change(
    link: Link,
    *,
    channel: str,
    name: str,
    treat: Treat | None,
    amount: int | None = None,
    offer: offers.Offer | None = None,
    seen: str = "",
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> None:
    """Its address stays, whatever it is called: it may be on a poster. Raises IntegrityError when its
    campaign has another link of that name, SavedSince where `seen`, the version that whoever asks was shown,
    is not the one kept. Expects its turn (planning/campaigns.py)."""
    kept = Link.objects.with_everything().get(pk=link.pk)
    wanted = {"channel": channel, "name": name, "treat": treat, "amount": amount, "offer": offer}
    things = [each and str(each.pk) for each in (treat, offer)]
    check_version(seen, kept=_kept(kept), wanted=[channel, name, amount, *things])
    changes = row_diff.change(kept, wanted)  # what is asked of may be older than its turn
    if changes:
        for thing in changes.keys() & {"treat", "offer"}:
            changes[thing] = [each and each.name for each in changes[thing]]
        _record(kept, log.Act.LINK_CHANGED, by, now, changes=changes)


def move(link: Link, *, to: Campaign, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """From now on it counts for that campaign; what it brought before stays with the one it came for. Its
    address stays. Raises IntegrityError when the campaign has another link of its name. Expects its turn
    (planning/campaigns.py)."""
    kept = Link.objects.with_everything().get(pk=link.pk)
    if kept.campaign_id == to.pk:
        return
    changes = {"campaign": [kept.campaign.name, to.name]}
    kept.campaign = to
    kept.save(update_fields=["campaign"])
    _record(kept, log.Act.LINK_MOVED, by, now, changes=changes)


def version(link: Link) -> str:
    """Of all that can be changed of it."""
    return version_of(_kept(link))


def _kept(link: Link) -> list[Any]:
    things = [each and str(each) for each in (link.treat_id, link.offer_id)]
    return [link.channel, link.name, link.amount, *things]


def retire(link: Link, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """It stops counting, and leads to the shop. Its figures stay. Once is enough."""
    now = now or timezone.now()
    with transaction.atomic():
        if Link.objects.filter(pk=link.pk, retired_at=None).update(retired_at=now):
            link.retired_at = now
            _record(link, log.Act.LINK_RETIRED, by, now)


def restore(link: Link, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """It counts again."""
    with transaction.atomic():
        if Link.objects.filter(pk=link.pk, retired_at__isnull=False).update(retired_at=None):
            link.retired_at = None
            _record(link, log.Act.LINK_RESTORED, by, now)


def _record(link: Link, act: log.Act, by: Actor, now: datetime | None, **details: Any) -> None:
    brand = link.campaign.brand
    told = {"link": link.name, "currency": brand.currency}
    if act != log.Act.LINK_MOVED:  # whose changes name both
        told["campaign"] = link.campaign.name
    log.record(
        brand=brand,
        actor=by,
        act=act,
        subject=f"link:{link.pk}",
        now=now or timezone.now(),
        details={**told, **details},
    )


def new_slug(name: str) -> str:
    """Readable on a poster, not to be guessed from another: summer-window-k7q2m."""
    return slugs.not_guessed(name, otherwise="gift")


def counts_now(link: Link, *, now: datetime | None = None) -> bool:
    """Visits count while the campaign is live; before and after, while it is paused, and once the link is
    retired, it only leads to the shop."""
    if link.retired_at:
        return False
    today = (now or timezone.now()).astimezone(link.brand.tz).date()
    return link.campaign.state_on(today) == Campaign.State.LIVE


def destination(link: Link, *, now: datetime | None = None) -> str:
    """Where it leads: a path of ours, never an address that anybody gave. While its campaign is live to what
    it hands out, or to the campaign's page, its treat first; else to the shop. One query if it names a treat,
    two if it names an amount, too."""
    if not counts_now(link, now=now):
        return reverse("shop", args=[link.brand.slug])
    if link.offer:
        return reverse("offer", args=[link.offer.slug])
    page = reverse("campaign_page", args=[link.brand.slug, link.campaign.slug])
    treat = treat_of(link, now=now)
    if treat is None:
        return page
    return f"{page}?{urlencode({'treat': treat.slug, **_chosen(link, treat)})}"


def treat_of(link: Link, *, now: datetime | None = None) -> Treat | None:
    """The treat that it leads to, while it is on sale. One query if it names one."""
    if link.treat is None:
        return None
    today = (now or timezone.now()).astimezone(link.brand.tz).date()
    with scope(brand=link.brand):
        return (
            link.treat if Treat.objects.on_sale(today).filter(pk=link.treat.pk).exists() else None
        )


def _chosen(link: Link, treat: Treat) -> dict[str, str]:
    """Nothing where the treat is not given for that amount by now."""
    if link.amount is None:
        return {}
    with scope(brand=link.brand):
        price = treat.prices.filter(amount__lte=link.amount, most__gte=link.amount).first()
    return {"choice": Offer(treat, price, suggested=link.amount).key} if price else {}


def address(link: Link) -> str:
    """The whole address, as it goes on a poster."""
    return settings.BASE_URL + reverse("follow", kwargs={"slug": link.slug})


def follow(
    *,
    link: Link,
    visitor_id: str,
    new_visitor: bool = False,
    source: str = "",
    now: datetime | None = None,
) -> Visit:
    """Record that a browser followed the link, and count it: as a visit, or as one more follow of the visit
    that it is on. One without `visitor_id` is not known again: each follow is a visit. Call it inside the
    brand's scope. `source`: as utm.source gives it."""
    now = now or timezone.now()
    visitor = crypto.token_digest(visitor_id) if visitor_id else b""
    with transaction.atomic():
        if visitor:
            _take_turn(link, visitor)
        visit = Visit.objects.create(
            brand_id=link.brand_id,
            link=link,
            campaign_id=link.campaign_id,
            visitor=visitor,
            new_visitor=new_visitor if visitor else None,
            is_repeat=bool(visitor) and _is_on_a_visit(link, visitor, now),
            source=source,
            at=now,
        )
        rollups.add_visit(visit.pk)
    return visit


def know_again(*, link: Link, visitor_id: str, now: datetime | None = None) -> None:
    """The browser of a follow that was counted without an id said yes: by this one it is known from now on,
    as whoever came by the link; for the first time, unless it was known before, as where another of its tabs
    said yes earlier. A double tap is one yes. Call it inside the brand's scope."""
    now = now or timezone.now()
    visitor = crypto.token_digest(visitor_id)
    with transaction.atomic():
        _take_turn(link, visitor)
        if not _is_on_a_visit(link, visitor, now):
            Visit.objects.create(
                brand_id=link.brand_id,
                link=link,
                campaign_id=link.campaign_id,
                visitor=visitor,
                new_visitor=not Visit.objects.filter(visitor=visitor, at__lte=now).exists(),
                is_repeat=True,
                said_yes=True,
                at=now,
            )


def _take_turn(link: Link, visitor: bytes) -> None:
    """One browser's follows of one link are recorded one after the other: a double tap is two at once."""
    with connection.cursor() as cursor:
        key = f"follow:{link.pk}:{visitor.hex()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _is_on_a_visit(link: Link, visitor: bytes, now: datetime) -> bool:
    """Did the browser follow the link shortly before? What waited for its turn finds a later moment."""
    near = (now - VISIT_LASTS, now + VISIT_LASTS)
    seen = Visit.objects.filter(brand_id=link.brand_id, visitor=visitor, at__range=near)
    return seen.filter(link=link).exists()
