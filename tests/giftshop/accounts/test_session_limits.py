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
from redemption.till.session import SECONDS_HEADER

STAFF = "/studio/frosty-spoon/staff/"
LOGIN = f"/accounts/login/?next={STAFF}"
Pass = Callable[[timedelta], None]
BUSY = timedelta(hours=24)
"""From one request to the next of somebody whom no idle end stops: a fortnight is a whole number of them."""


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


def test_never_longer_than_a_fortnight_however_busy(
    olive: Client, pass_time: Pass, settings: Any
) -> None:
    settings.STUDIO_IDLE = BUSY + timedelta(seconds=1)
    for _time in range(timedelta(days=14) // BUSY):
        pass_time(BUSY)
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


KEEP = "/accounts/session/"


def left(answer: Any) -> int:
    return int(answer.headers[SECONDS_HEADER])


@pytest.mark.parametrize("minutes", [0, 1, 9, 11, 60, 119])
def test_no_answer_promises_more_than_is_kept(olive: Client, pass_time: Pass, minutes: int) -> None:
    pass_time(timedelta(minutes=minutes))
    page = olive.get(STAFF)
    assert f'data-seconds="{left(page)}"' in page.content.decode()
    assert 110 * 60 < left(page) <= 120 * 60

    pass_time(timedelta(seconds=left(page)))
    kept = olive.get(STAFF)
    assert (kept.status_code, left(kept)) == (200, 120 * 60)


def test_after_the_promised_time_it_is_over(olive: Client, pass_time: Pass) -> None:
    pass_time(timedelta(minutes=9))
    promised = left(olive.get(STAFF))
    assert promised == 111 * 60, "what is not noted is not promised"
    pass_time(timedelta(seconds=promised + 1))

    late = olive.post(KEEP)
    assert (late.status_code, SECONDS_HEADER in late.headers) == (401, False)
    page = olive.get(LOGIN)
    assert b"You were signed out after a while" in page.content
    assert b"was not saved" not in page.content, "nothing was sent"
    assert SECONDS_HEADER not in page.headers


def test_whoever_asks_to_stay_has_the_whole_time_at_once(olive: Client, pass_time: Pass) -> None:
    pass_time(timedelta(minutes=9))
    kept = olive.post(KEEP)
    assert (kept.status_code, left(kept)) == (204, 120 * 60)
    pass_time(timedelta(minutes=120))

    assert olive.get(STAFF).status_code == 200


def test_at_the_end_of_a_fortnight_less_is_promised(
    olive: Client, pass_time: Pass, settings: Any
) -> None:
    settings.STUDIO_IDLE = BUSY + timedelta(seconds=1)
    for _time in range(timedelta(days=14) // BUSY - 1):
        pass_time(BUSY)
        olive.post(KEEP)
    pass_time(BUSY - timedelta(minutes=1))

    assert left(olive.post(KEEP)) == 60


def test_a_failed_answer_promises_nothing(
    olive: Client, pass_time: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its session is not saved."""

    def fail(_request: Any) -> None:
        raise RuntimeError

    pass_time(timedelta(minutes=11))
    olive.raise_request_exception = False
    monkeypatch.setattr("giftshop.sign_in.views.count_as_use", fail)
    failed = olive.post(KEEP)

    assert (failed.status_code, SECONDS_HEADER in failed.headers) == (500, False)


def test_at_a_paired_tablet_it_is_said_half_a_minute_before(olive: Client) -> None:
    there = olive.get(STAFF)
    assert b'data-before="120"' in there.content
    olive.cookies["device"] = "whatever"
    page = olive.get(STAFF)

    assert left(page) == 15 * 60
    assert b'data-before="30"' in page.content
    assert b"In 30 seconds you will be signed out." in page.content


def test_nobody_else_is_told(olive: Client, client: Client) -> None:
    for who in (client, olive):
        for page in ("/", "/shop/frosty-spoon/"):
            answer = who.get(page)
            assert SECONDS_HEADER not in answer.headers
            assert b"signed-in" not in answer.content
    assert SECONDS_HEADER not in client.get("/accounts/login/").headers
    assert SECONDS_HEADER not in olive.post("/accounts/logout/").headers
