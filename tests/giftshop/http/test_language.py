"""A reader chooses the language: without script, on the page they are at, kept by their browser alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from brands.models import Brand

CHOOSE = "/language/"


def choose(client: Client, language: str, back: str = "/") -> Any:
    return client.post(CHOOSE, {"language": language, "next": back})


def test_what_was_chosen_stays_and_leads_back(client: Client, brand: Brand) -> None:
    answer = choose(client, "de", "/frosty-spoon/?from=x")

    assert (answer.status_code, answer["Location"]) == (302, "/frosty-spoon/?from=x")
    for path in ("/", "/no/such/page/", "/accounts/login/"):
        page = client.get(path, headers={"Accept-Language": "es"})
        assert '<html lang="de" dir="ltr">' in page.content.decode()
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("de", True, "Lax")
    assert cookie["max-age"] == 365 * 24 * 3600


def test_each_language_is_named_in_itself_and_the_one_read_is_marked(
    client: Client, db: None
) -> None:
    page = client.get("/?a=1&b=2", headers={"Accept-Language": "es"}).content.decode()

    named = re.findall(r'<button name="language" value="(\w+)" lang="(\w+)"([^>]*)>(\w+)<', page)
    assert named == [
        ("en", "en", "", "English"),
        ("de", "de", "", "Deutsch"),
        ("es", "es", ' aria-current="true"', "Español"),
    ]
    (back,) = re.findall(r'name="next" value="([^"]*)"', page)
    assert unescape(back) == "/"


@pytest.mark.parametrize(
    ("stood", "led"),
    [
        ("http://testserver/studio/?days=7&x=%2F", "/studio/?days=7&x=%2F"),
        ("http://testserver/studio/", "/studio/"),
        ("http://testserver/other/?days=7", "/studio/"),
        ("", "/studio/"),
        ("https://evil.example/studio/?days=7", "/studio/?days=7"),
    ],
)
def test_the_browser_says_the_query_that_it_stood_at(client: Client, stood: str, led: str) -> None:
    given = {"language": "de", "next": "/studio/"}
    answer = client.post(CHOOSE, given, headers={"Referer": stood} if stood else {})
    assert answer["Location"] == led


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_led_elsewhere(client: Client, back: str) -> None:
    assert choose(client, "de", back)["Location"] == "/"


def test_a_language_that_we_do_not_speak_changes_nothing(client: Client, db: None) -> None:
    for language in ("fr", "xx", "", "../de"):
        assert choose(client, language).status_code == 302
        page = client.get("/", headers={"Accept-Language": "de"}).content.decode()
        assert '<html lang="de"' in page


def test_asked_by_get_it_leads_on_and_changes_nothing(client: Client) -> None:
    answer = client.get(CHOOSE, {"language": "de"})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_it_asks_no_query(client: Client, db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        choose(client, "de")
