"""News stand on the shop in their days, by the brand's calendar, and never more than three at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from brands.models import Brand
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.news import write
from giftshop.news.models import News
from giftshop.news.write import NewsFacts, NewsRefused, most_at_once
from redemption.models import AuditEntry

DAY = date(2026, 5, 10)
STUDIO = "/studio/frosty-spoon/news/"


def facts(title: str = "Mint week", first: int = 0, last: int = 6, **more: Any) -> NewsFacts:
    """Days counted from DAY."""
    days = {
        "shown_from": DAY + timedelta(days=first),
        "shown_until": DAY + timedelta(days=last),
    }
    return NewsFacts(**{"title": title, "words": "All week.", **days, **more})


def put_on_show(brand: Brand, by: User, *told: Any, **more: Any) -> News:
    with scope(brand=brand):
        news = write.add(
            brand=brand, facts=facts(*told, **more), by=actor_of(by), now=timezone.now()
        )
        write.publish(news, by=actor_of(by), now=timezone.now())
        news.refresh_from_db()
    return news


def shop(client: Client, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        return client.get("/shop/frosty-spoon/").content.decode()


@pytest.mark.django_db
def test_it_is_on_show_from_its_first_day_to_its_last_by_the_brands_clock(
    brand: Brand, owner: User, client: Client
) -> None:
    put_on_show(brand, owner, happens_on=DAY)  # in Seattle, seven hours behind
    before, first = (
        datetime(2026, 5, 10, 6, 59, tzinfo=UTC),
        datetime(2026, 5, 10, 7, 0, tzinfo=UTC),
    )
    assert "Mint week" not in shop(client, before)
    page = shop(client, first)
    assert "Mint week" in page
    assert "Sunday, May 10, 2026" in page
    assert "Mint week" in shop(client, datetime(2026, 5, 17, 6, 59, tzinfo=UTC))
    assert "Mint week" not in shop(client, datetime(2026, 5, 17, 7, 0, tzinfo=UTC))


@pytest.mark.django_db
def test_a_draft_and_what_was_taken_down_are_nowhere(
    brand: Brand, owner: User, client: Client
) -> None:
    now = datetime(2026, 5, 11, 20, 0, tzinfo=UTC)
    with scope(brand=brand):
        write.add(brand=brand, facts=facts("Only a draft"), by=actor_of(owner), now=now)
    shown = put_on_show(brand, owner)
    assert "Only a draft" not in shop(client, now)
    with scope(brand=brand):
        write.take_down(shown, by=actor_of(owner), now=now)
    assert "Mint week" not in shop(client, now)


@pytest.mark.django_db
def test_a_fourth_in_the_same_days_is_refused_and_fits_beside_them(
    brand: Brand, owner: User
) -> None:
    for number, (first, last) in enumerate([(0, 3), (2, 6), (3, 9)]):
        put_on_show(brand, owner, f"N{number}", first, last)
    with pytest.raises(NewsRefused):
        put_on_show(brand, owner, "Too much", 3, 4)
    later = put_on_show(brand, owner, "Fits", 4, 6)
    with scope(brand=brand), pytest.raises(NewsRefused):
        write.rewrite(later, facts=facts("Fits", 3, 6), by=actor_of(owner), now=timezone.now())


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=7))
def test_the_most_at_once_is_that_of_a_count_day_by_day(pairs: list[tuple[int, int]]) -> None:
    spans = [(DAY + timedelta(days=min(p)), DAY + timedelta(days=max(p))) for p in pairs]
    days = [DAY + timedelta(days=number) for number in range(13)]
    assert most_at_once(spans) == max(sum(a <= day <= b for a, b in spans) for day in days)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"words": ""}, {"shown_until": DAY - timedelta(days=1)}, {"art": "../x"}],
)
def test_the_database_refuses_what_makes_no_sense(
    brand: Brand, owner: User, wrong: dict[str, Any]
) -> None:
    news = put_on_show(brand, owner)
    with scope(brand=brand), pytest.raises(IntegrityError, match="news_"), transaction.atomic():
        News.objects.filter(pk=news.pk).update(**wrong)


@pytest.mark.django_db
def test_hostile_words_are_words(brand: Brand, owner: User, client: Client) -> None:
    put_on_show(brand, owner, "<script>alert(1)</script>", words='"><img src=x onerror=alert(2)>')
    page = shop(client, datetime(2026, 5, 11, 20, 0, tzinfo=UTC))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.django_db
def test_another_brand_has_its_own(
    brand: Brand, other_brand: Brand, owner: User, client: Client
) -> None:
    put_on_show(brand, owner)
    with time_machine.travel(datetime(2026, 5, 11, 20, 0, tzinfo=UTC), tick=False):
        assert "Mint week" not in client.get("/shop/harbor-bean/").content.decode()


@pytest.mark.django_db
class TestInTheStudio:
    def sent(self, **more: str) -> dict[str, str]:
        days = {"shown_from": "2026-05-10", "shown_until": "2026-05-12"}
        return {"title": "Open late", "words": "Until ten.", "art": "", **days, **more}

    def test_from_a_draft_to_the_shop_and_away(
        self, brand: Brand, owner_client: Client, treat: Treat
    ) -> None:
        assert owner_client.post(f"{STUDIO}new/", {}).status_code == 422
        wrong = owner_client.post(f"{STUDIO}new/", self.sent(shown_until="2026-05-01"))
        assert "before the first day" in wrong.content.decode()
        made = owner_client.post(f"{STUDIO}new/", self.sent())
        page = owner_client.get(made["Location"]).content.decode()
        assert "Put it on show" in page
        owner_client.post(f"{made['Location']}publication/", {"on": "yes"})
        with scope(brand=brand):
            assert not News.objects.get().is_draft
        saved = owner_client.post(made["Location"], self.sent(title="Open later"), follow=True)
        assert "Saved." in saved.content.decode()
        assert "Open later" in owner_client.get(STUDIO).content.decode()
        owner_client.post(f"{made['Location']}publication/")
        owner_client.post(f"{made['Location']}removal/")
        with scope(brand=brand):
            assert not News.objects.exists()
            acts = list(AuditEntry.objects.order_by("number").values_list("act", flat=True))
        assert acts == [
            *("news.added", "news.published", "news.changed", "news.taken_down", "news.deleted")
        ]

    def test_an_older_tab_asks_before_it_puts_back_what_was_saved_since(
        self, brand: Brand, owner: User, owner_client: Client
    ) -> None:
        news = put_on_show(brand, owner)
        url = f"{STUDIO}{news.pk}/"
        old = owner_client.get(url).context["form"].initial["version"]
        owner_client.post(url, self.sent(title="First", version=old))
        asked = owner_client.post(url, self.sent(title="Second", version=old))
        assert asked.status_code == 409
        assert "Somebody saved this meanwhile" in asked.content.decode()
        new = asked.context["form"]["version"].value()
        assert owner_client.post(url, self.sent(title="Second", version=new)).status_code == 302

    def test_days_that_are_taken_are_told_at_their_field(
        self, brand: Brand, owner: User, owner_client: Client
    ) -> None:
        for number in range(3):
            put_on_show(brand, owner, f"N{number}", 0, 1)
        fourth = put_on_show(brand, owner, "Fourth", 5, 6)
        answer = owner_client.post(f"{STUDIO}{fourth.pk}/", self.sent())
        assert answer.status_code == 409
        assert "Three news stand on the shop in these days already." in answer.content.decode()

    def test_the_list_stays_within_its_queries(
        self, brand: Brand, owner: User, owner_client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(4):
            put_on_show(brand, owner, f"N{number}", 10 * number, 10 * number + 1)
        with django_assert_max_num_queries(7):
            owner_client.get(STUDIO)
