"""A demo brand from nothing to today. Done once; later calls find it done."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.models import Campaign
from demo import clock as past
from demo import history, replay, today, typed
from demo.brands import DemoBrand
from demo.mended import stories
from demo.money import money_back, paid
from demo.money.double import Double
from demo.setup import brand as setup
from demo.stories import chains, handouts, offers, privacy, unopened
from demo.talk import invitations, letters, news, questions, reasons, reviews, texts
from giftshop.reminders import look
from giftshop.reviews import standings

OPENED_BEFORE = timedelta(days=3)
Tell = Callable[[int, int], None]
"""Hears how many acts of how many are done."""


def is_done(data: DemoBrand) -> bool:
    brand = Brand.objects.filter(slug=data.slug).first()
    if brand is None:
        return False
    with scope(brand=brand):
        return today.is_played(data)


def seed(data: DemoBrand, *, weeks: int, progress: Tell) -> None:
    days, now = 7 * weeks, timezone.now()
    with past.in_a_hurry():
        brand = Brand.objects.filter(slug=data.slug).first() or _begin(data, now, days)
        with scope(brand=brand):
            if not today.is_played(data):
                _play(data, brand, now, days, progress)


def _begin(data: DemoBrand, now: datetime, days: int) -> Brand:
    """Some days before the first sender comes. In one transaction with the letters that follow from it,
    so that no worker which happens to run sends them."""
    zone = ZoneInfo(data.time_zone)
    first_day = (now - timedelta(days=days)).astimezone(zone).date()
    at = datetime.combine(first_day - OPENED_BEFORE, time(10), tzinfo=zone)
    with past.turned_back() as clock, past.without_mail(), transaction.atomic():
        clock.shows = at
        brand = setup.begin(data, first_day=first_day, days=days, now=at)
        with scope(brand=brand):
            past.follow_up(brand, clock, until=at + past.A_MOMENT)
    return brand


def _play(data: DemoBrand, brand: Brand, now: datetime, days: int, progress: Tell) -> None:
    """The first campaign began on the history's first day, whenever that was."""
    began = Campaign.objects.get(name=data.promotions[0].name).starts_on
    stage, end = replay.Stage(brand), now - today.BEGINS
    story = list(history.plan(data, first_day=began, days=days))
    story += chains.grown(data, story, ended=end)
    first = end - timedelta(days=days)
    acts = [
        *stage.acts(story),
        *chains.acts(data, story),
        *questions.acts(data, brand, began=first, ended=end),
        *reviews.acts(data, story, ended=end),
        *news.acts(data, brand, began=first, ended=end),
        *invitations.acts(data, brand, ended=end),
        *offers.acts(brand, began=first, ended=end),
        *handouts.acts(brand, began=first, ended=end),
    ]
    acts.sort(key=lambda act: act.at)
    with past.turned_back() as clock, past.without_mail():
        play(brand, [act for act in acts if act.at < end], clock, progress)
        with transaction.atomic():
            privacy.play(data, stage, now)
            unopened.tell(data, stage, now)
            look.run(now=end)  # what was to be said of the past's gifts is said
            past.follow_up(brand, clock, until=end)
        past.follow_up(brand, clock, until=end)
    money_back.play(data, stage, now)
    stories.play(data, stage, now)
    texts.play(data, stage, now)
    typed.play(data, brand, now=now)
    reasons.play(brand, now)
    letters.play(brand, now)
    today.play(data, stage, now)
    paid.give_payments(Double(settings.STRIPE_API_BASE), now)
    unopened.give_back(data, Double(settings.STRIPE_API_BASE), now)
    standings.count_all(brand, now=now)


def play(brand: Brand, acts: Sequence[replay.Act], clock: past.Clock, progress: Tell) -> None:
    """Day by day: first what senders and recipients did and what followed from it, then the tills.

    A day outside the tills is one transaction, so that no worker which happens to run takes up the
    past's letters and sends them.
    """
    done = 0
    for _day, of_day in groupby(acts, key=lambda act: act.at.date()):
        elsewhere: list[replay.Act] = []
        at_tills: list[replay.Act] = []
        for act in of_day:
            (at_tills if act.commits else elsewhere).append(act)
        with transaction.atomic():
            for act in elsewhere:
                clock.shows = act.at
                act.do()
            past.follow_up(brand, clock, until=max(act.at for act in [*elsewhere, *at_tills]))
        for act in at_tills:
            clock.shows = act.at
            act.do()
        done += len(elsewhere) + len(at_tills)
        progress(done, len(acts))
    past.follow_up(brand, clock, until=clock.shows)
