"""The audit log in the studio: in words, newest first, a page at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.models import Campaign, Link
from giftshop.catalog.models import Treat
from giftshop.studio.audit import log
from giftshop.studio.audit.words import LABELS, NOTHING, TO, notes
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act, record
from redemption.models import AuditEntry, Code, Device, StaffMember

AUDIT = "/studio/frosty-spoon/audit/"
NOON = datetime(2026, 3, 2, 20, tzinfo=UTC)  # Monday 12:00 in Seattle


def enter(brand: Brand, act: Act, **fields: Any) -> AuditEntry:
    wanted = {"actor": SYSTEM, "subject": f"brand:{brand.pk}", "now": NOON}
    with scope(brand=brand), transaction.atomic():
        return record(brand=brand, act=act, **{**wanted, **fields})


def acts(client: Client, **asked: Any) -> list[str]:
    return [line.entry.act for line in client.get(AUDIT, asked).context["page"].lines]


def test_an_entry_says_who_did_what_to_whom_when_and_where(
    owner_client: Client, brand: Brand, device: Device, manager: StaffMember, code: Code
) -> None:
    enter(
        brand,
        Act.CODE_VOIDED,
        actor=Actor.staff(manager),
        subject=f"code:{code.pk}",
        device=device,
        details={"reason": "Bought twice", "amount": 650, "currency": "USD"},
    )
    page = owner_client.get(AUDIT).content.decode()

    assert "<strong>Gift cancelled</strong>: <bdi>Double scoop, Regular" in page
    assert "><bdi>Mo</bdi></a>" in page
    assert "· <bdi>Counter tablet</bdi>, <bdi>Pike Street</bdi>" in page
    assert "<dt>Reason</dt><dd><bdi>Bought twice</bdi></dd>" in page
    assert "<dt>Amount</dt><dd><bdi>$6.50</bdi></dd>" in page
    assert "Monday, March 2, 2026" in page
    assert "noon" in page


def test_a_change_says_what_was_and_what_is(
    owner_client: Client, brand: Brand, store: Store
) -> None:
    week = ["08:00-18:00"] * 5 + ["", ""]
    changes = {"city": ["Seattle", "Tacoma"], "hours": [[], week], "is_active": [True, False]}
    enter(
        brand,
        Act.STORE_CHANGED,
        subject=f"store:{store.pk}",
        details={"name": "Pike", "changes": changes},
    )
    page = owner_client.get(AUDIT).content.decode()

    assert "Seattle → Tacoma" in page
    assert f"{NOTHING} → Mon{TO}Fri 08:00-18:00, Sat{TO}Sun closed" in page
    assert "yes → no" in page
    assert "<strong>Store changed</strong>: <bdi>Pike Street</bdi>" in page


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"changes": {"breakage_after_days": [30, None]}}, "30 days → never"),
        ({"changes": {"void_limit": [5000, 750]}, "currency": "USD"}, "$50.00 → $7.50"),
        ({"changes": {"reversal_window_seconds": [1, 60]}}, "1 second → 60 seconds"),
        ({"changes": {"city": [None, "Portland"]}}, "Portland"),
        ({"changes": {"sold_out": [[], ["Sundae", "Shake"]]}}, f"{NOTHING} → Sundae, Shake"),
        ({"role": ["cashier", "manager"]}, "Cashier → Manager"),
        ({"from": "2026-03-03T08:00:00Z"}, "March 2, 2026"),
        ({"reason": "sold out"}, "We ran out of it"),
        ({"reason": "Dropped it"}, "Dropped it"),
        ({"something_new": 3}, "3"),
    ],
)
def test_details_are_told_in_words(brand: Brand, details: dict[str, Any], said: str) -> None:
    assert [text for _label, text in notes(details, brand.tz)] == [said]


def test_what_is_one_of_a_list_is_called_as_on_its_form(brand: Brand) -> None:
    """Of every column with choices of what is changed in the studio, that the audit log has a name for."""
    listed = [
        (field.name, key, str(label))
        for model in (Brand, Store, Treat, Campaign, Link)
        for field in model._meta.fields
        if field.name in LABELS
        for key, label in field.choices or ()
    ]
    assert {name for name, *_rest in listed} >= {"channel", "texts", "returns_as"}
    for name, key, label in listed:
        assert [said for _name, said in notes({name: key}, brand.tz)] == [label]


def test_newest_first_a_page_at_a_time(
    owner_client: Client, brand: Brand, store: Store, django_assert_max_num_queries: Any
) -> None:
    for number in range(log.PER_PAGE + 3):
        enter(
            brand,
            Act.STORE_CHANGED,
            subject=f"store:{store.pk}",
            now=NOON + timedelta(minutes=number),
        )
    with django_assert_max_num_queries(6):
        first = owner_client.get(AUDIT)
    second = owner_client.get(f"{AUDIT}?{first.context['older']}")

    numbers = [
        [line.entry.number for line in page.context["page"].lines] for page in (first, second)
    ]
    assert numbers == [list(range(53, 3, -1)), [3, 2, 1]]
    assert second.context["older"] is None
    assert "Newest" in second.content.decode()


def test_by_person_and_by_act(owner_client: Client, brand: Brand) -> None:
    mo, ann = (Actor("staff", uuid4(), name) for name in ("Mo", "Ann"))
    enter(brand, Act.STAFF_ADDED, actor=mo)
    enter(brand, Act.DEVICE_REVOKED, actor=mo)
    enter(brand, Act.DEVICE_REVOKED, actor=ann)

    assert acts(owner_client, who="mo") == ["device.revoked", "staff.added"]
    assert acts(owner_client, person=str(ann.id)) == ["device.revoked"]
    assert acts(owner_client, who="Mo", act="staff.added") == ["staff.added"]
    assert "Nothing like that" in owner_client.get(AUDIT, {"who": "Zoe"}).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"before": "-3"}, {"before": "x"}, {"person": "x"}, {"act": "x"}, {"before": "9" * 40}],
)
def test_a_question_nobody_understands_is_left_out(
    owner_client: Client, brand: Brand, asked: dict[str, str]
) -> None:
    enter(brand, Act.STAFF_ADDED)

    assert acts(owner_client, **asked) == ["staff.added"]


def test_words_of_people_are_no_markup(owner_client: Client, brand: Brand) -> None:
    actor = Actor("staff", uuid4(), "<b>Mo")
    enter(brand, Act.CODE_HELD, actor=actor, details={"reason": "<script>alert(1)</script>"})
    page = owner_client.get(AUDIT).content.decode()

    assert "<b>Mo" not in page
    assert "<script>alert" not in page


def test_another_brands_audit_log_never_shows(
    owner_client: Client, brand: Brand, other_brand: Brand
) -> None:
    enter(other_brand, Act.STAFF_ADDED, details={"reason": "Eve's"})

    assert "Nothing happened yet" in owner_client.get(AUDIT).content.decode()
