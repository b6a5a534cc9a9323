"""One browser that follows a link again is on the same visit, however close together it does."""

import contextlib
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django_scopes import scope

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Link, Rollup, Visit
from campaigns.planning import campaigns
from tests.campaigns.conftest import NOON
from tests.cast import make_brand

MINUTE = timedelta(minutes=1)
AT_ONCE = 4


def counted(link: Link) -> tuple[int, int]:
    """Visits, and follows that were none."""
    row = Rollup.objects.seen_by(Rollup.Grain.LINK).filter(link=link).get()
    return row.visits, row.repeats


def test_three_times_in_a_minute_is_one_visit(in_brand: Brand, link: Link) -> None:
    for seconds in (0, 20, 59):
        links.follow(link=link, visitor_id="amy", now=NOON + timedelta(seconds=seconds))
    assert counted(link) == (1, 2)
    assert [visit.is_repeat for visit in Visit.objects.order_by("at")] == [False, True, True]


def test_later_or_elsewhere_or_by_another_is_a_visit(in_brand: Brand, link: Link) -> None:
    other = links.add(campaign=link.campaign, channel=Link.Channel.POSTER, name="Window")
    for minutes in (0, 20, 40, 71):
        links.follow(link=link, visitor_id="amy", now=NOON + minutes * MINUTE)
    links.follow(link=link, visitor_id="ben", now=NOON + MINUTE)
    links.follow(link=other, visitor_id="amy", now=NOON + MINUTE)
    assert counted(link) == (3, 2)
    assert counted(other) == (1, 0)


def follow_at_once(monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Each looks whether it is on a visit, and waits a little for the others to have looked too."""
    brand = make_brand("frosty-spoon")
    with scope(brand=brand):
        campaign = campaigns.plan(brand=brand, name="May", starts_on=NOON.date())
        link = links.add(campaign=campaign, channel=Link.Channel.POSTER, name="Window")
    start, looked = threading.Barrier(AT_ONCE), threading.Barrier(AT_ONCE)
    look = links._is_on_a_visit

    def look_together(link: Link, visitor: bytes, now: datetime) -> bool:
        found = look(link, visitor, now)
        with contextlib.suppress(threading.BrokenBarrierError):
            looked.wait(timeout=0.5)
        return found

    def follow() -> None:
        try:
            with scope(brand=brand):
                start.wait(timeout=20)
                links.follow(link=link, visitor_id="amy", now=NOON)
        finally:
            connection.close()

    monkeypatch.setattr(links, "_is_on_a_visit", look_together)
    threads = [threading.Thread(target=follow) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with scope(brand=brand):
        return counted(link)


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_is_one_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert follow_at_once(monkeypatch) == (1, AT_ONCE - 1)


@pytest.mark.django_db(transaction=True)
def test_without_turns_it_would_be_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_take_turn", lambda *_: None)
    assert follow_at_once(monkeypatch) == (AT_ONCE, 0)
