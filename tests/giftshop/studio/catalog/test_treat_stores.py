"""A treat that only some stores have: who sees it, where it is sold, and what the till of another says."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog import menu, sold_out
from giftshop.catalog.models import Treat
from giftshop.orders.checkout import OrderRefused
from giftshop.orders.models import Gift
from giftshop.studio.catalog.stores import say_stores
from redemption.audit.actors import SYSTEM
from redemption.models import AuditEntry, Code, StaffMember
from redemption.till.devices import PairedDevice
from tests.cast import PIN, Place, make_treat, make_user, symbols

PAGE = "/studio/frosty-spoon/menu/double-scoop/stores/"


def only_at(treat: Treat, *stores: Store) -> None:
    with scope(brand=treat.brand):
        say_stores(treat=treat, where=list(stores), by=SYSTEM, now=timezone.now())
    treat.refresh_from_db()


def test_an_owner_chooses_its_stores_and_takes_them_back(
    brand: Brand, store: Store, store_b: Store, treat: Treat, owner_client: Client, client: Client
) -> None:
    assert owner_client.post(PAGE, {"where": "some"}).status_code == 422
    sent = {"where": "some", "stores": [str(store_b.pk)]}
    page = owner_client.post(PAGE, sent, follow=True).content.decode()
    assert store_b.name in page.split("Only at")[1].split("</p>")[0]
    with scope(brand=brand):
        told = AuditEntry.objects.get(act="treat.changed").details["changes"]
    assert told == {"stores": ["all", [store_b.slug]]}
    assert (
        store_b.name in client.get("/shop/frosty-spoon/").content.decode().split("treat-until")[1]
    )
    assert owner_client.post(PAGE, {"where": "all"}).status_code == 302
    treat.refresh_from_db()
    assert treat.all_stores
    assert not Treat.stores.through.objects.exists()


def test_what_no_open_store_has_is_not_sold(
    brand: Brand, store: Store, store_b: Store, treat: Treat, place: Place, client: Client
) -> None:
    only_at(treat, store_b)
    place()
    Store._base_manager.filter(pk=store_b.pk).update(is_active=False)
    assert 'id="treat-double-scoop"' not in client.get("/shop/frosty-spoon/").content.decode()
    with pytest.raises(OrderRefused, match="no longer on the menu"):
        place()


def test_it_is_sold_out_where_all_of_its_own_stores_are_out_of_it(
    brand: Brand, store: Store, store_b: Store, treat: Treat, django_assert_num_queries: Any
) -> None:
    everywhere = make_treat(brand, "mint-shake")
    only_at(treat, store_b)

    def gone() -> set[Any]:
        return set(menu.read(brand, timezone.now()).nowhere.treats)

    with scope(brand=brand):
        sold_out.mark_sold_out(store=store, things=[treat, everywhere], by=SYSTEM)
        assert not gone()
        sold_out.mark_sold_out(store=store_b, things=[treat], by=SYSTEM)
        with django_assert_num_queries(6):
            assert gone() == {treat.pk}


def test_its_gift_is_shown_the_stores_that_have_it(
    store: Store, store_b: Store, treat: Treat, gift: Gift, client: Client
) -> None:
    only_at(treat, store)
    client.post(f"/gift/{gift.link_token()}/opening/")
    for page in (f"/gift/{gift.link_token()}/", f"/gift/{gift.link_token()}/stores/"):
        text = client.get(page).content.decode()
        assert store.name in text
        assert store_b.name not in text


def test_a_till_without_it_names_the_others_and_lets_a_manager_decide(
    store: Store,
    store_b: Store,
    treat: Treat,
    code: Code,
    paired: PairedDevice,
    cashier: StaffMember,
    manager: StaffMember,
) -> None:
    only_at(treat, store_b)

    def look(member: StaffMember) -> str:
        tablet = Client()
        tablet.cookies["device"] = paired.token
        tablet.post("/till/sessions/", {"staff": str(member.pk), "pin": PIN})
        return tablet.post("/till/lookups/", {"code": symbols(code)}).content.decode()

    said = look(cashier)
    assert "This store does not have it." in said
    assert store_b.name in said
    assert "A manager can hand it over all the same." in said
    assert 'data-panel="look"' not in said
    said = look(manager)
    assert 'data-panel="look"' in said
    assert store_b.name in said


def test_a_store_manager_ticks_what_their_store_has(
    brand: Brand, store: Store, store_b: Store, treat: Treat
) -> None:
    make_treat(brand, "mint-shake")
    only_at(treat, store_b)
    for own, is_seen in ((store, False), (store_b, True)):
        client = Client()
        client.force_login(make_user(brand, f"mo@{own.slug}.example", "store_manager", [own]))
        page = client.get(f"/studio/frosty-spoon/stores/{own.slug}/sold-out/").content.decode()
        assert "Mint shake" in page
        assert ("Double scoop" in page) is is_seen


def test_an_archived_treat_can_be_sold_out_while_gifts_of_it_are_out(
    brand: Brand, store: Store, treat: Treat, gift: Gift, owner_client: Client
) -> None:
    make_treat(brand, "never-given")
    with scope(brand=brand):
        Treat.objects.update(is_active=False)
    page = f"/studio/frosty-spoon/stores/{store.slug}/sold-out/"
    shown = owner_client.get(page).content.decode()
    assert "Double scoop" in shown
    assert "Never given" not in shown
    assert owner_client.post(page, {"treats": [str(treat.pk)]}).status_code == 302
    with scope(brand=brand):
        assert [row.thing for row in sold_out.gone_at(store, timezone.now())] == [treat]


@pytest.mark.parametrize("is_foreign", [False, True])
def test_the_database_refuses_stores_that_are_mixed_up(
    treat: Treat, store: Store, other_store: Store, is_foreign: bool
) -> None:
    with pytest.raises(IntegrityError, match="mixed up"), transaction.atomic():
        Treat._base_manager.filter(pk=treat.pk).update(all_stores=not is_foreign)
        Treat.stores.through.objects.create(
            treat_id=treat.pk, store_id=(other_store if is_foreign else store).pk
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_older_tab_overwrites_nothing(
    store: Store, store_b: Store, treat: Treat, owner_client: Client
) -> None:
    page = owner_client.get(PAGE).content.decode()
    version = page.split('name="version" value="')[1].split('"')[0]
    only_at(treat, store)
    sent = {"where": "some", "stores": [str(store_b.pk)], "version": version}
    assert owner_client.post(PAGE, sent).status_code == 409
    assert treat.store_names() == [store.name]
