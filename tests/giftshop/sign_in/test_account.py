"""A person's own page: where they are signed in, and no other person's browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import BrowserSession, Membership, User
from giftshop.accounts.user_agents import device
from giftshop.delivery.subscribers import send_account_letter
from giftshop.outbox.models import Message
from tests.cast import PASSWORD, make_user

ACCOUNT, STUDIO = "/account/", "/studio/frosty-spoon/staff/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)

pytestmark = pytest.mark.django_db


def browser(user: User, agent: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    sent = {"username": user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(STUDIO).status_code == 200


@pytest.fixture
def here(owner: User) -> Client:
    return browser(owner, FIREFOX)


@pytest.fixture
def phone(owner: User) -> Client:
    return browser(owner, SAFARI)


def test_browsers_are_listed_by_name_and_ended_one_by_one(
    owner: User, here: Client, phone: Client
) -> None:
    page = here.get(ACCOUNT).content.decode()
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    assert page.count("This one") == 1
    ended = BrowserSession.objects.get(device="Safari, iPhone")
    assert f"/account/sessions/{ended.pk}/end/" in page
    here.post(f"/account/sessions/{ended.pk}/end/")
    assert (is_in(here), is_in(phone)) == (True, False)
    assert "Safari, iPhone" not in here.get(ACCOUNT).content.decode()


def test_all_others_end_at_once(owner: User, here: Client, phone: Client) -> None:
    third = browser(owner, "curl/8")
    answer = here.post("/account/sessions/end/", follow=True)
    assert "2 other browsers are signed out." in answer.content.decode()
    assert [is_in(each) for each in (here, phone, third)] == [True, False, False]
    assert BrowserSession.objects.count() == 1


def test_nobody_ends_or_sees_anothers(owner: User, here: Client, brand: Brand) -> None:
    marketer = make_user(brand, "mara@frosty.example", Membership.Role.MARKETER)
    hers = browser(marketer, SAFARI)
    session = BrowserSession.objects.get(user=marketer)
    assert "Safari" not in here.get(ACCOUNT).content.decode()
    assert here.post(f"/account/sessions/{session.pk}/end/").status_code == 404
    here.post("/account/sessions/end/")
    assert hers.get("/studio/frosty-spoon/").status_code == 200


def test_one_that_was_ended_is_not_brought_back_by_a_request_under_way(
    owner: User, here: Client, phone: Client
) -> None:
    """It read its session before, and saves it after."""
    late = phone.session
    late["typed"] = "some"
    here.post("/account/sessions/end/")
    late["typed"] = "more"
    with pytest.raises(UpdateError):
        late.save()
    assert not is_in(phone)


def test_what_is_over_is_not_listed(owner: User, here: Client, phone: Client) -> None:
    """Signed out, too old, or without a click for longer than the studio stays open."""
    phone.post("/accounts/logout/")
    browser(owner, "Linux")
    BrowserSession.objects.filter(device="Linux").update(
        began_at=timezone.now() - timedelta(days=15)
    )
    idle = browser(owner, "Android")
    row = BrowserSession.objects.get(device="Android")
    seen = Session.objects.get(session_key=row.session_key)
    page = here.get(ACCOUNT).content.decode()
    assert "Android" in page, "the control"
    seen.expire_date -= timedelta(hours=3)
    seen.save()
    page = here.get(ACCOUNT).content.decode()
    assert [name in page for name in ("Safari", "Linux", "Android")] == [False] * 3
    assert is_in(idle), "its own clock says when it ends"


def test_a_name_is_saved_and_read_beside_what_one_does(owner: User, here: Client) -> None:
    assert here.post(ACCOUNT, {"name": "Olive Oyl"}).headers["Location"] == ACCOUNT
    owner.refresh_from_db()
    assert owner.name == "Olive Oyl"
    assert here.post(ACCOUNT, {"name": ""}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_from_a_new_browser_is_told(owner: User) -> None:
    known = browser(owner, FIREFOX)
    send_account_letter(Message.objects.get(topic="account.notified"))
    [letter] = mail.outbox
    assert letter.to == [owner.email]
    assert "Firefox, Windows" in str(letter.body)
    assert "/account/" in str(letter.body)
    known.post("/accounts/logout/")
    known.post("/accounts/login/", {"username": owner.email, "password": PASSWORD})
    assert Message.objects.filter(topic="account.notified").count() == 1, "known by now"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (SAFARI, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Mac"),
        ("x" * 9000, ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_names(agent: Any, words: str) -> None:
    assert device(agent) == words
