from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from redemption.till import devices


@pytest.fixture
def invitation(brand: Brand, store: Store) -> str:
    with scope(brand=brand):
        _device, token = devices.invite(store=store, name="Counter left")
    return token


def test_a_token_makes_the_tablet_the_stores(client: Client, invitation: str) -> None:
    answer = client.post("/till/pair/", {"token": invitation}, follow=True)

    assert answer.status_code == 200
    assert b"This device is at <bdi>Pike Street</bdi>" in answer.content


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: Client, invitation: str) -> None:
    cookie = client.post("/till/pair/", {"token": invitation}).cookies["device"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == 400 * 24 * 3600


def test_under_https_the_cookie_belongs_to_this_host_only(
    client: Client, invitation: str, settings: object
) -> None:
    settings.SESSION_COOKIE_SECURE = True  # type: ignore[attr-defined]
    cookie = client.post("/till/pair/", {"token": invitation}).cookies["__Host-device"]

    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_the_whole_link_may_be_pasted(client: Client, invitation: str) -> None:
    pasted = f"http://127.0.0.1:8000/till/pair/#{invitation} "

    assert client.post("/till/pair/", {"token": pasted}).status_code == 302


@pytest.mark.parametrize("token", ["nonsense", "x" * 43, ""])
def test_a_wrong_token_is_explained(client: Client, db: None, token: str) -> None:
    answer = client.post("/till/pair/", {"token": token})

    assert answer.status_code == 422
    assert "device" not in answer.cookies
    assert b"field-error" in answer.content


def test_a_token_serves_one_tablet_only(client: Client, invitation: str) -> None:
    client.post("/till/pair/", {"token": invitation})
    second = Client().post("/till/pair/", {"token": invitation})

    assert second.status_code == 422
    assert b"used before" in second.content


def test_a_token_ends_after_a_quarter_of_an_hour(
    client: Client, brand: Brand, store: Store
) -> None:
    with scope(brand=brand):
        _device, token = devices.invite(
            store=store, name="Late", now=timezone.now() - timedelta(minutes=16)
        )

    assert client.post("/till/pair/", {"token": token}).status_code == 422


def test_looking_at_the_page_pairs_nothing(client: Client, invitation: str) -> None:
    client.get("/till/pair/", {"token": invitation})

    assert client.post("/till/pair/", {"token": invitation}).status_code == 302
