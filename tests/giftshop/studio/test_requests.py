"""What waits for a second person: in the console and in the studio, where an owner decides."""

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import User
from redemption.audit.actors import Actor
from redemption.codes import void
from redemption.models import AuditEntry, Code, Device, StaffMember, VoidRequest
from tests.redemption.till.views.conftest import sign_in, tablet_of

STUDIO, CONSOLE = "/studio/frosty-spoon/requests/", "/till/manager/requests/"


@pytest.fixture
def console(paired: object, manager: StaffMember) -> Client:
    client = tablet_of(paired)  # type: ignore[arg-type]
    assert sign_in(client, manager).status_code == 302
    return client


@pytest.fixture
def asked(brand: Brand, code: Code, console: Client) -> VoidRequest:
    """Mo, the only manager of Pike Street, asks at the console."""
    Brand.objects.filter(pk=brand.pk).update(void_limit=600)
    answer = console.post(
        f"/till/manager/gifts/{code.pk}/voiding/", {"reason": "paid twice"}, follow=True
    )
    assert b"The owner can, in the studio." in answer.content
    with scope(brand=brand):
        return VoidRequest.objects.get()


def decide(client: Client, asked: VoidRequest, decision: str, note: str = "") -> int:
    page = f"{STUDIO}{asked.pk}/decision/"
    return client.post(page, {"decision": decision, "note": note}).status_code


def test_both_list_who_asked_when_and_why(
    console: Client, owner_client: Client, asked: VoidRequest, device: Device
) -> None:
    assert asked.store == device.store
    for client, page in ((console, CONSOLE), (owner_client, STUDIO)):
        text = client.get(page).content.decode()
        for words in ("Mo", "paid twice", "Double scoop", "$6.50", asked.code.last4):
            assert words in text, (page, words)
    for client, page in (
        (console, "/till/manager/"),
        (owner_client, "/studio/frosty-spoon/staff/"),
    ):
        assert '<strong class="nav-count nums">1</strong>' in client.get(page).content.decode()


def test_nothing_waits_and_no_count_is_shown(console: Client, owner_client: Client) -> None:
    for client, page in ((console, CONSOLE), (owner_client, STUDIO)):
        text = client.get(page).content.decode()
        assert "Nothing waits" in text
        assert "nav-count" not in text


def test_another_stores_console_does_not_list_it(
    asked: VoidRequest, owner_client: Client, console: Client, store_b: object
) -> None:
    with scope(brand=asked.brand):
        VoidRequest.objects.update(store=store_b)
    assert b"Nothing waits" in console.get(CONSOLE).content
    assert b"Ballard" in owner_client.get(STUDIO).content


@pytest.mark.parametrize(
    ("decision", "act", "state"),
    [("approved", "code.voided", "voided"), ("declined", "void.declined", "active")],
)
def test_an_owner_decides_with_a_note(
    owner_client: Client,
    owner: User,
    console: Client,
    asked: VoidRequest,
    decision: str,
    act: str,
    state: str,
) -> None:
    assert decide(owner_client, asked, decision, "seen the receipt") == 302
    asked.refresh_from_db()
    asked.code.refresh_from_db()
    assert (asked.decision, asked.decided_by) == (decision, owner.pk)
    assert (asked.decision_note, asked.code.state) == ("seen the receipt", state)
    with scope(brand=asked.brand):
        entry = AuditEntry.objects.get(act=act)
    assert (entry.actor_kind, entry.actor_id) == ("user", owner.pk)
    assert entry.details["note"] == "seen the receipt"
    audit_log = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    for words in ("seen the receipt", "Asked for by", "Note", "paid twice"):
        assert words in audit_log, words
    assert decide(owner_client, asked, "declined") == 409, "it was decided already"
    assert b"Nothing waits" in console.get(CONSOLE).content


def test_a_decision_needs_a_yes_or_no(owner_client: Client, asked: VoidRequest) -> None:
    for sent in ("", "perhaps"):
        assert decide(owner_client, asked, sent) == 422
    assert decide(owner_client, asked, "approved", "x" * 201) == 422
    asked.refresh_from_db()
    assert not asked.decision


def test_an_owner_who_asked_is_no_second_person(
    owner_client: Client, owner: User, brand: Brand, code: Code
) -> None:
    with scope(brand=brand):
        own = void.ask(code_id=code.pk, actor=Actor("user", owner.pk, "Olive"), reason="x")
    answer = owner_client.post(f"{STUDIO}{own.pk}/decision/", {"decision": "approved"})
    assert answer.status_code == 409
    assert b"somebody else has to decide" in answer.content


def test_what_the_recipient_spent_in_the_meantime_can_only_be_let_be(
    owner_client: Client, asked: VoidRequest
) -> None:
    Code._base_manager.filter(pk=asked.code_id).update(balance=0, state="redeemed")
    assert decide(owner_client, asked, "approved") == 409
    assert decide(owner_client, asked, "declined") == 302


def test_the_console_names_only_those_who_may_decide(
    console: Client, asked: VoidRequest, manager: StaffMember
) -> None:
    """Whom the asker gave a PIN is not offered: they would be refused."""
    with scope(brand=asked.brand):
        ada = StaffMember.objects.create(
            brand=asked.brand, name="Ada", role="manager", pin_hash="!", pin_known_to=[manager.pk]
        )
        ada.stores.set(manager.stores.all())
    page = f"/till/manager/gifts/{asked.code_id}/"
    text = console.post(page, follow=True).content.decode()
    assert f'value="{ada.pk}"' not in text
    with scope(brand=asked.brand):
        StaffMember.objects.filter(pk=ada.pk).update(pin_known_to=[])
    assert f'value="{ada.pk}"' in console.post(page, follow=True).content.decode()
