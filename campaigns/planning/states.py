"""A campaign is put live, paused, goes on; and what a change that stops it would stop."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, Rollup
from campaigns.planning.campaigns import record
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor


class EndedAlready(Exception):
    """Its last day is over: it would be live on none."""


def put_live(campaign: Campaign, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """A draft counts from its first day on: at once, where that has come. Once is enough. Raises
    EndedAlready."""
    now = now or timezone.now()
    with transaction.atomic():
        held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        held.brand = campaign.brand
        if not held.is_draft:
            return
        held.is_draft = False
        if held.state_at(now) == Campaign.State.ENDED:
            raise EndedAlready
        held.save(update_fields=["is_draft"])
        record(held, log.Act.CAMPAIGN_PUT_LIVE, by, now)


def pause(campaign: Campaign, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """Its links lead to the shop and count nothing until it goes on. Of a draft nothing is paused."""
    now = now or timezone.now()
    runs = Campaign.objects.current().filter(pk=campaign.pk, is_draft=False, paused_at=None)
    with transaction.atomic():
        if runs.update(paused_at=now):
            record(campaign, log.Act.CAMPAIGN_PAUSED, by, now)


def resume(campaign: Campaign, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    now = now or timezone.now()
    paused = Campaign.objects.filter(pk=campaign.pk, paused_at__isnull=False)
    with transaction.atomic():
        if paused.update(paused_at=None):
            record(campaign, log.Act.CAMPAIGN_RESUMED, by, now)


class Stake(NamedTuple):
    """What stops with it."""

    links: int
    """That count now."""
    visits: int
    """Of today, so far."""


def at_stake(campaign: Campaign, now: datetime) -> Stake | None:
    """None where it is not live: nothing would stop. Two queries, in the brand's scope."""
    if campaign.state_at(now) != Campaign.State.LIVE:
        return None
    today = now.astimezone(campaign.brand.tz).date()
    rows = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN).filter(campaign=campaign, day=today)
    visits = rows.values_list("visits", flat=True).first() or 0
    return Stake(campaign.links.filter(retired_at=None).count(), visits)
