"""Olive, the owner of Frosty Spoon, and the people behind her counters."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from giftshop.accounts.models import User
from redemption.models import AuditEntry, Device, StaffMember
from redemption.till import pin_tries
from redemption.till.pin_tries import PER_PERSON
from tests.cast import PIN, make_staff

STAFF = "/studio/frosty-spoon/staff/"
GOOD_PIN = {"pin": "7304", "pin_again": "7304"}
ACTS = ("pin/", "role/", "stores/", "unlocking/", "deactivation/", "reactivation/")


def sent(store: Store) -> dict[str, object]:
    """What does for every act."""
    return {**GOOD_PIN, "role": "manager", "stores": [str(store.pk)]}


def test_the_first_manager_of_a_store_is_made_here(
    owner_client: Client, store: Store, store_b: Store, brand: Brand
) -> None:
    assert b"Nobody yet" in owner_client.get(STAFF).content
    stores = [str(store.pk), str(store_b.pk)]
    answer = owner_client.post(
        f"{STAFF}new/",
        {"name": "Ada", "role": "manager", "stores": stores, **GOOD_PIN},
        follow=True,
    )

    assert b"Ada can sign in now" in answer.content
    with scope(brand=brand):
        ada = StaffMember.objects.get()
        assert set(ada.stores.all()) == {store, store_b}
        entry = AuditEntry.objects.get()
    assert ada.has_pin("7304")
    assert (entry.act, entry.actor_kind, entry.actor_name) == ("staff.added", "user", "Olive")


def test_a_weak_pin_and_no_store_are_refused(owner_client: Client, store: Store) -> None:
    answer = owner_client.post(
        f"{STAFF}new/", {"name": "Ada", "role": "manager", "pin": "1234", "pin_again": "1234"}
    )

    assert answer.status_code == 422
    assert b"easy to guess" in answer.content
    assert b"Choose at least one store" in answer.content


def test_an_only_manager_whose_pin_is_paused_is_let_in_at_once(
    owner_client: Client, manager: StaffMember, device: Device
) -> None:
    now = timezone.now()
    for _ in range(PER_PERSON):
        pin_tries.take(device=device, staff_id=manager.pk, now=now)
    page = f"{STAFF}{manager.pk}/"
    assert b"PIN paused" in owner_client.get(STAFF).content
    assert b"The PIN is paused" in owner_client.get(page).content
    assert owner_client.post(f"{page}unlocking/")["Location"] == page

    assert b"The PIN is paused" not in owner_client.get(page).content
    assert pin_tries.paused([manager.pk], now=now) == {}


def test_the_last_manager_of_a_store_stays_it(
    owner_client: Client, manager: StaffMember, store_b: Store
) -> None:
    for act, words in [
        ("deactivation/", {}),
        ("role/", {"role": "cashier"}),
        ("stores/", {"stores": [str(store_b.pk)]}),
    ]:
        answer = owner_client.post(f"{STAFF}{manager.pk}/{act}", words)
        assert answer.status_code == 409, act
        assert b"the last one" in answer.content


def test_somebody_moves_to_another_store(
    owner_client: Client, cashier: StaffMember, store_b: Store
) -> None:
    owner_client.post(f"{STAFF}{cashier.pk}/stores/", {"stores": [str(store_b.pk)]})

    with scopes_disabled():
        assert list(cashier.stores.all()) == [store_b]


def test_people_are_found_by_name(owner_client: Client, store: Store) -> None:
    for name in ("Ada", "Priya"):
        make_staff(store, name)
    text = owner_client.get(STAFF, {"q": "pri"}).content.decode()

    assert "Priya" in text
    assert "Ada" not in text


@pytest.mark.parametrize("who", ["marketer", "eve", "nobody"])
def test_only_the_brands_owner_gets_in(
    request: pytest.FixtureRequest, who: str, cashier: StaffMember, store: Store
) -> None:
    client = Client()
    if who != "nobody":
        user: User = request.getfixturevalue(who)
        client.force_login(user)
    refused = 302 if who == "nobody" else 404
    for page in ("", "new/", f"{cashier.pk}/"):
        assert client.get(STAFF + page).status_code == refused
    for act in ACTS:
        assert client.post(f"{STAFF}{cashier.pk}/{act}", sent(store)).status_code == refused
    cashier.refresh_from_db()
    assert (cashier.role, cashier.is_active, cashier.has_pin(PIN)) == ("cashier", True, True)


def test_another_brands_people_and_stores_are_out_of_reach(
    owner_client: Client, store: Store, other_store: Store, cashier: StaffMember
) -> None:
    stranger = make_staff(other_store, "Theo")
    for act in ACTS:
        answer = owner_client.post(f"{STAFF}{stranger.pk}/{act}", sent(store))
        assert answer.status_code == 404
    answer = owner_client.post(f"{STAFF}{cashier.pk}/stores/", {"stores": [str(other_store.pk)]})
    assert answer.status_code == 422


def test_a_get_changes_nothing_and_forms_need_their_token(
    owner_client: Client, owner: User, cashier: StaffMember, store: Store
) -> None:
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(owner)
    for act in ACTS:
        assert owner_client.get(f"{STAFF}{cashier.pk}/{act}").status_code == 405
        assert careless.post(f"{STAFF}{cashier.pk}/{act}", sent(store)).status_code == 403
    cashier.refresh_from_db()
    assert (cashier.role, cashier.is_active) == ("cashier", True)
