"""The table of what each role may do: whole, asked by every page, and told in words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.html import escape

from brands.models import Brand, Store
from giftshop.accounts import permissions
from giftshop.accounts.models import Membership
from giftshop.accounts.permissions import HELD_IN, ROLES, Permission
from tests.cast import make_user
from tests.product import PRODUCT
from tests.server import ROOT

Role = Membership.Role
ASKED = re.compile(r'"(\w+)" (?:not )?in request\.may')


def views_of_a_brand(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views_of_a_brand(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith("studio/<slug:brand_slug>/"):
            yield str(entry.name), entry.callback


def test_the_table_says_who_may_of_everything() -> None:
    assert set(ROLES) == set(Permission)
    assert permissions.of_role(Role.OWNER) == frozenset(Permission)
    assert all(role in set(Role) - {Role.OWNER} for roles in ROLES.values() for role in roles)
    for role in Role:
        may = permissions.of_role(role)
        assert {small for small, large in HELD_IN.items() if large in may} <= may, role


def test_every_page_of_a_brand_asks_the_table() -> None:
    asked = {name: view.permissions for name, view in views_of_a_brand(get_resolver())}
    assert len(asked) > 40
    assert asked["studio_staff"] == (Permission.MANAGE_STAFF, Permission.MANAGE_STAFF)
    assert asked["rules"] == (Permission.SEE_BRAND, Permission.CHANGE_BRAND)
    unused = set(Permission) - {each for both in asked.values() for each in both}
    assert unused == {Permission.VOUCH, Permission.SEE_ALARMS}, "asked within pages"


def test_templates_ask_for_permissions_that_there_are() -> None:
    asked = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in ASKED.findall(path.read_text())
    }
    assert len(asked) > 8
    assert asked <= set(Permission.values)


def test_nothing_but_the_table_names_roles() -> None:
    """Of what somebody may: lists of roles elsewhere would be a second table."""
    lists = re.compile(r"Role\.(?:MARKETER|FINANCE|STORE_MANAGER|READER)\b")
    found = [
        str(path.relative_to(ROOT))
        for package in PRODUCT
        for path in (ROOT / package).rglob("*.py")
        if lists.search(path.read_text()) and path.name != "permissions.py"
    ]
    assert not found


def test_in_words() -> None:
    said = {str(role): [str(act) for act in acts] for role, acts in permissions.in_words()}
    assert said["Owner"] == ["Everything"]
    assert said["Marketer"] == [
        "See how the gifts are doing",
        "Say why they believe that people come",
        *("Plan campaigns and make links", "Tell news on the shop"),
    ]
    assert "Add staff, give PINs, say who works where" in said["Store manager"]
    assert not [act for act in said["Reader"] if not act.startswith("See ")]


@pytest.mark.django_db
def test_an_owner_reads_what_each_role_may_do(client: Client, owner: Any) -> None:
    client.force_login(owner)
    page = client.get("/studio/frosty-spoon/team/").content.decode()
    for role, acts in permissions.in_words():
        assert f"<dt>{role}</dt>" in page
        assert all(f"<li>{escape(act)}</li>" in page for act in acts)


@pytest.mark.django_db
class TestReader:
    @pytest.fixture
    def reading(self, brand: Brand, client: Client) -> Client:
        client.force_login(make_user(brand, "rita@frosty.example", Role.READER))
        return client

    @pytest.mark.parametrize(
        "page", ["", "campaigns/", "menu/", "stores/", "devices/", "rules/", "brand/"]
    )
    def test_reads_pages_without_a_button_that_changes(
        self, reading: Client, store: Store, treat: Any, device: Any, page: str
    ) -> None:
        html = reading.get(f"/studio/frosty-spoon/{page}").content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        assert "<button" not in re.sub(
            r'<details class="period-own".*?</details>', "", main, flags=re.DOTALL
        )
        assert "/new/" not in main

    def test_finds_in_the_menu_of_pages_what_opens(self, reading: Client, store: Store) -> None:
        html = reading.get("/studio/frosty-spoon/").content.decode()
        nav = html[html.index('<nav class="studio-nav"') : html.index("</nav>")]
        links = re.findall(r'<a [^>]*href="([^"]+)"', nav)
        assert len(links) == 10
        assert all(reading.get(link).status_code == 200 for link in links)

    def test_what_is_sent_is_refused_like_a_stranger(self, reading: Client, store: Store) -> None:
        before = store.name
        answer = reading.post("/studio/frosty-spoon/stores/pike-street/", {"name": "Mine now"})
        store.refresh_from_db()
        assert (answer.status_code, store.name) == (404, before)


@pytest.mark.django_db
class TestStoreManager:
    @pytest.fixture
    def running(self, brand: Brand, client: Client) -> Client:
        client.force_login(make_user(brand, "sam@frosty.example", Role.STORE_MANAGER))
        return client

    def test_sets_hours_and_phone_and_nothing_else(self, running: Client, store: Store) -> None:
        days = {f"opens_{day}": "09:00" for day in range(7)}
        days |= {f"closes_{day}": "17:30" for day in range(7)}
        sent = {"name": "Mine", "operator": "Sam LLC", "street": "", "phone": "+1 206 555 0162"}
        answer = running.post("/studio/frosty-spoon/stores/pike-street/", {**sent, **days})
        kept = Store._base_manager.get(pk=store.pk)
        assert answer.status_code == 302
        assert (kept.name, kept.operator, kept.street, kept.is_active) == (
            *(store.name, store.operator, store.street),
            True,
        )
        assert kept.hours == ["09:00-17:30"] * 7
        assert kept.phone

    def test_copies_mondays_hours_with_the_name_still_there(
        self, running: Client, store: Store
    ) -> None:
        sent = {"copy": "monday", "opens_0": "07:00", "closes_0": "12:00"}
        html = running.post("/studio/frosty-spoon/stores/pike-street/", sent).content.decode()
        assert html.count('value="07:00"') == 7
        assert f'value="{store.name}"' in html

    def test_is_asked_to_vouch_for_nobody(
        self, running: Client, cashier: Any, store: Store
    ) -> None:
        page = running.get(f"/studio/frosty-spoon/staff/{cashier.pk}/").content.decode()
        assert 'name="pin_again"' in page
        assert "vouched" not in page
        sent = {"pin": "7391", "pin_again": "7391", "vouched": "on"}
        running.post(f"/studio/frosty-spoon/staff/{cashier.pk}/pin/", sent)
        kept = type(cashier)._base_manager.get(pk=cashier.pk)
        assert kept.pin_known_to == [Membership.objects.get(role=Role.STORE_MANAGER).user_id]
        page = running.get(f"/studio/frosty-spoon/staff/{cashier.pk}/").content.decode()
        assert "Sam" in page
        assert "An owner can hand over one to end that." in page

    def test_invites_nobody(self, running: Client) -> None:
        sent = {"email": "pal@frosty.example", "role": "owner"}
        assert running.post("/studio/frosty-spoon/team/", sent).status_code == 404
