import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from redemption.models import AuditEntry, StaffMember
from tests.cast import PIN, make_staff
from tests.redemption.till.views.conftest import sign_in

STAFF = "/till/manager/staff/"
ACTS = ("pin/", "role/", "unlocking/", "deactivation/", "reactivation/")
GOOD_PIN = {"pin": "7304", "pin_again": "7304"}


def somebody(**fields: str) -> dict[str, str]:
    return {"name": "Priya", "role": "cashier", **GOOD_PIN, **fields}


def test_the_people_of_this_store_are_listed(
    console: Client, cashier: StaffMember, store_b: Store
) -> None:
    make_staff(store_b, "Theo")
    text = console.get(STAFF).content.decode()

    assert "Dana" in text
    assert "Theo" not in text


def test_somebody_new_can_sign_in(console: Client, tablet: Client) -> None:
    answer = console.post(f"{STAFF}new/", somebody(), follow=True)

    assert b"Priya can sign in now" in answer.content
    with scopes_disabled():
        priya = StaffMember.objects.get(name="Priya")
    assert sign_in(tablet, priya, "7304").status_code == 302


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (somebody(pin="1234", pin_again="1234"), "easy to guess"),
        (somebody(pin="0000", pin_again="0000"), "easy to guess"),
        (somebody(pin_again="7305"), "not the same"),
        (somebody(pin="73 4", pin_again="73 4"), "4 to 8 digits"),
        (somebody(pin="7304\n", pin_again="7304\n"), "4 to 8 digits"),
        (somebody(name=""), "required"),
        (somebody(role="owner"), "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    console: Client, sent: dict[str, str], words: str
) -> None:
    answer = console.post(f"{STAFF}new/", sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert b"7304" not in answer.content, "a PIN is never shown again"
    with scopes_disabled():
        assert StaffMember.objects.count() == 1


def test_a_new_pin_works_and_the_old_one_does_not(
    console: Client, tablet: Client, cashier: StaffMember
) -> None:
    console.post(f"{STAFF}{cashier.pk}/pin/", GOOD_PIN)

    assert sign_in(Client(cookies=tablet.cookies), cashier).status_code != 302
    assert sign_in(tablet, cashier, "7304").status_code == 302


def test_whoever_gives_themselves_a_new_pin_stays_signed_in(
    console: Client, manager: StaffMember
) -> None:
    console.post(f"{STAFF}{manager.pk}/pin/", GOOD_PIN)

    assert console.get(STAFF).status_code == 200


def test_a_role_a_pause_leaving_and_coming_back(
    console: Client, tablet: Client, cashier: StaffMember, brand: Brand
) -> None:
    page = f"{STAFF}{cashier.pk}/"
    for _ in range(5):
        sign_in(tablet, cashier, "0000")
    assert b"The PIN is paused" in console.get(page).content
    assert b"PIN paused" in console.get(STAFF).content

    for act, sent, field, value in [
        ("unlocking/", {}, "is_active", True),
        ("role/", {"role": "manager"}, "role", "manager"),
        ("deactivation/", {}, "is_active", False),
        ("reactivation/", {}, "is_active", True),
    ]:
        answer = console.post(page + act, sent)
        assert (answer.status_code, answer["Location"]) == (302, page), act
        cashier.refresh_from_db()
        assert getattr(cashier, field) == value, act
        assert b"The PIN is paused" not in console.get(page).content
    with scope(brand=brand):
        acts = list(AuditEntry.objects.order_by("number").values_list("act", "actor_name"))
    assert acts[-4:] == [
        ("staff.unlocked", "Mo"),
        ("staff.changed", "Mo"),
        ("staff.deactivated", "Mo"),
        ("staff.changed", "Mo"),
    ]


def test_why_it_was_refused_is_said(console: Client, manager: StaffMember, store: Store) -> None:
    ada = make_staff(store, "Ada", StaffMember.Role.MANAGER)
    for act, sent in [("deactivation/", {}), ("role/", {"role": "cashier"})]:
        answer = console.post(f"{STAFF}{manager.pk}/{act}", sent)
        assert answer.status_code == 409
        assert b"do this to yourself" in answer.content
    ada.stores.clear()
    with scopes_disabled():
        assert StaffMember.objects.get(pk=manager.pk).role == "manager"


def test_somebody_of_another_store_or_brand_is_nobody_here(
    console: Client, store_b: Store, other_store: Store
) -> None:
    for stranger in (make_staff(store_b, "Theo"), make_staff(other_store, "Eve")):
        assert console.get(f"{STAFF}{stranger.pk}/").status_code == 404
        for act in ACTS:
            sent = {**GOOD_PIN, "role": "manager"}
            assert console.post(f"{STAFF}{stranger.pk}/{act}", sent).status_code == 404
        with scopes_disabled():
            unchanged = StaffMember.objects.get(pk=stranger.pk)
        assert (unchanged.role, unchanged.is_active) == ("cashier", True)
        assert unchanged.has_pin(PIN)


def test_a_cashier_changes_nobody(danas: Client, cashier: StaffMember) -> None:
    assert danas.post(f"{STAFF}new/", somebody()).status_code == 403
    for act in ACTS:
        sent = {**GOOD_PIN, "role": "manager"}
        assert danas.post(f"{STAFF}{cashier.pk}/{act}", sent).status_code == 403
    with scopes_disabled():
        assert StaffMember.objects.get(pk=cashier.pk).role == "cashier"
        assert StaffMember.objects.count() == 1


def test_a_get_changes_nothing(console: Client, cashier: StaffMember) -> None:
    for act in ACTS:
        assert console.get(f"{STAFF}{cashier.pk}/{act}").status_code == 405


def test_forms_need_the_token_that_their_page_gave(console: Client, cashier: StaffMember) -> None:
    careless = Client(enforce_csrf_checks=True)
    careless.cookies = console.cookies
    for act in ACTS:
        sent = {**GOOD_PIN, "role": "manager"}
        assert careless.post(f"{STAFF}{cashier.pk}/{act}", sent).status_code == 403
    cashier.refresh_from_db()
    assert (cashier.role, cashier.is_active) == ("cashier", True)
