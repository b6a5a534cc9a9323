"""The studio closes by itself: after a while without a request, and at a tablet's counter sooner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts import session_limits
from redemption.till import devices

STAFF = "/studio/frosty-spoon/staff/"
LOGIN = f"/accounts/login/?next={STAFF}"
Pass = Callable[[timedelta], None]


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Pass:
    class Clock:
        at = session_limits.time.time()

        def time(self) -> float:
            return self.at

    clock = Clock()
    monkeypatch.setattr(session_limits, "time", clock)

    def pass_(time: timedelta) -> None:
        clock.at += time.total_seconds()

    return pass_


@pytest.fixture
def olive(pass_time: Pass, owner_client: Client) -> Client:
    return owner_client


def test_after_two_hours_without_a_request_one_is_asked_to_sign_in_again(
    olive: Client, pass_time: Pass
) -> None:
    pass_time(timedelta(minutes=119))
    assert olive.get(STAFF).status_code == 200
    pass_time(timedelta(minutes=119))
    assert olive.get(STAFF).status_code == 200, "each request counts"
    pass_time(timedelta(minutes=121))
    cookie = olive.cookies["session"].value

    assert olive.get(STAFF).headers["Location"] == LOGIN
    page = olive.get(LOGIN).content.decode()
    assert "You were signed out after a while" in page
    assert "was not saved" not in page
    assert f'name="next" value="{STAFF}"' in page
    assert "You were signed out" not in olive.get(LOGIN).content.decode(), "said once"
    copied = Client()
    copied.cookies["session"] = cookie
    assert copied.get(STAFF).status_code == 302


def test_never_longer_than_a_fortnight_however_busy(olive: Client, pass_time: Pass) -> None:
    for _hour in range(14 * 24):
        pass_time(timedelta(hours=1))
        assert olive.get(STAFF).status_code == 200
    pass_time(timedelta(minutes=1))

    assert olive.get(STAFF).headers["Location"] == LOGIN


def test_a_request_is_no_write(olive: Client, pass_time: Pass) -> None:
    pass_time(timedelta(minutes=9))
    with CaptureQueriesContext(
        connection,
    ) as soon:
        olive.get(STAFF)
    pass_time(timedelta(minutes=2))
    with CaptureQueriesContext(connection) as later:
        olive.get(STAFF)

    assert [query["sql"][:6] for query in soon if "django_session" in query["sql"]] == ["SELECT"]
    written = [query["sql"][:6] for query in later if "django_session" in query["sql"]]
    assert written == ["SELECT", "UPDATE"]


def test_a_form_sent_too_late_is_said_to_be_lost_and_leads_back_to_its_page(
    olive: Client, pass_time: Pass
) -> None:
    pass_time(timedelta(hours=3))
    page = f"http://testserver{STAFF}new/?from=list"
    answer = olive.post(f"{STAFF}new/", {"name": "Zoe"}, headers={"Referer": page})

    assert answer.headers["Location"] == f"/accounts/login/?next={STAFF}new/%3Ffrom%3Dlist"
    assert b"What you sent last was not saved." in olive.get(answer.headers["Location"]).content


@pytest.mark.parametrize("referer", ["", "https://evil.example/studio/", "//evil.example", "x"])
def test_a_form_from_nowhere_leads_to_the_studio(db: None, client: Client, referer: str) -> None:
    answer = client.post(f"{STAFF}new/", headers={"Referer": referer} if referer else {})

    assert answer.headers["Location"] == "/accounts/login/?next=/studio/"


def test_a_part_of_a_page_does_not_get_the_form_to_sign_in(db: None, client: Client) -> None:
    shown = "http://testserver/studio/frosty-spoon/devices/"
    headers = {"HX-Request": "true", "HX-Current-URL": shown}
    answer: Any = client.get("/studio/frosty-spoon/staff/", headers=headers)

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/studio/frosty-spoon/devices/"


def test_drafts_of_gifts_outlive_the_studio(olive: Client, pass_time: Pass) -> None:
    draft = olive.post("/shop/frosty-spoon/give/").headers["Location"]
    pass_time(timedelta(hours=3))

    assert olive.get(STAFF).status_code == 302
    assert olive.get(draft).status_code == 200


def test_at_a_paired_tablet_the_studio_closes_sooner(olive: Client, pass_time: Pass) -> None:
    olive.cookies["device"] = "whatever"
    pass_time(timedelta(minutes=14))
    assert olive.get(STAFF).status_code == 200
    pass_time(timedelta(minutes=16))

    assert olive.get(STAFF).headers["Location"] == LOGIN


def test_pairing_in_the_owners_browser_closes_the_studio(
    owner_client: Client, brand: Brand, store: Store
) -> None:
    with scope(brand=brand):
        _device, token = devices.invite(store=store, name="Counter left")
    draft = owner_client.post("/shop/frosty-spoon/give/").headers["Location"]
    before = owner_client.cookies["session"].value
    assert owner_client.get(STAFF).status_code == 200
    assert owner_client.post("/till/pair/", {"token": token}).status_code == 302

    assert owner_client.get(STAFF).headers["Location"] == LOGIN
    assert owner_client.get(draft).status_code == 404
    owner_client.cookies["session"] = before
    assert owner_client.get(STAFF).status_code == 302, "also for whoever kept the cookie"
    assert not Session.objects.exists()


def test_a_wrong_pairing_text_signs_nobody_out(owner_client: Client) -> None:
    assert owner_client.post("/till/pair/", {"token": "wrong"}).status_code == 422
    assert owner_client.get(STAFF).status_code == 200
