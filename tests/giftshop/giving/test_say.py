"""Say: words that fit the card in any script, and a day on the recipient's own clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft
from tests.giftshop.giving.steps import BEN, CLEO, SENDER, begin, keys, now_in, url, who_form

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


@pytest.mark.parametrize(
    "message", ["", "👨‍👩‍👧‍👦" * 280, "👨🏽‍👩🏽‍👧🏽‍👦🏽" * 280, "é" * 280, "नमस्ते " * 46, "שלום 🍨"]
)
def test_every_script_has_its_280_characters(client: Client, draft: Draft, message: str) -> None:
    assert say(client, draft, message=message).url == url(draft, "pay")


def test_one_character_too_many_is_counted_and_kept(client: Client, draft: Draft) -> None:
    page = page_after(client, draft, message="x" * 281)
    assert "There is room for 280 characters; these are 281." in page
    assert "x" * 281 in page


def test_the_limit_that_was_met_is_the_one_that_is_named(client: Client, draft: Draft) -> None:
    page = page_after(client, draft, message="e" + "\u0301" * 4000)
    assert "There is room for 3360 parts; these are 4001." in page


def test_words_that_were_taken_out_stay_out(client: Client, draft: Draft) -> None:
    ben, dana = keys(draft)
    say(client, draft, message="Happy birthday, my dear Dana!", row=[ben, dana])
    own = {"words": "each", "row": [ben, dana], f"{ben}-message": "", f"{dana}-message": "Hi Dana"}
    say(client, draft, message="Happy birthday, my dear Dana!", **own)
    page = client.get(url(draft, "pay")).content.decode()
    assert "Happy birthday" not in page
    assert "Hi Dana" in page
    assert "No words on the card." in page


def test_a_card_each_begins_with_the_common_words_and_keeps_ones_own(
    client: Client, draft: Draft
) -> None:
    ben, dana = keys(draft)
    blank = {"row": [ben, dana], f"{ben}-message": "", f"{dana}-message": ""}
    say(client, draft, message="Enjoy!", **blank)
    assert client.get(url(draft, "say")).content.decode().count(">\nEnjoy!</textarea>") == 3
    own = {"row": [ben, dana], f"{ben}-message": "Hi Ben", f"{dana}-message": "Enjoy!"}
    say(client, draft, message="Enjoy!", words="each", **own)
    say(client, draft, message="For you both", words="all", **own)
    page = client.get(url(draft, "pay")).content.decode()
    assert page.count("For you both") == 2
    say(client, draft, message="For you both", words="each", **own)
    assert "Hi Ben" in client.get(url(draft, "pay")).content.decode()


def test_the_preview_is_the_first_recipients_card_when_each_has_one(
    client: Client, draft: Draft
) -> None:
    ben, dana = keys(draft)
    own = {"words": "each", "row": [ben, dana], f"{ben}-message": "Hi Ben", f"{dana}-message": "Yo"}
    say(client, draft, **own)
    page = client.get(url(draft, "say")).content.decode()
    preview = page[page.index('class="say-preview"') :]
    assert "Hi Ben" in preview[: preview.index("</aside>")]


def test_the_senders_own_slip_is_asked_about_once_and_can_be_put_right(
    client: Client, draft: Draft
) -> None:
    page = page_after(client, draft, sender_email="cleo@gmial.com")
    assert "Did you mean <strong>cleo@gmail.com</strong>?" in page
    answer = say(client, draft, sender_email="cleo@gmial.com", correct_sender="1")
    assert answer.url == url(draft, "say") + "#id_sender_email"
    assert now_in(draft).data["sender_email"] == "cleo@gmail.com"


def test_a_slip_of_the_sender_that_is_meant_goes_through(client: Client, draft: Draft) -> None:
    for _again in range(2):
        answer = say(client, draft, sender_email="cleo@gmail.con")
    assert answer.url == url(draft, "pay")
    assert (
        'Did you mean <bdi dir="ltr">cleo@gmail.com</bdi>?'
        in client.get(url(draft, "pay")).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sender_email": "sam@localhost"}, "does not look like an e-mail address"),
        ({"sender_email": "ana@[127.0.0.1]"}, "does not look like an e-mail address"),
        ({"sender_email": "a" * 243 + "@example.com"}, "No e-mail address is so long."),
        ({"sender_name": "Giftshop support"}, "Sign with your own."),
        ({"sender_name": "Frosty Spoon Creamery"}, "Sign with your own."),
        ({"sender_name": "see www.evil.example"}, "without a web address"),
        ({"sender_name": "amy@senders.example"}, "has a field of its own"),
        ({"sender_name": "\u202e\u200b"}, "Write a name here."),
    ],
)
def test_a_sender_that_cannot_be_is_refused_beside_the_field(
    client: Client, draft: Draft, changes: dict[str, str], said: str
) -> None:
    page = page_after(client, draft, **changes)
    assert said in page
    assert f'id="id_{next(iter(changes))}_error"' in page


def test_direction_marks_reach_nothing(client: Client, draft: Draft) -> None:
    say(client, draft, sender_name="A\u202emy\u2069", message="Hi \u202eyou")
    page = client.get(url(draft, "pay")).content.decode()
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069") & set(page)
    assert now_in(draft).data["sender_name"] == "Amy"


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


def test_a_day_in_the_recipients_zone_is_told_back(client: Client, draft: Draft) -> None:
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
        ({"date": in_days(3), "time": "09:00", "zone": "Mars/Olympus"}, "We know no such place."),
    ],
)
def test_a_time_that_cannot_be_is_explained(
    client: Client, draft: Draft, when: dict[str, str], said: str
) -> None:
    assert said in page_after(client, draft, **{"when": "later", "zone": "Europe/Berlin", **when})


def test_each_recipient_may_have_their_own_day(client: Client, draft: Draft) -> None:
    ben, dana = keys(draft)
    own = {"when": "each", "row": [ben, dana], f"{ben}-date": in_days(9), f"{ben}-time": "08:30"}
    own |= {f"{ben}-zone": "Asia/Tokyo", f"{dana}-date": "", f"{dana}-time": ""}
    assert say(client, draft, **own).url == url(draft, "pay")
    page = client.get(url(draft, "pay")).content.decode()
    assert "8:30 a.m. on the clock of Tokyo" in page
    assert 'Right away, to <bdi dir="ltr">dana@friends.example' in page


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
    with django_assert_max_num_queries(7):
        client.get(url(draft, "say"))


def test_a_card_or_a_zone_that_is_not_ours_breaks_nothing(client: Client, draft: Draft) -> None:
    say(client, draft, design="../../secret", zone="Z" * 500)
    assert client.get(url(draft, "say")).status_code == 200
    say(client, draft, zone="Z" * 500)
    assert client.get(url(draft, "pay")).status_code == 200


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("who", {}),
        ("what", {"treats": "each", "choice": "no:such"}),
        ("say", {"message": "Half a", "sender_email": "amy at"}),
    ],
)
def test_whoever_opens_another_step_keeps_what_they_typed(
    client: Client, draft: Draft, step: str, sent: dict[str, str]
) -> None:
    """As it is; what is wrong with it is told on the way to Pay."""
    who = {
        f"{keys(draft)[0]}-name": "Benny",
        f"{keys(draft)[0]}-email": "benny at",
        "row": keys(draft),
    }
    answer = client.post(url(draft, step), {**(who if step == "who" else sent), "open": "pay"})
    assert answer["Location"] == url(draft, "pay")
    data = now_in(draft).data
    if step == "who":
        assert (data["rows"][0]["name"], data["rows"][0]["email"]) == ("Benny", "benny at")
    else:
        assert {name: data[name] for name in sent} == sent
    assert f"{url(draft, step)}?check=1#problems" in client.get(url(draft, "pay"))["Location"]


def test_a_step_that_there_is_not_is_none_that_is_opened(client: Client, draft: Draft) -> None:
    answer = client.post(url(draft, "say"), {**SENDER, "open": "https://elsewhere.example/"})
    assert answer["Location"] in {url(draft, "pay"), url(draft, "say") + "?check=1#problems"}


LATER = {"when": "later", "date": in_days(30), "time": "09:00"}


def test_a_place_is_typed_in_any_language_and_kept_as_its_zone(
    client: Client, draft: Draft
) -> None:
    assert say(client, draft, **LATER, zone="Sydney").url == url(draft, "pay")
    assert now_in(draft).data["zone"] == "Australia/Sydney"
    german = client.get(url(draft, "say"), headers={"Accept-Language": "de"}).content.decode()
    assert 'value="Sydney, Australien"' in german
    assert say(client, draft, **LATER, zone="Sydney, Australien").url == url(draft, "pay")


def test_of_several_places_one_is_chosen_without_a_script(client: Client, draft: Draft) -> None:
    page = page_after(client, draft, **LATER, zone="Brasilien")
    assert "Several places are found. Choose one of them." in page
    assert 'value="Brasilien"' in page
    button = '<button class="button button-secondary button-s" name="zone" value="America/Manaus">'
    assert button in page
    chosen = {**LATER, "zone": ["Brasilien", "America/Manaus"]}  # the field, then the button
    assert say(client, draft, **chosen).url == url(draft, "pay")
    assert "on the clock of Manaus" in client.get(url(draft, "pay")).content.decode()


def test_places_are_listed_for_what_is_typed(
    client: Client, draft: Draft, django_assert_num_queries: Any
) -> None:
    way = reverse("give-zones", args=[draft.brand.slug])
    with django_assert_num_queries(1):
        page = client.get(way, {"typed": "kolk"}, headers={"Accept-Language": "es"})
    assert "Calcuta, India" in page.content.decode() or "Kolkata" in page.content.decode()
    assert "option" not in client.get(way, {"typed": "<b>Mars"}).content.decode()
    here = client.get(way, {"zone": "America/Buenos_Aires"}).content.decode()
    assert 'data-value="Buenos Aires, Argentina"' in here
    assert client.get(way, {"zone": "Nowhere/There"}).content.decode().strip() == ""
