"""What is sold out, where people read and tick it: gift page, till, studio and console."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog import sold_out
from giftshop.catalog.models import Option, SoldOut, Treat
from giftshop.orders.models import Gift
from redemption.audit.actors import Actor
from redemption.models import AuditEntry, Device, StaffMember
from redemption.till.devices import PairedDevice
from tests.cast import PIN, make_treat

MO = Actor("user", None, "Mo")
EVENING = datetime(2026, 3, 3, 2, tzinfo=UTC)  # Monday 18:00 in Seattle
PIKE = "/studio/frosty-spoon/stores/pike-street/sold-out/"
TILL = "/till/manager/sold-out/"


@pytest.fixture
def unwrapped(client: Client, gift: Gift) -> Client:
    client.post(f"/gift/{gift.link_token()}/opening/")
    return client


@pytest.fixture
def tablet(paired: PairedDevice) -> Client:
    client = Client()
    client.cookies["device"] = paired.token
    return client


def signed_in(tablet: Client, member: StaffMember) -> Client:
    answer = tablet.post("/till/sessions/", {"staff": str(member.pk), "pin": PIN})
    assert answer.status_code == 302
    return tablet


@pytest.fixture
def till(tablet: Client, manager: StaffMember) -> Client:
    return signed_in(tablet, manager)


def test_the_gift_says_so_before_its_recipient_walks_there(
    unwrapped: Client,
    gift: Gift,
    brand: Brand,
    store: Store,
    store_b: Store,
    django_assert_num_queries: Any,
) -> None:
    before = unwrapped.get(f"/gift/{gift.link_token()}/").content.decode()
    with scope(brand=brand):
        sold_out.mark_sold_out(store=store_b, things=[gift.treat], by=MO)
    with django_assert_num_queries(4):
        page = unwrapped.get(f"/gift/{gift.link_token()}/").content.decode()

    assert "Sold out here" not in before
    assert page.count("Sold out here today") == 1
    assert page.index("Pike Street") < page.index("Ballard") < page.index("Sold out here today")


def test_another_treat_that_is_sold_out_is_not_spoken_of(
    unwrapped: Client, gift: Gift, brand: Brand, store: Store
) -> None:
    with scope(brand=brand):
        sold_out.mark_sold_out(store=store, things=[make_treat(brand, "mint-shake")], by=MO)

    assert b"Sold out" not in unwrapped.get(f"/gift/{gift.link_token()}/").content


def test_an_owner_ticks_treats_in_the_studio(
    owner_client: Client, store: Store, treat: Treat, brand: Brand
) -> None:
    answer = owner_client.post(PIKE, {"treats": [str(treat.pk)]}, follow=True)
    page = answer.content.decode()
    with scope(brand=brand):
        entry = AuditEntry.objects.get()

    assert "Noted. Friends see it on their gift" in page
    assert f'value="{treat.pk}" checked' in page
    assert (entry.actor_kind, entry.actor_name) == ("user", "Olive")
    assert "Double scoop" in owner_client.get(PIKE.replace("sold-out/", "")).content.decode()


@pytest.mark.parametrize("path", [PIKE, TILL])
def test_another_brands_treat_is_refused_in_words(
    owner_client: Client, till: Client, other_brand: Brand, store: Store, treat: Treat, path: str
) -> None:
    foreign = make_treat(other_brand, "flat-white")
    person = owner_client if path == PIKE else till
    answer = person.post(path, {"treats": [str(foreign.pk)]})

    assert answer.status_code == 422
    assert b"no longer on the menu" in answer.content
    assert not SoldOut._base_manager.exists()


def test_a_manager_ticks_treats_at_the_till(
    till: Client, treat: Treat, brand: Brand, device: Device, manager: StaffMember
) -> None:
    answer = till.post(TILL, {"treats": [str(treat.pk)]}, follow=True)
    with scope(brand=brand):
        entry = AuditEntry.objects.exclude(act__startswith="staff.").get()

    assert f'value="{treat.pk}" checked' in answer.content.decode()
    assert (entry.actor_kind, entry.actor_id, entry.device_id) == ("staff", manager.pk, device.pk)


def test_a_cashier_can_not(tablet: Client, cashier: StaffMember, treat: Treat) -> None:
    till = signed_in(tablet, cashier)

    assert till.get(TILL).status_code == 403
    assert till.post(TILL, {"treats": [str(treat.pk)]}).status_code == 403
    assert not SoldOut._base_manager.exists()


def test_nobody_can_without_signing_in(tablet: Client, client: Client, treat: Treat) -> None:
    for person in (tablet, client):
        person.post(TILL, {"treats": [str(treat.pk)]})
    assert not SoldOut._base_manager.exists()


def test_a_choice_that_is_gone_is_said_on_the_gift_and_at_the_till(
    unwrapped: Client,
    tablet: Client,
    cashier: StaffMember,
    gift: Gift,
    brand: Brand,
    store: Store,
    mint: Option,
) -> None:
    with scope(brand=brand):
        sold_out.mark_sold_out(store=store, things=[mint], by=MO)
        code = gift.code
        assert code
        plain = code.reveal()
    page = unwrapped.get(f"/gift/{gift.link_token()}/").content.decode()
    look = signed_in(tablet, cashier).post("/till/lookups/", {"code": plain}).content.decode()

    assert page.count("Not here today: Mint") == 1
    for html in (page, look):
        label = html[html.index("Mint", html.index('value="mint"')) :]
        assert "Sold out today" in label[: label.index("</label>")]


def test_a_last_day_that_is_over_is_refused_with_what_was_ticked(
    owner_client: Client, store: Store, treat: Treat, mint: Option
) -> None:
    sent = {"treats": [str(treat.pk)], "options": [str(mint.pk)], "until": "2020-02-01"}
    answer = owner_client.post(PIKE, sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Choose today or a later day, within a year." in page
    assert f'value="{treat.pk}" checked' in page
    assert f'value="{mint.pk}" checked' in page
    assert not SoldOut._base_manager.exists()


def test_a_gift_says_so_where_nothing_is_left_to_choose(
    unwrapped: Client, gift: Gift, brand: Brand, store: Store, mint: Option
) -> None:
    with scope(brand=brand):
        things = list(mint.group.options.all())
        sold_out.mark_sold_out(store=store, things=things[1:], by=MO)
        some = unwrapped.get(f"/gift/{gift.link_token()}/").content
        sold_out.mark_sold_out(store=store, things=things, by=MO)
        none = unwrapped.get(f"/gift/{gift.link_token()}/").content

    assert b"Sold out here today" not in some
    assert b"Sold out here today" in none


@pytest.mark.parametrize("path", [PIKE, TILL])
def test_what_is_gone_of_an_archived_treat_stays_gone(
    owner_client: Client, till: Client, store: Store, treat: Treat, brand: Brand, path: str
) -> None:
    person = owner_client if path == PIKE else till
    with scope(brand=brand):
        shake = make_treat(brand, "mint-shake")
        sold_out.mark_sold_out(store=store, things=[treat, *treat.prices.all()[:1]], by=MO)
        Treat.objects.filter(pk=treat.pk).update(is_active=False)
        assert person.post(path, {"treats": [str(shake.pk)]}).status_code == 302
        rows = SoldOut.objects.values_list("treat__name", "price__key")
        assert set(rows) == {
            ("Double scoop", None),
            ("Double scoop", "regular"),
            ("Mint shake", None),
        }
        page = person.post(path, {}, follow=True).content.decode()
        assert SoldOut.objects.count() == 2
    assert "Everything is there again." in page
