from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import User
from redemption.models import Device
from tests.redemption.codes.qr_reader import read_svg

TABLETS = "/studio/frosty-spoon/devices/"


def invite(client: Client, store: Store, name: str = "Counter left") -> Any:
    return client.post(TABLETS, {"store": str(store.pk), "name": name})


def test_connected_tablets_are_listed_with_their_stores(
    owner_client: Client, device: Device
) -> None:
    page = owner_client.get(TABLETS).content.decode()

    assert "Counter tablet" in page
    assert "Pike Street" in page


def test_an_invitation_shows_its_token_once(owner_client: Client, store: Store) -> None:
    page = invite(owner_client, store)
    token = page.context["invitation"]["token"]

    assert page.status_code == 201
    assert read_svg(page.content.decode()) == f"http://127.0.0.1:8000/till/pair/#{token}"
    assert token in page.content.decode()
    again = owner_client.get(TABLETS).content.decode()
    assert token not in again
    switch = 'class="languages"'
    assert switch in again
    assert switch not in page.content.decode(), "in another language it would not be shown again"


def test_the_token_never_stands_in_a_path(owner_client: Client, store: Store) -> None:
    page = invite(owner_client, store)

    assert page.context["invitation"]["page"].endswith("/till/pair/")


def test_the_page_notices_when_the_tablet_is_paired(
    owner_client: Client, client: Client, store: Store
) -> None:
    page = invite(owner_client, store)
    state = f"{TABLETS}{page.context['waiting'].pk}/"
    assert b"Waiting for the device." in owner_client.get(state).content
    client.post("/till/pair/", {"token": page.context["invitation"]["token"]})
    paired = owner_client.get(state).content.decode()

    assert "Connected" in paired
    assert "every 2s" not in paired, "it stops asking"


def test_a_disconnected_tablet_is_refused_at_once(
    owner_client: Client, client: Client, store: Store
) -> None:
    page = invite(owner_client, store)
    client.post("/till/pair/", {"token": page.context["invitation"]["token"]})
    assert client.get("/till/staff/").status_code == 200
    owner_client.post(f"{TABLETS}{page.context['waiting'].pk}/revocation/")

    assert client.get("/till/staff/").status_code == 403
    assert "Counter left" not in owner_client.get(TABLETS).context["page"].object_list


def test_disconnecting_twice_is_harmless(owner_client: Client, device: Device) -> None:
    answers = [owner_client.post(f"{TABLETS}{device.pk}/revocation/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_tablet_can_be_renamed(owner_client: Client, device: Device, brand: Brand) -> None:
    owner_client.post(f"{TABLETS}{device.pk}/name/", {"name": "Window"})

    with scope(brand=brand):
        assert Device.objects.get(pk=device.pk).name == "Window"


@pytest.mark.parametrize("sent", [{}, {"name": "x"}, {"store": "nonsense", "name": "x"}])
def test_bad_input_is_explained(owner_client: Client, store: Store, sent: dict[str, str]) -> None:
    answer = owner_client.post(TABLETS, sent)

    assert answer.status_code == 422
    assert b"field-error" in answer.content


def test_a_tablet_can_not_be_put_into_another_brands_store(
    owner_client: Client, store: Store, other_store: Store, every_brand: None
) -> None:
    assert invite(owner_client, other_store).status_code == 422
    assert not Device.objects.exists()


@pytest.mark.parametrize("person", ["marketer", "eve"])
@pytest.mark.parametrize("path", ["", "{device}/revocation/", "{device}/name/", "{device}/"])
def test_only_the_brands_owner_may(
    client: Client, device: Device, person: str, path: str, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(person)
    client.force_login(user)
    path = TABLETS + path.format(device=device.pk)

    assert client.get(path).status_code in {404, 405}
    assert client.post(path, {"name": "Eve's"}).status_code in {404, 405}
    device.refresh_from_db()
    assert device.revoked_at is None
    assert device.name == "Counter tablet"


def test_one_brands_owner_can_not_reach_anothers_tablet(
    owner_client: Client, eves_device: Device, every_brand: None
) -> None:
    assert owner_client.post(f"{TABLETS}{eves_device.pk}/revocation/").status_code == 404
    assert Device.objects.get(pk=eves_device.pk).revoked_at is None


def test_the_page_costs_few_queries(
    owner_client: Client, device: Device, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        owner_client.get(TABLETS)
