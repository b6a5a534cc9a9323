"""Choosing among more stores than a form can offer, and lists of them that page and search."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.studio.devices.views import PER_PAGE as DEVICES_PER_PAGE
from giftshop.studio.stores.choice import OFFERED_MAX
from redemption.models import Device, StaffMember
from redemption.till import devices
from tests.access.forms import Form, Page
from tests.cast import PIN, make_store

STUDIO = "/studio/frosty-spoon/"
SOMEBODY = {"name": "Ada", "role": "manager", "pin": "8520", "pin_again": "8520"}


@pytest.fixture
def chain(brand: Brand, store: Store) -> list[Store]:
    with scope(brand=brand):
        return [
            make_store(brand, f"branch-{number:02}", name=f"Branch {number:02}", city="Portland")
            for number in range(30)
        ]


def form_on(page: Any, action: str) -> Form:
    return next(
        form for form in Page(page.content.decode()).forms if form.attrs.get("action") == action
    )


def offered(form: Form, name: str) -> dict[str, bool]:
    return {
        one.value: "checked" in one.attrs
        for one in form.controls
        if one.name == name and one.kind in ("radio", "checkbox")
    }


def test_few_stores_are_all_offered(
    owner_client: Client, brand: Brand, store: Store, store_b: Store, django_assert_num_queries: Any
) -> None:
    page = owner_client.get(f"{STUDIO}staff/new/")
    form = form_on(page, f"{STUDIO}staff/new/")
    assert set(offered(form, "stores")) == {str(store.pk), str(store_b.pk)}
    assert "stores_named" not in page.content.decode()


def test_of_many_stores_those_are_offered_that_were_looked_for(
    owner_client: Client, brand: Brand, chain: list[Store], other_store: Store
) -> None:
    new = f"{STUDIO}staff/new/"
    assert offered(form_on(owner_client.get(new), new), "stores") == {}
    typed = {**SOMEBODY, "stores_named": "branch 0", "find_stores": "1"}
    page = owner_client.post(new, typed)
    assert page.status_code == 200
    form = form_on(page, new)
    assert offered(form, "stores") == {str(store.pk): False for store in [*chain[:11], chain[20]]}
    assert next(one.value for one in form.controls if one.name == "name") == "Ada"
    assert "data-unsaved" in form.attrs
    assert not StaffMember._base_manager.filter(name="Ada").exists()


def test_what_is_chosen_stays_beside_what_is_looked_for_next(
    owner_client: Client, brand: Brand, chain: list[Store], cashier: StaffMember, store: Store
) -> None:
    person = f"{STUDIO}staff/{cashier.pk}/"
    form = form_on(owner_client.get(person), f"{person}stores/")
    assert offered(form, "stores") == {str(store.pk): True}
    sent = {"stores": [str(store.pk)], "stores_named": "branch 07", "find_stores": "1"}
    page = owner_client.post(f"{person}stores/", sent)
    assert offered(form_on(page, f"{person}stores/"), "stores") == {
        str(store.pk): True,
        str(chain[7].pk): False,
    }
    both = [str(store.pk), str(chain[7].pk)]
    owner_client.post(f"{person}stores/", {"stores": both, "stores_named": ""}, follow=True)
    with scope(brand=brand):
        assert set(cashier.stores.values_list("pk", flat=True)) == {store.pk, chain[7].pk}


def test_no_more_are_offered_than_fit_and_none_of_another_brand(
    owner_client: Client, brand: Brand, chain: list[Store], other_store: Store
) -> None:
    new = f"{STUDIO}staff/new/"
    many = owner_client.post(new, {**SOMEBODY, "stores_named": "portland", "find_stores": "1"})
    assert len(offered(form_on(many, new), "stores")) == OFFERED_MAX
    theirs = owner_client.post(new, {**SOMEBODY, "stores_named": "pier", "find_stores": "1"})
    assert offered(form_on(theirs, new), "stores") == {}
    assert "Nothing more fits “<bdi>pier</bdi>”." in theirs.content.decode()
    sent = {**SOMEBODY, "stores": [str(other_store.pk), "nonsense"]}
    assert owner_client.post(new, sent).status_code == 422


def test_enter_in_another_field_sends_the_form_though_find_comes_first(
    owner_client: Client, brand: Brand, chain: list[Store]
) -> None:
    sent = {**SOMEBODY, "stores": [str(chain[3].pk)], "stores_named": " ", "find_stores": "1"}
    assert owner_client.post(f"{STUDIO}staff/new/", sent).status_code == 302
    with scope(brand=brand):
        assert StaffMember.objects.get(name="Ada").has_pin("8520")


def test_a_device_is_given_to_a_store_that_was_looked_for(
    owner_client: Client, brand: Brand, chain: list[Store]
) -> None:
    page = owner_client.post(
        f"{STUDIO}devices/", {"name": "Left", "stores_named": "branch 21", "find_stores": "1"}
    )
    assert offered(form_on(page, f"{STUDIO}devices/"), "store") == {str(chain[21].pk): False}
    refused = owner_client.post(f"{STUDIO}devices/", {"name": "Left"})
    assert refused.status_code == 422
    made = owner_client.post(f"{STUDIO}devices/", {"name": "Left", "store": str(chain[21].pk)})
    assert made.status_code == 201
    with scope(brand=brand):
        assert Device.objects.get(name="Left").store_id == chain[21].pk


@pytest.fixture
def counters(chain: list[Store]) -> list[Device]:
    return [
        devices.pair_directly(store=store, name=f"Counter {number:02}").device
        for number, store in enumerate(chain)
    ]


def test_devices_are_paged_and_found_by_their_name_and_their_store(
    owner_client: Client, brand: Brand, counters: list[Device]
) -> None:
    first = owner_client.get(f"{STUDIO}devices/").context["page"]
    last = owner_client.get(f"{STUDIO}devices/", {"page": "2"}).context["page"]
    assert [len(first.object_list), len(last.object_list)] == [DEVICES_PER_PAGE, 14]
    assert [*first.object_list, *last.object_list] == counters
    for words in ("branch 21", "counter 21", "21 portland"):
        found = owner_client.get(f"{STUDIO}devices/", {"q": words}).context["page"]
        assert found.object_list == [counters[21]], words
    for number in ("9999", "-1", "x", "²"):
        page = owner_client.get(f"{STUDIO}devices/", {"page": number}).context["page"]
        assert page.object_list == first.object_list, number
    none = owner_client.get(f"{STUDIO}devices/", {"q": "nowhere"})
    assert "No device of that name" in none.content.decode()


def test_a_name_that_was_refused_is_shown_whichever_page_its_device_is_on(
    owner_client: Client, brand: Brand, counters: list[Device]
) -> None:
    page = owner_client.post(f"{STUDIO}devices/{counters[29].pk}/name/", {"name": ""})
    assert page.status_code == 422
    assert page.context["page"].object_list == [counters[29]]
    assert "Show all" in page.content.decode()


def test_what_was_searched_goes_on_to_the_next_page_of_stores_and_staff(
    owner_client: Client, brand: Brand, chain: list[Store]
) -> None:
    stores = owner_client.get(f"{STUDIO}stores/", {"q": "branch & portland"[:6]}).content.decode()
    assert "?page=2&amp;q=branch" in stores
    with scope(brand=brand):
        for number in range(50):
            person = StaffMember(brand=brand, name=f"Ada & Co {number}", pin_hash=PIN)
            person.save()
    people = owner_client.get(f"{STUDIO}staff/", {"q": "ada & co"}).content.decode()
    assert "?page=2&amp;q=ada%20%26%20co" in people


def test_a_colleague_is_given_stores_that_were_looked_for(
    owner_client: Client, brand: Brand, chain: list[Store]
) -> None:
    typed = {"email": "nia@frosty.example", "role": "store_manager", "where": "some"}
    page = owner_client.post(
        f"{STUDIO}team/", {**typed, "stores_named": "branch 21", "find_stores": "1"}
    )
    assert page.status_code == 200
    form = form_on(page, f"{STUDIO}team/")
    assert offered(form, "stores") == {str(chain[21].pk): False}
    assert next(one.value for one in form.controls if one.name == "email") == typed["email"]
    made = owner_client.post(f"{STUDIO}team/", {**typed, "stores": [str(chain[21].pk)]})
    assert made.status_code == 302
