"""An owner adds and changes stores; each change is in the audit log, and nobody else gets near."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import Membership, User
from giftshop.catalog.models import Treat
from redemption.models import AuditEntry, Device
from tests.cast import make_store, make_user

STORES = "/studio/frosty-spoon/stores/"
PIKE = f"{STORES}pike-street/"


def typed(**changed: Any) -> dict[str, Any]:
    """What the form of Pike Street sends, with some of it changed."""
    week = {f"opens_{day}": "08:00" for day in range(7)}
    week |= {f"closes_{day}": "20:00" for day in range(7)}
    facts = {
        "name": "Pike Street",
        "street": "1 Pike Street",
        "city": "Seattle",
        "region": "",
        "postal_code": "",
        "country": "US",
        "phone": "",
        "latitude": "",
        "longitude": "",
        "time_zone": "America/Los_Angeles",
        "operator": "",
        "is_active": "on",
    }
    return {**facts, **week, **changed}


def fresh(store: Store) -> Store:
    with scope(brand=store.brand):
        return Store.objects.get(pk=store.pk)


def entries(brand: Brand) -> list[AuditEntry]:
    with scope(brand=brand):
        return list(AuditEntry.objects.order_by("number"))


def test_the_list_tells_of_each_store(
    owner_client: Client, store: Store, store_b: Store, device: Device
) -> None:
    Store._base_manager.filter(pk=store_b.pk).update(is_active=False)
    page = owner_client.get(STORES).content.decode()

    assert "Pike Street" in page
    assert "Ballard Scoops LLC" in page
    assert '<td class="num" data-label="Devices">1</td>' in page
    assert "Off" in page


def test_a_thousand_stores_cost_as_many_queries_as_one(
    owner_client: Client, brand: Brand, store: Store, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(6):
        owner_client.get(STORES)
    row = {"brand": brand, "street": "1 Way", "country": "US", "time_zone": "Europe/Berlin"}
    Store._base_manager.bulk_create(
        Store(
            slug=f"s{number}",
            name=f"Store {number}",
            city=["Alder", "Birch", "Cedar"][number % 3],
            **row,
        )
        for number in range(1000)
    )
    with django_assert_num_queries(6):
        first = owner_client.get(STORES)
    with django_assert_num_queries(6):
        found = owner_client.get(STORES, {"q": "birch store", "page": "2"})

    assert len(first.context["page"]) == 25
    assert "Page 1 of 41" in first.content.decode()
    assert {store.city for store in found.context["page"]} == {"Birch"}


def test_a_page_that_is_not_there_shows_the_last(owner_client: Client, store: Store) -> None:
    assert "Pike Street" in owner_client.get(STORES, {"page": "99"}).content.decode()


def test_nothing_found_says_so(owner_client: Client, store: Store) -> None:
    page = owner_client.get(STORES, {"q": "<b>Mars"}).content.decode()

    assert "No store fits “&lt;b&gt;Mars”" in page


def test_the_form_shows_the_store_as_it_is(owner_client: Client, store: Store) -> None:
    page = owner_client.get(PIKE).content.decode()

    assert 'value="1 Pike Street"' in page
    assert 'value="08:00"' in page
    assert '<option value="America/Los_Angeles" selected>' in page
    assert '<option value="US" selected>' in page


def test_saving_what_is_there_already_writes_nothing(
    owner_client: Client, store: Store, brand: Brand
) -> None:
    before = Store._base_manager.filter(pk=store.pk).values().get()
    answer = owner_client.post(PIKE, typed())

    assert answer.status_code == 302
    assert Store._base_manager.filter(pk=store.pk).values().get() == before
    assert entries(brand) == []


def test_a_change_is_kept_and_in_the_audit_log_with_what_was_before(
    owner_client: Client, owner: User, store: Store, brand: Brand
) -> None:
    owner_client.post(PIKE, typed(city="Tacoma", operator="Scoops LLC", closes_6="02:00"))
    (entry,) = entries(brand)

    assert fresh(store).city == "Tacoma"
    assert fresh(store).hours == ["08:00-20:00"] * 6 + ["08:00-02:00"]
    assert (entry.act, entry.subject) == ("store.changed", f"store:{store.pk}")
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("user", owner.pk, "Olive")
    assert entry.details == {
        "name": "Pike Street",
        "changes": {
            "city": ["Seattle", "Tacoma"],
            "operator": ["", "Scoops LLC"],
            "hours": [["08:00-20:00"] * 7, ["08:00-20:00"] * 6 + ["08:00-02:00"]],
        },
    }


def test_the_address_of_a_renamed_store_stays(owner_client: Client, store: Store) -> None:
    owner_client.post(PIKE, typed(name="First and Pike"))

    assert "First and Pike" in owner_client.get(PIKE).content.decode()


def test_a_new_store_gets_an_address_of_its_own(
    owner_client: Client, store: Store, brand: Brand
) -> None:
    answer = owner_client.post(f"{STORES}new/", typed(city="Portland"))

    assert answer["Location"] == f"{STORES}pike-street-2/"
    (entry,) = entries(brand)
    assert entry.act == "store.added"
    assert entry.details["changes"]["city"] == [None, "Portland"]
    assert "Portland" in owner_client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(("name", "slug"), [("New", "new-2"), ("新宿", "store")])
def test_every_name_makes_an_address_that_can_be_reached(
    owner_client: Client, brand: Brand, name: str, slug: str
) -> None:
    answer = owner_client.post(f"{STORES}new/", typed(name=name))

    assert answer["Location"] == f"{STORES}{slug}/"
    assert name in owner_client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This is still missing."),
        ({"phone": "call me"}, "This is no phone number of that country."),
        ({"phone": "040 66969 120"}, "This is no phone number of that country."),
        ({"phone": "555-0162"}, "Write it with its area code"),
        ({"time_zone": "Mars/Olympus"}, "Choose one from the list."),
        ({"country": "XX"}, "Choose one from the list."),
        ({"opens_2": "late"}, "Write a time like 18:00."),
        ({"closes_2": ""}, "When does it open and close that day? Or is it closed?"),
        ({"latitude": "here"}, "There is no position in this."),
        ({"latitude": "https://maps.app.goo.gl/xyz"}, "This link doesn&#x27;t say where it is."),
        ({"latitude": "47.6"}, "A position needs both numbers, or none."),
        ({"latitude": "95", "longitude": "9"}, "Latitude goes from -90 to 90"),
        ({"latitude": "nan", "longitude": "inf"}, "Latitude goes from -90 to 90"),
        ({"latitude": "47.6", "longitude": "west"}, "Write a number, like -122.3331."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    owner_client: Client, store: Store, brand: Brand, changed: dict[str, str], words: str
) -> None:
    answer = owner_client.post(PIKE, typed(street="2 New Way", **changed))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert 'value="2 New Way"' in page
    assert fresh(store).street == "1 Pike Street"
    assert entries(brand) == []


def test_every_day_that_is_wrong_is_marked_at_once(owner_client: Client, store: Store) -> None:
    page = owner_client.post(PIKE, typed(opens_2="late", closes_4="")).content.decode()

    assert 'id="id_opens_2_error"' in page
    assert 'id="id_closes_4_error"' in page


def test_a_pasted_position_is_split_into_its_numbers(owner_client: Client, store: Store) -> None:
    owner_client.post(PIKE, typed(latitude="47.6097, -122.3331"))
    kept = fresh(store)
    page = owner_client.get(PIKE).content.decode()

    assert (kept.latitude, kept.longitude) == (47.6097, -122.3331)
    assert 'value="-122.3331"' in page
    link = "https://www.openstreetmap.org/?mlat=47.6097&amp;mlon=-122.3331#map=17/47.6097/-122.3331"
    assert f'href="{link}" target="_blank" rel="noopener"' in page


def test_a_position_can_be_taken_away(owner_client: Client, store: Store) -> None:
    owner_client.post(PIKE, typed(latitude="47.6", longitude="-122.3"))
    owner_client.post(PIKE, typed())

    assert fresh(store).latitude is None


def test_a_closed_day_and_a_week_nobody_tells_of(owner_client: Client, store: Store) -> None:
    owner_client.post(PIKE, typed(closed_0="on", opens_1="", closes_1="", closed_1="on"))
    assert fresh(store).hours == ["", "", *["08:00-20:00"] * 5]
    page = owner_client.get(PIKE).content.decode()
    assert page.count("checked") == 3, "two closed days, and the store is on"
    empty = {f"{name}_{day}": "" for name in ("opens", "closes") for day in range(7)}
    owner_client.post(PIKE, typed(**empty))

    assert fresh(store).hours == []


def test_monday_is_copied_to_all_days_without_a_script_and_without_saving(
    owner_client: Client, store: Store
) -> None:
    asked = typed(copy="monday", opens_0="10:30", name="", closes_4="", street="2 New Way")
    answer = owner_client.post(PIKE, asked)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert page.count('value="10:30"') == 7
    assert "Monday's hours stand on every day now." in page
    assert 'value="2 New Way"' in page
    assert fresh(store).hours == ["08:00-20:00"] * 7


def test_a_store_that_is_off_is_not_shown_to_recipients(
    owner_client: Client, client: Client, store: Store, treat: Treat
) -> None:
    answers = []
    for sent in (typed(is_active=""), typed()):
        owner_client.post(PIKE, sent)
        answers.append("1 Pike Street" in client.get("/shop/frosty-spoon/").content.decode())

    assert answers == [False, True]


@pytest.mark.parametrize("path", ["", "new/", "pike-street/", "pike-street/sold-out/"])
@pytest.mark.parametrize("person", ["marketer", "finance", "eve"])
def test_only_the_brands_owner_may(
    client: Client,
    brand: Brand,
    store: Store,
    path: str,
    person: str,
    request: pytest.FixtureRequest,
) -> None:
    if person == "finance":
        user = make_user(brand, "fay@frosty.example", Membership.Role.FINANCE)
    else:
        user = request.getfixturevalue(person)
    client.force_login(user)

    assert client.get(STORES + path).status_code == 404
    assert client.post(STORES + path, typed(name="Eve's")).status_code in {404, 405}
    assert fresh(store).name == "Pike Street"


def test_a_stranger_is_asked_to_sign_in(client: Client, store: Store) -> None:
    assert client.get(PIKE)["Location"].startswith("/accounts/login/")


def test_another_brands_store_is_not_there(owner_client: Client, other_store: Store) -> None:
    for path in ("pier/", "pier/sold-out/"):
        assert owner_client.get(STORES + path).status_code == 404
        assert owner_client.post(STORES + path, typed(name="Mine")).status_code == 404
    assert fresh(other_store).name == "Pier"


def test_two_brands_may_have_a_store_of_one_name(owner_client: Client, other_brand: Brand) -> None:
    make_store(other_brand, "pike-street")

    assert owner_client.post(f"{STORES}new/", typed())["Location"] == PIKE


def test_a_store_that_is_sent_twice_is_made_once(owner_client: Client, brand: Brand) -> None:
    for _time in range(2):
        assert owner_client.post(f"{STORES}new/", typed())["Location"] == PIKE
    assert [entry.act for entry in entries(brand)] == ["store.added"]
