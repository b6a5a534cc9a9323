"""A PIN that somebody else gave lets its owner choose their own, and nothing else."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django_scopes import scope

from brands.models import Store
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import void
from redemption.models import AuditEntry, Code, StaffMember
from redemption.till import device_profiles, staff
from tests.cast import PIN, make_staff
from tests.redemption.till.views.conftest import sign_in

OWN_PIN = "/till/own-pin/"
GIVEN, CHOSEN = "7391", "8142"
FOR_WHOEVER_HOLDS_IT = {
    *("till_staff", "till_unlocking", "till_unblocking", "till_sessions", "till_end_session"),
    *("till_own_pin", "till_keep_session"),
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(store: Store, manager: StaffMember) -> StaffMember:
    """A manager whom Mo added a minute ago."""
    with scope(brand=store.brand):
        return staff.add(
            brand=store.brand,
            stores=[store],
            name="Ada",
            role=StaffMember.Role.MANAGER,
            pin=GIVEN,
            actor=Actor.staff(manager),
        )


def choose(client: Client, pin: str, again: str = "") -> int:
    answer = client.post(OWN_PIN, {"pin": pin, "pin_again": again or pin})
    return answer.status_code


def test_no_page_of_a_tablet_opens_with_it(tablet: Client, ada: StaffMember) -> None:
    """Every page of the till and the console but those for whoever holds the tablet."""
    assert sign_in(tablet, ada, GIVEN).status_code == 302
    routes = (device_profiles.TILL_PAGES | device_profiles.MANAGER_PAGES) - FOR_WHOEVER_HOLDS_IT
    asked = 0
    for route in sorted(routes):
        names = get_resolver().reverse_dict.getlist(route)[0][0][0][1]
        url = reverse(route, args=[ada.pk for _name in names])
        plain = tablet.get(url)
        plain = tablet.post(url) if plain.status_code == 405 else plain
        assert (plain.status_code, plain.headers.get("Location")) == (302, OWN_PIN), route
        script = tablet.get(url, headers=HTMX)
        script = tablet.post(url, headers=HTMX) if script.status_code == 405 else script
        assert (script.status_code, script.headers["X-Till"]) == (403, "disconnected"), route
        asked += 1
    assert asked > 25


def test_with_a_pin_of_their_own_they_go_on(tablet: Client, ada: StaffMember) -> None:
    sign_in(tablet, ada, GIVEN)
    assert b"A PIN of your own" in tablet.get("/till/", follow=True).content
    assert choose(tablet, CHOSEN) == 302
    assert tablet.get("/till/manager/").status_code == 200
    assert sign_in(tablet, ada, GIVEN).status_code == 422
    assert sign_in(tablet, ada, CHOSEN).status_code == 302
    with scope(brand=ada.brand):
        entry = AuditEntry.objects.get(act="staff.pin_chosen")
    assert (entry.actor_id, entry.subject) == (ada.pk, f"staff:{ada.pk}")
    assert CHOSEN not in str(entry.details)


@pytest.mark.parametrize(
    ("pin", "again", "status"),
    [(GIVEN, GIVEN, 409), ("1234", "1234", 422), (CHOSEN, "8143", 422), ("81", "81", 422)],
)
def test_but_not_with_any(
    tablet: Client, ada: StaffMember, pin: str, again: str, status: int
) -> None:
    sign_in(tablet, ada, GIVEN)
    assert choose(tablet, pin, again) == status
    assert tablet.get("/till/").headers["Location"] == OWN_PIN


def test_a_tablet_that_asks_in_the_middle_of_its_work_is_led_on(
    tablet: Client, ada: StaffMember
) -> None:
    answer = sign_in(tablet, ada, GIVEN, headers=HTMX)
    assert (answer.status_code, answer.headers["X-Till"]) == (201, "disconnected")


def test_it_signs_for_nothing(
    tablet: Client, ada: StaffMember, manager: StaffMember, cashier: StaffMember, code: Code
) -> None:
    """Neither as the second manager on the tablet of the first, nor to unlock somebody."""
    with scope(brand=ada.brand):
        asker = make_staff(ada.stores.get(), "Ines", StaffMember.Role.MANAGER)
        asked = void.ask(code_id=code.pk, actor=Actor.staff(asker), reason="twice")
    sign_in(tablet, asker)
    sent = {"request": str(asked.pk), "decision": "approve", "staff": str(ada.pk), "pin": GIVEN}
    page = f"/till/manager/gifts/{code.pk}/decision/"
    answer = tablet.post(page, sent)
    assert answer.status_code == 409
    assert b"choose a PIN of your own first" in answer.content
    for address in (f"/till/staff/{cashier.pk}/unlocking/", "/till/unblocking/"):
        answer = tablet.post(address, {"staff": str(ada.pk), "pin": GIVEN})
        assert b"choose a PIN of your own first" in answer.content
    sign_in(tablet, ada, GIVEN)
    choose(tablet, CHOSEN)
    sign_in(tablet, asker)
    assert tablet.post(page, {**sent, "pin": CHOSEN}).status_code == 302


def test_the_old_sessions_choose_nothing(
    tablet: Client, ada: StaffMember, manager: StaffMember
) -> None:
    """Whoever holds a session made with the PIN before cannot set one after it was changed again."""
    with scope(brand=ada.brand):
        stale = StaffMember.objects.get(pk=ada.pk)
        staff.reset_pin(member=ada, pin="6027", actor=SYSTEM)
        device = ada.brand.devices.get()
        with pytest.raises(staff.StaffRefused, match="pin_changed"):
            staff.choose_pin(member=stale, pin=CHOSEN, device=device)
        ada.refresh_from_db()
    assert ada.has_pin("6027")


def test_an_owners_word_makes_two_people_of_them(
    tablet: Client, owner_client: Client, ada: StaffMember, manager: StaffMember, code: Code
) -> None:
    """The way out, as it is gone: the owner hands a PIN over, Ada chooses her own, and may decide."""
    person = f"/studio/frosty-spoon/staff/{ada.pk}/"
    sent = {"pin": "6027", "pin_again": "6027"}

    def decided() -> int:
        """Ada's decision on Mo's tablet."""
        sign_in(tablet, ada, "6027")
        choose(tablet, CHOSEN)
        sign_in(tablet, manager, PIN)
        with scope(brand=ada.brand):
            asked = void.VoidRequest.objects.get(decision="")
        answer = tablet.post(
            f"/till/manager/gifts/{code.pk}/decision/",
            {"request": asked.pk, "decision": "approve", "staff": ada.pk, "pin": CHOSEN},
        )
        return answer.status_code

    with scope(brand=ada.brand):
        void.ask(code_id=code.pk, actor=Actor.staff(manager), reason="200.00 in cash")
    page = owner_client.get(person).content.decode()
    assert "Ada is no second person beside them yet" in page
    assert "Mo: gave them a PIN" in page
    assert "Not vouched for" in owner_client.get("/studio/frosty-spoon/staff/").content.decode()
    assert owner_client.post(f"{person}pin/", sent).status_code == 302
    assert decided() == 409, "a new PIN alone says nothing of who they are"
    assert owner_client.post(f"{person}pin/", {**sent, "vouched": "on"}).status_code == 302
    assert "no second person" not in owner_client.get(person).content.decode()
    assert decided() == 302
    code.refresh_from_db()
    assert code.state == Code.State.VOIDED
