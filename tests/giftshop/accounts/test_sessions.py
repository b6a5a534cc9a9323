"""What lies in the table of sessions opens nothing and tells nothing; all that Django does goes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from giftshop.accounts.models import User
from giftshop.accounts.sessions import SessionStore, row_key
from tests.cast import PASSWORD

STUDIO = "/studio/frosty-spoon/staff/"


def signed_in(owner: User) -> Client:
    client = Client()
    sent = {"username": owner.email, "password": PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client


def status_with(cookie: str) -> int:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client.get(STUDIO).status_code


def test_no_value_of_a_row_opens_what_its_cookie_opens(owner: User) -> None:
    cookie = signed_in(owner).cookies[settings.SESSION_COOKIE_NAME].value
    [row] = Session.objects.values_list("session_key", "session_data")

    assert [status_with(value) for value in row] == [302, 302]
    assert status_with(cookie) == 200, "the control: what the browser holds is let in"


def test_with_djangos_own_engine_a_rows_key_does_open(owner: User, settings: Any) -> None:
    """What is asserted above would be noticed."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    signed_in(owner)

    assert status_with(Session.objects.get().session_key) == 200


def test_a_row_says_nothing_of_whose_it_is(owner: User) -> None:
    client = signed_in(owner)
    begun = client.post("/shop/frosty-spoon/give/")
    assert begun.status_code == 302
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    row = Session.objects.get()

    assert SessionStore(cookie)["_auth_user_id"] == str(owner.pk)
    assert DjangosStore().decode(row.session_data) == {}
    assert SessionStore("another cookie of somebody").decode(row.session_data) == {}


def test_a_row_of_before_the_change_is_dead(owner: User) -> None:
    old = DjangosStore()
    old["_auth_user_id"] = str(owner.pk)
    old.create()
    assert old.session_key

    assert SessionStore(old.session_key).load() == {}


def test_whoever_writes_rows_makes_no_session(owner: User) -> None:
    """Its own cookie's row, sealed rightly, but not signed with the product's key."""
    made = SessionStore()
    made["_auth_user_id"] = str(owner.pk)
    made.save()
    cookie = made.session_key
    assert SessionStore(cookie)["_auth_user_id"] == str(owner.pk), "the control"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SessionStore, "key_salt", "of another key")
        made.save()

    assert SessionStore(cookie).load() == {}


def test_signing_out_ends_the_cookie_on_the_server(owner: User) -> None:
    client = signed_in(owner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")

    assert status_with(cookie) == 302
    assert not Session.objects.exists()


def test_a_new_cookie_ends_the_old_one_and_keeps_what_was_there(db: None) -> None:
    session = SessionStore()
    session["drafts"] = ["one"]
    session.save()
    old = session.session_key
    session.cycle_key()
    session.save()

    assert session.session_key != old
    assert SessionStore(session.session_key)["drafts"] == ["one"]
    assert not SessionStore().exists(str(old))
    assert SessionStore().exists(str(session.session_key))


def test_flushing_leaves_no_row(db: None) -> None:
    session = SessionStore()
    session.create()
    session.flush()

    assert not Session.objects.exists()


def test_what_is_saved_after_the_session_ended_brings_it_back_for_nobody(db: None) -> None:
    """A slow page that saves while somebody signs out in another tab."""
    session = SessionStore()
    session.create()
    slow = SessionStore(session.session_key)
    slow["seen"] = 1
    session.flush()
    with pytest.raises(UpdateError):
        slow.save()

    assert not Session.objects.exists()


def test_two_who_save_at_once_leave_one_whole_session(db: None) -> None:
    session = SessionStore()
    session.create()
    first, second = SessionStore(session.session_key), SessionStore(session.session_key)
    first["who"], second["who"] = "first", "second"
    first.save()
    second.save()

    assert SessionStore(session.session_key)["who"] == "second"
    assert Session.objects.count() == 1


def test_what_is_out_of_date_opens_nothing_and_is_cleared(db: None) -> None:
    session = SessionStore()
    session.create()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert SessionStore(session.session_key).load() == {}
    call_command("clearsessions")
    assert not Session.objects.exists()


@pytest.mark.parametrize("data", ["", "x", "no base64 at all", "QUJD", "ä"])
def test_a_damaged_row_is_an_empty_session(db: None, data: str) -> None:
    session = SessionStore()
    session.create()
    Session.objects.update(session_data=data)

    assert SessionStore(session.session_key).load() == {}


def test_a_key_fits_the_column() -> None:
    column = Session._meta.get_field("session_key")

    assert len(row_key("x" * 8000)) == column.max_length
