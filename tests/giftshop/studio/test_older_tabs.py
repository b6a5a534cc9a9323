"""Two tabs: what was saved since a form was shown is overwritten by nobody who was not told of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.models import Campaign
from core.forms.version import SavedSince, check_version, version_of
from giftshop.accounts.models import Membership
from giftshop.catalog.models import SoldOut, Treat
from redemption.models import AuditEntry, StaffMember
from tests.access.forms import CHOSEN, TYPED, Page
from tests.cast import make_staff, make_user

pytestmark = pytest.mark.django_db

STUDIO = "/studio/frosty-spoon/"
TOLD = "Somebody saved this meanwhile"


def as_shown(client: Client, address: str, action: str = "") -> dict[str, Any]:
    """What a browser would send of the page's form if nobody touched it."""
    page = Page(client.get(address).content.decode())
    [form] = [
        one
        for one in page.forms
        if one.attrs.get("action", "") == (action or address) and "version" in names(one)
    ]
    sent: dict[str, Any] = {}
    for one in form.controls:
        picked = one.kind not in ("radio", "checkbox") or "checked" in one.attrs
        if one.name and picked and one.tag != "button":
            sent.setdefault(one.name, []).append(one.value)
    return sent


def names(form: Any) -> set[str]:
    return {one.name for one in form.controls}


@pytest.fixture
def forms(
    brand: Brand, treat: Treat, store: Store, owner_client: Client
) -> dict[str, tuple[str, str, dict[str, Any], dict[str, Any], Callable[[], Any]]]:
    """Of each: its page, where it goes, what one tab says, what the other says, and what is kept."""
    with scope(brand=brand):
        make_staff(store, "Ana", StaffMember.Role.MANAGER)
        dov = make_staff(store, "Dov", StaffMember.Role.MANAGER)
        pier = Store.objects.create(
            brand=brand, slug="pier", name="Pier", street="1", city="Seattle", country="US",
            time_zone=store.time_zone,
        )  # fmt: skip
        campaign = Campaign.objects.create(
            brand=brand, name="May", slug="may", starts_on="2026-05-01"
        )
    colleague = make_user(brand, "mia@example.com", Membership.Role.MARKETER)
    member = colleague.memberships.get()

    def kept(row: Any, field: str) -> Callable[[], Any]:
        def read() -> Any:
            with scope(brand=brand):
                row.refresh_from_db()
                value = getattr(row, field)
                return sorted(value.values_list("name", flat=True)) if field == "stores" else value

        return read

    def gone() -> list[str]:
        with scope(brand=brand):
            return [row.treat.name for row in SoldOut.objects.select_related("treat")]

    person, menu = f"{STUDIO}staff/{dov.pk}/", f"{STUDIO}menu/{treat.slug}/"
    return {
        "treat": (menu, menu, {"name": "A"}, {"name": "B"}, kept(treat, "name")),
        "brand": (
            f"{STUDIO}brand/", f"{STUDIO}brand/", {"tagline": "A"}, {"tagline": "B"}, kept(brand, "tagline"),
        ),
        "rules": (
            f"{STUDIO}rules/", f"{STUDIO}rules/", {"void_limit": "1"}, {"void_limit": "2"},
            kept(brand, "void_limit"),
        ),
        "store": (
            f"{STUDIO}stores/{store.slug}/", f"{STUDIO}stores/{store.slug}/", {"city": "A"}, {"city": "B"},
            kept(store, "city"),
        ),
        "sold out": (
            f"{STUDIO}stores/{store.slug}/sold-out/", f"{STUDIO}stores/{store.slug}/sold-out/",
            {"treats": [str(treat.pk)]}, {"treats": []}, gone,
        ),
        "stores of a person": (
            person, f"{person}stores/", {"stores": [str(pier.pk)]}, {"stores": [str(store.pk), str(pier.pk)]},
            kept(dov, "stores"),
        ),
        "role of a person": (
            person, f"{person}role/", {"role": "cashier"}, {"role": "manager"}, kept(dov, "role"),
        ),
        "role of a member": (
            f"{STUDIO}team/{colleague.pk}/", f"{STUDIO}team/{colleague.pk}/", {"role": "finance"},
            {"role": "marketer"}, kept(member, "role"),
        ),
        "campaign": (
            f"{STUDIO}campaigns/may/edit/", f"{STUDIO}campaigns/may/edit/", {"headline": "A"},
            {"headline": "B"}, kept(campaign, "headline"),
        ),
    }  # fmt: skip


FORMS = [
    "treat", "brand", "rules", "store", "sold out", "stores of a person", "role of a person",
    "role of a member", "campaign",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_an_older_tab_is_told_and_loses_nothing(
    forms: dict[str, Any], name: str, owner_client: Client
) -> None:
    page, action, first, second, kept = forms[name]
    shown = as_shown(owner_client, page, action)
    assert owner_client.post(action, {**shown, **first}).status_code == 302
    saved = kept()

    late = owner_client.post(action, {**shown, **second})
    assert late.status_code == 409
    html = late.content.decode()
    assert TOLD in html
    assert kept() == saved
    [form] = [one for one in Page(html).forms if {"version", *second} <= names(one)]
    assert "data-unsaved" in form.attrs
    for field, value in second.items():
        typed = [
            one.value
            for one in form.controls
            if one.name == field
            and (one.kind in TYPED or "checked" in one.attrs or one.kind not in CHOSEN)
        ]
        assert sorted(typed) == sorted(value if isinstance(value, list) else [value])

    again = {one.name: one.value for one in form.controls if one.name == "version"}
    assert owner_client.post(action, {**shown, **second, **again}).status_code == 302
    if name not in ("sold out", "role of a person", "role of a member"):  # there it was so before
        assert kept() != saved


@pytest.mark.parametrize("name", FORMS)
def test_a_second_click_is_told_nothing(
    forms: dict[str, Any], name: str, owner_client: Client
) -> None:
    page, action, first, _second, _kept = forms[name]
    shown = as_shown(owner_client, page, action)
    for _click in range(2):
        assert owner_client.post(action, {**shown, **first}).status_code == 302


def test_what_stands_there_by_now_is_told_at_its_fields(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    menu = f"{STUDIO}menu/{treat.slug}/"
    shown = as_shown(owner_client, menu)
    now = {"name": "Tripel", "sizes-0-amount": "9.50", "category": "<b>Bold</b>"}
    owner_client.post(menu, {**shown, **now})
    html = owner_client.post(
        menu, {**shown, "description": "Mine", "sizes-2-name": "Huge", "sizes-2-amount": "20"}
    ).content.decode()
    told = re.sub(r"<[^>]+>", "", html.split('id="saved-since"')[1].split("</ul>")[0])
    assert "Name: Tripel" in told
    assert "Price: 9.50" in told
    assert "Category: &lt;b&gt;Bold&lt;/b&gt;" in told
    assert "In a sentence: Two scoops, folded by hand." in told
    assert "Size: nothing" in told
    assert 'href="#id_sizes-0-amount"' in html
    with scope(brand=brand):
        assert AuditEntry.objects.filter(act="treat.changed").count() == 1


def test_a_form_that_is_wrong_keeps_the_version_that_it_was_shown_with(
    treat: Treat, owner_client: Client
) -> None:
    menu = f"{STUDIO}menu/{treat.slug}/"
    shown = as_shown(owner_client, menu)
    owner_client.post(menu, {**shown, "name": "Theirs"})
    wrong = owner_client.post(menu, {**shown, "name": ""})
    assert wrong.status_code == 422
    [form] = [one for one in Page(wrong.content.decode()).forms if "sizes-0-name" in names(one)]
    assert [one.value for one in form.controls if one.name == "version"] == shown["version"]


def test_a_version_is_of_all_that_is_kept() -> None:
    kept = {"name": "Scoop", "sizes": [{"name": "Large", "amount": 850}]}
    version = version_of(kept)
    assert version == version_of({"sizes": [{"amount": 850, "name": "Large"}], "name": "Scoop"})
    other = {**kept, "sizes": [{"name": "Large", "amount": 851}]}
    assert version != version_of(other)
    check_version(version, kept=kept, wanted=other)
    check_version("", kept=kept, wanted=other)
    check_version(version, kept=other, wanted=other)
    with pytest.raises(SavedSince):
        check_version(version, kept=other, wanted=kept | {"name": "Mine"})
