"""Say: words that fit the card in any script, and a day on the friend's own clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft
from redemption.models import Brand
from tests.giftshop.orders.giving import BEN, CLEO, SENDER, begin, keys, now_in, url, who_form

pytestmark = pytest.mark.django_db
SAID = {"words": "all", "message": "Enjoy!", "design": "love", "when": "now", **SENDER}
DANA = {"name": "Dana", "email": "dana@friends.example"}


@pytest.fixture
def draft(client: Client, brand: Brand, treat: Treat) -> Draft:
    draft = begin(client, brand, treat)
    client.post(url(draft, "who"), who_form(draft, BEN, DANA))
    return now_in(draft)


def say(client: Client, draft: Draft, **changes: Any) -> Any:
    return client.post(url(draft, "say"), {**SAID, **changes})


def page_after(client: Client, draft: Draft, **changes: Any) -> str:
    return client.post(url(draft, "say"), {**SAID, **changes}, follow=True).content.decode()


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def test_words_card_and_sender_lead_on_to_pay(client: Client, draft: Draft) -> None:
    assert say(client, draft).url == url(draft, "pay")


@pytest.mark.parametrize("message", ["", "👨‍👩‍👧‍👦" * 160, "é" * 280, "नमस्ते " * 46, "שלום 🍨"])
def test_every_script_has_its_280_characters(client: Client, draft: Draft, message: str) -> None:
    assert say(client, draft, message=message).url == url(draft, "pay")


def test_one_character_too_many_is_counted_and_kept(client: Client, draft: Draft) -> None:
    page = page_after(client, draft, message="x" * 281)
    assert "this message has 281" in page
    assert "x" * 281 in page


def test_a_card_each_takes_its_own_words(client: Client, draft: Draft) -> None:
    ben, dana = keys(draft)
    own = {
        "words": "each",
        "row": [ben, dana],
        f"{ben}-message": "Hi Ben",
        f"{dana}-message": "Hi Dana",
    }
    say(client, draft, **own)
    page = client.get(url(draft, "pay")).content.decode()
    assert "Hi Ben" in page
    assert "Hi Dana" in page


def test_a_day_in_the_friends_zone_is_told_back(client: Client, draft: Draft) -> None:
    later = {"when": "later", "date": in_days(30), "time": "09:00", "zone": "Europe/Berlin"}
    assert say(client, draft, **later).url == url(draft, "pay")
    assert "9 a.m. on the clock of Berlin" in client.get(url(draft, "pay")).content.decode()


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"date": "", "time": "09:00"}, "On which day"),
        ({"date": in_days(3), "time": ""}, "At what time?"),
        ({"date": "2020-01-01", "time": "09:00"}, "That day has passed already"),
        ({"date": in_days(400), "time": "09:00"}, "within one year"),
        ({"date": "tomorrow", "time": "09:00"}, "Write the day as"),
        ({"date": in_days(3), "time": "09:00", "zone": "Mars/Olympus"}, "Choose a place"),
    ],
)
def test_a_time_that_cannot_be_is_explained(
    client: Client, draft: Draft, when: dict[str, str], said: str
) -> None:
    assert said in page_after(client, draft, **{"when": "later", "zone": "Europe/Berlin", **when})


def test_each_friend_may_have_their_own_day(client: Client, draft: Draft) -> None:
    ben, dana = keys(draft)
    own = {"when": "each", "row": [ben, dana], f"{ben}-date": in_days(9), f"{ben}-time": "08:30"}
    own |= {f"{ben}-zone": "Asia/Tokyo", f"{dana}-date": "", f"{dana}-time": ""}
    assert say(client, draft, **own).url == url(draft, "pay")
    page = client.get(url(draft, "pay")).content.decode()
    assert "8:30 a.m. on the clock of Tokyo" in page
    assert "Right away, to dana@friends.example" in page


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ({"sender_name": ""}, "Who is it from?"),
        ({"sender_email": ""}, "Where shall your receipt go?"),
        ({"sender_email": "amy"}, "does not look like an e-mail address"),
    ],
)
def test_the_sender_is_asked_for(
    client: Client, draft: Draft, sender: dict[str, str], said: str
) -> None:
    page = page_after(client, draft, **sender)
    assert said in page
    assert "Enjoy!" in page


def test_links_have_no_day(client: Client, brand: Brand, treat: Treat) -> None:
    draft = begin(client, brand, treat)
    client.post(url(draft, "who"), who_form(draft, CLEO))
    assert b"When shall it arrive?" not in client.get(url(draft, "say")).content
    assert say(client, draft, when="later", date="2020-01-01").url == url(draft, "pay")


def test_saying_it_again_is_harmless(client: Client, draft: Draft) -> None:
    assert {say(client, draft).url for _again in range(3)} == {url(draft, "pay")}


def test_the_page_stays_within_its_queries(
    client: Client, draft: Draft, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        client.get(url(draft, "say"))


def test_a_card_or_a_zone_that_is_not_ours_breaks_nothing(client: Client, draft: Draft) -> None:
    say(client, draft, design="../../secret", zone="Z" * 500)
    assert client.get(url(draft, "say")).status_code == 200
    say(client, draft, zone="Z" * 500)
    assert client.get(url(draft, "pay")).status_code == 200
