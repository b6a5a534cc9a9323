"""An owner writes news, puts it on show or takes it down. Never more than three stand on the shop at once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.translations import Translations, beside_unseen, in_lines
from core.forms.version import check_version
from core.refused import Refused
from core.row_diff import change
from giftshop.catalog.brands import languages_of
from giftshop.news.models import News
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

ON_SHOW_MAX = 3


SENT_TWICE = timedelta(minutes=10)


class NewsRefusal(models.TextChoices):
    GONE = "gone", _("Somebody deleted this news meanwhile.")
    FULL = (
        "full",
        _("Three news stand on the shop in these days already. Take one down, or choose others."),
    )


class NewsRefused(Refused[NewsRefusal]):
    """`reason` in words for an owner."""


@dataclass(frozen=True, kw_only=True)
class NewsFacts:
    """What an owner says. Texts and days as in the model."""

    title: str
    words: str
    art: str = ""
    happens_on: date | None = None
    shown_from: date
    shown_until: date
    translations: Translations = field(default_factory=dict)
    """In the further languages of the brand."""


def add(*, brand: Brand, facts: NewsFacts, by: Actor, now: datetime) -> News:
    """A draft, or the one of these minutes that is just so: it was sent twice. Expects the brand's scope."""
    with transaction.atomic():
        hold_news(brand.pk)
        drafts = News.objects.filter(is_draft=True, changed_at__gt=now - SENT_TWICE)
        if twin := drafts.filter(**asdict(facts)).first():
            return twin
        news = News.objects.create(brand=brand, changed_at=now, **asdict(facts))
        _record(news, Act.NEWS_ADDED, by, now)
    return news


def facts_of(news: News) -> NewsFacts:
    """What is kept of it."""
    return NewsFacts(**{each.name: getattr(news, each.name) for each in fields(NewsFacts)})


def rewrite(news: News, *, facts: NewsFacts, by: Actor, now: datetime, seen: str = "") -> bool:
    """Whether anything changed. Expects the brand's scope. Raises SavedSince where it is not what was
    `seen`, and NewsRefused where it is on show and others are in these days."""
    with transaction.atomic():
        kept = _held(news)
        shown = languages_of(kept.brand)
        facts = replace(
            facts, translations=beside_unseen(kept.translations, facts.translations, shown)
        )
        check_version(seen, kept=asdict(facts_of(kept)), wanted=asdict(facts))
        changes = change(kept, asdict(facts))
        if changes:
            if not kept.is_draft:
                _check_there_is_room(kept)
            News.objects.filter(pk=kept.pk).update(changed_at=now)
            told = {name: [_say(old), _say(new)] for name, (old, new) in changes.items()}
            _record(kept, Act.NEWS_CHANGED, by, now, changes=told)
    return bool(changes)


def publish(news: News, *, by: Actor, now: datetime) -> None:
    """On the shop from its first day to its last. Expects the brand's scope. Raises NewsRefused."""
    with transaction.atomic():
        kept = _held(news)
        if kept.is_draft:
            _check_there_is_room(kept)
            _turn(kept, Act.NEWS_PUBLISHED, by, now, is_draft=False)


def take_down(news: News, *, by: Actor, now: datetime) -> None:
    """A draft again. Expects the brand's scope. Raises NewsRefused for one that is gone."""
    with transaction.atomic():
        kept = _held(news)
        if not kept.is_draft:
            _turn(kept, Act.NEWS_TAKEN_DOWN, by, now, is_draft=True)


def delete(news: News, *, by: Actor, now: datetime) -> None:
    """For good. Expects the brand's scope. Raises NewsRefused for one that is gone already."""
    with transaction.atomic():
        kept = _held(news)
        _record(kept, Act.NEWS_DELETED, by, now)
        kept.delete()


def most_at_once(spans: Iterable[tuple[date, date]]) -> int:
    """How many spans of days, their last included, share a day at most: seen on a day on which one begins."""
    known = list(spans)
    return max((sum(a <= day <= b for a, b in known) for day, _last in known), default=0)


def _check_there_is_room(news: News) -> None:
    """Together with those that share a day with it, seen within its days."""
    others = News.objects.published().exclude(pk=news.pk)
    sharing = others.filter(shown_from__lte=news.shown_until, shown_until__gte=news.shown_from)
    spans = [
        (max(first, news.shown_from), min(last, news.shown_until))
        for first, last in sharing.values_list("shown_from", "shown_until")
    ]
    if most_at_once(spans) >= ON_SHOW_MAX:
        raise NewsRefused(NewsRefusal.FULL)


def hold_news(brand_id: UUID) -> None:
    """One change of a brand's news at a time, until commit: two could each find room for one."""
    Brand.objects.select_for_update(no_key=True).get(pk=brand_id)


def _held(news: News) -> News:
    hold_news(news.brand_id)
    kept = News.objects.select_related("brand").filter(pk=news.pk).first()
    if kept is None:  # somebody else was quicker
        raise NewsRefused(NewsRefusal.GONE)
    return kept


def _turn(kept: News, act: Act, by: Actor, now: datetime, *, is_draft: bool) -> None:
    kept.is_draft, kept.changed_at = is_draft, now
    kept.save(update_fields=["is_draft", "changed_at"])
    _record(kept, act, by, now)


def _say(value: object) -> object:
    if isinstance(value, dict):
        return in_lines(value)
    return value.isoformat() if isinstance(value, date) else value


def _record(news: News, act: Act, by: Actor, now: datetime, **told: Any) -> None:
    details = {"name": news.title, **told}
    record(brand=news.brand, actor=by, act=act, subject=f"news:{news.pk}", now=now, details=details)
