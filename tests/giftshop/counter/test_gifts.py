"""A manager looks up gifts at Pike Street: Amy sent Ben and Cleo a double scoop each."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift, Order
from giftshop.outbox import relay
from redemption import code_format
from redemption.models import AuditEntry, Code, Redemption, StaffMember, WrongTries
from redemption.redeem import redeem
from redemption.redeem.reversal_reasons import QuickReason
from redemption.redeem.reverse import reverse
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.cast import PIN, make_staff, symbols
from tests.redemption import money_back
from tests.redemption.till.views.conftest import sign_in, tablet_of

GIFTS = "/till/manager/gifts/"
ACTS = ("repeat/", "correction/", "hold/", "release/", "extension/", "voiding/", "decision/")
SWITCH = 'class="languages"'


@pytest.fixture
def console(paired: PairedDevice, manager: StaffMember) -> Client:
    client = tablet_of(paired)
    assert sign_in(client, manager).status_code == 302
    return client


def opened(client: Client, code: Code) -> str:
    """The page of a gift, as its look-up leads there."""
    answer = client.post(f"{GIFTS}{code.pk}/", follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def audit_acts(brand: Brand) -> list[tuple[str, str, str]]:
    with scope(brand=brand):
        entries = AuditEntry.objects.exclude(act="staff.signed_in").order_by("number")
        return [(entry.act, entry.subject, entry.actor_name) for entry in entries]


@pytest.mark.parametrize("how", ["plain", "grouped", "lower"])
def test_a_code_leads_to_its_gift_and_is_not_shown(
    console: Client, code: Code, brand: Brand, how: str
) -> None:
    plain = symbols(code)
    text = {
        "plain": plain,
        "grouped": code_format.grouped(plain),
        "lower": plain.lower().replace("0", "o"),
    }[how]
    answer = console.post(GIFTS, {"text": text}, follow=True)
    page = answer.content.decode()

    assert "Double scoop" in page
    assert "for <bdi>Ben</bdi>" in page
    assert "from <bdi>Amy</bdi>" in page
    assert f"…{plain[-4:]}" in page
    assert plain not in page
    assert plain[:4] not in page
    assert plain not in str(answer.redirect_chain)
    assert audit_acts(brand) == [("code.looked_up", f"code:{code.pk}", "Mo")]


@pytest.mark.parametrize(
    "words", ["Ben", "ben", "amy", "AMY@senders.example", "ben@friends.example"]
)
def test_a_name_or_an_address_finds_gifts(
    console: Client, gift: Gift, brand: Brand, words: str
) -> None:
    page = console.post(GIFTS, {"text": words}).content.decode()

    assert "for <bdi>Ben</bdi>, from <bdi>Amy</bdi>" in page
    assert gift.code
    assert symbols(gift.code)[:4] not in page
    assert "@" not in page.replace(words, "")
    [(act, subject, who)] = audit_acts(brand)
    assert (act, subject.partition(":")[0], who) == ("code.looked_up", "store", "Mo")


def test_a_part_of_an_address_finds_nobody(console: Client, gift: Gift) -> None:
    assert b"No such gift" in console.post(GIFTS, {"text": "@senders.example"}).content


def test_an_orders_number_finds_its_gifts(console: Client, paid_order: Order) -> None:
    number = paid_order.number
    page = console.post(GIFTS, {"text": number.lower()}).content.decode()

    assert "for <bdi>Ben</bdi>, from <bdi>Amy</bdi>" in page
    assert "for <bdi>Cleo</bdi>, from <bdi>Amy</bdi>" in page
    assert b"No such gift" in console.post(GIFTS, {"text": "0000-0000"}).content


def test_the_audit_log_holds_no_name_and_no_address(
    console: Client, gift: Gift, brand: Brand
) -> None:
    console.post(GIFTS, {"text": "amy@senders.example"})
    with scope(brand=brand):
        told = str(list(AuditEntry.objects.filter(act="code.looked_up").values()))
    assert "amy" not in told.lower()


def test_a_page_is_shown_to_whoever_looked_it_up_only(
    console: Client, code: Code, store: Store
) -> None:
    assert console.get(f"{GIFTS}{code.pk}/")["Location"] == GIFTS
    seen = console.post(f"{GIFTS}{code.pk}/")["Location"]
    assert console.get(seen).status_code == 200

    ada = make_staff(store, "Ada", StaffMember.Role.MANAGER)
    sign_in(console, ada)
    assert console.get(seen)["Location"] == GIFTS


def test_an_unknown_code_counts_as_a_wrong_try(console: Client, code: Code) -> None:
    for _ in range(10):
        wrong = code_format.generate()
        assert console.post(GIFTS, {"text": wrong}).status_code == 404
    with scopes_disabled():
        assert WrongTries.objects.get(key__startswith="device:").count == 10
    assert console.post(GIFTS, {"text": code_format.generate()}).status_code == 429
    answer = console.post(GIFTS, {"text": symbols(code)})

    assert answer.status_code == 302, "a gift that there is is found all the same"


def test_another_brands_gift_is_none(
    console: Client, other_store: Store, code: Code, paired: PairedDevice
) -> None:
    eves = tablet_of(devices.pair_directly(store=other_store, name="Eve's"))
    sign_in(eves, make_staff(other_store, "Eve", StaffMember.Role.MANAGER))

    assert b"No such gift" in eves.post(GIFTS, {"text": symbols(code)}).content
    assert b"No such gift" in eves.post(GIFTS, {"text": "Ben"}).content
    assert eves.post(f"{GIFTS}{code.pk}/").status_code == 404
    for act in ACTS:
        assert eves.post(f"{GIFTS}{code.pk}/{act}", {"reason": "mine"}).status_code == 404
    code.refresh_from_db()
    assert code.state == Code.State.ACTIVE


def test_on_hold_and_off_again(console: Client, code: Code, brand: Brand) -> None:
    for act, state in [("hold/", "on_hold"), ("release/", "active")]:
        answer = console.post(f"{GIFTS}{code.pk}/{act}", {"reason": "lost her phone"}, follow=True)
        assert answer.status_code == 200
        code.refresh_from_db()
        assert code.state == state
    assert b"lost her phone" in answer.content
    assert [act for act, *_ in audit_acts(brand)] == ["code.held", "code.released"]


def test_a_managers_hold_is_released_while_a_dispute_holds_on(
    console: Client, code: Code, brand: Brand
) -> None:
    console.post(f"{GIFTS}{code.pk}/hold/", {"reason": "lost her phone"})
    with scope(brand=brand):
        money_back.open_dispute(brand=brand, dispute="dispute:1", amount=650, code_ids=[code.pk])
    assert "/release/" in opened(console, code)

    answer = console.post(f"{GIFTS}{code.pk}/release/", {"reason": "found it"}, follow=True)

    assert b"It stays on hold for a dispute" in answer.content
    assert b"/release/" not in answer.content, "a manager has nothing more to let go of"
    code.refresh_from_db()
    assert code.state == Code.State.ON_HOLD


def test_a_reason_is_needed(console: Client, code: Code) -> None:
    for act in ("hold/", "voiding/"):
        answer = console.post(f"{GIFTS}{code.pk}/{act}", {"reason": " "})
        assert answer.status_code == 422
        assert b"Say why" in answer.content
    code.refresh_from_db()
    assert code.state == Code.State.ACTIVE


def test_a_later_last_day_ends_at_the_brands_midnight(
    console: Client, code: Code, brand: Brand
) -> None:
    day = (code.expires_at + timedelta(days=30)).date()
    console.post(f"{GIFTS}{code.pk}/extension/", {"reason": "was ill", "day": day.isoformat()})

    code.refresh_from_db()
    until = code.expires_at.astimezone(brand.tz)
    assert (until.date(), until.hour) == (day + timedelta(days=1), 0)


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31", "soon"])
def test_a_day_that_makes_no_sense_is_refused(console: Client, code: Code, day: str) -> None:
    before = code.expires_at
    answer = console.post(f"{GIFTS}{code.pk}/extension/", {"reason": "was ill", "day": day})

    assert answer.status_code in {409, 422}
    code.refresh_from_db()
    assert code.expires_at == before


def test_up_to_the_limit_one_manager_voids(console: Client, code: Code) -> None:
    console.post(f"{GIFTS}{code.pk}/voiding/", {"reason": "bought twice"})

    code.refresh_from_db()
    assert (code.state, code.balance) == ("voided", 0)
    assert "Cancelled" in opened(console, code)


class TestAboveTheLimit:
    @pytest.fixture(autouse=True)
    def low_limit(self, brand: Brand) -> None:
        Brand.objects.filter(pk=brand.pk).update(void_limit=600)

    @pytest.fixture
    def ada(self, store: Store) -> StaffMember:
        return make_staff(store, "Ada", StaffMember.Role.MANAGER)

    def ask(self, console: Client, code: Code) -> str:
        page = console.post(f"{GIFTS}{code.pk}/voiding/", {"reason": "bought twice"}, follow=True)
        text = str(page.content.decode())
        assert "A second manager decides" in text
        code.refresh_from_db()
        assert code.state == Code.State.ACTIVE
        with scopes_disabled():
            return str(code.void_requests.get().pk)

    def test_a_second_manager_approves_with_their_own_pin(
        self, console: Client, code: Code, ada: StaffMember, brand: Brand
    ) -> None:
        sent = {"request": self.ask(console, code), "decision": "approve", "staff": str(ada.pk)}
        wrong = console.post(f"{GIFTS}{code.pk}/decision/", {**sent, "pin": "9999"})
        assert wrong.status_code == 422
        assert b"4 more tries" in wrong.content
        console.post(f"{GIFTS}{code.pk}/decision/", {**sent, "pin": PIN})

        code.refresh_from_db()
        assert code.state == "voided"
        assert audit_acts(brand)[-1] == ("code.voided", f"code:{code.pk}", "Ada")

    def test_whoever_asked_can_not_approve(
        self, console: Client, code: Code, ada: StaffMember, manager: StaffMember
    ) -> None:
        sent = {"request": self.ask(console, code), "decision": "approve", "pin": PIN}
        answer = console.post(f"{GIFTS}{code.pk}/decision/", {**sent, "staff": str(manager.pk)})

        assert answer.status_code == 409
        code.refresh_from_db()
        assert code.state == Code.State.ACTIVE

    def test_a_cashier_can_not_approve(
        self, console: Client, code: Code, cashier: StaffMember
    ) -> None:
        sent = {"request": self.ask(console, code), "decision": "approve", "pin": PIN}
        answer = console.post(f"{GIFTS}{code.pk}/decision/", {**sent, "staff": str(cashier.pk)})

        assert answer.status_code == 409
        code.refresh_from_db()
        assert code.state == Code.State.ACTIVE

    def test_declined_it_stays_good(self, console: Client, code: Code, ada: StaffMember) -> None:
        sent = {"request": self.ask(console, code), "decision": "decline", "pin": PIN}
        console.post(f"{GIFTS}{code.pk}/decision/", {**sent, "staff": str(ada.pk)})

        code.refresh_from_db()
        assert code.state == Code.State.ACTIVE
        assert "A second manager decides" not in opened(console, code)


def test_a_cashier_looks_up_nothing_and_does_nothing(
    paired: PairedDevice, cashier: StaffMember, code: Code
) -> None:
    danas = tablet_of(paired)
    sign_in(danas, cashier)
    assert danas.post(GIFTS, {"text": "Ben"}).status_code == 403
    assert danas.post(f"{GIFTS}{code.pk}/").status_code == 403
    for act in ACTS:
        assert danas.post(f"{GIFTS}{code.pk}/{act}", {"reason": "mine"}).status_code == 403
    assert danas.post("/till/manager/goodwill/", {"amount": "5", "reason": "x"}).status_code == 403
    code.refresh_from_db()
    assert code.state == Code.State.ACTIVE


def test_a_get_changes_nothing_and_forms_need_their_token(console: Client, code: Code) -> None:
    careless = Client(enforce_csrf_checks=True)
    careless.cookies = console.cookies
    assert careless.post(GIFTS, {"text": "Ben"}).status_code == 403
    for act in ACTS:
        assert console.get(f"{GIFTS}{code.pk}/{act}").status_code == 405
        assert careless.post(f"{GIFTS}{code.pk}/{act}", {"reason": "x"}).status_code == 403
    code.refresh_from_db()
    assert code.state == Code.State.ACTIVE


class TestByHand:
    def test_a_recipient_takes_the_code_along(self, console: Client, brand: Brand) -> None:
        answer = console.post(
            "/till/manager/goodwill/",
            {"amount": "5.50", "recipient_name": "Ben", "reason": "melted on the way"},
        )

        assert answer.status_code == 201
        with scope(brand=brand):
            code = Code.objects.get()
        assert (code.amount, code.recipient_name) == (550, "Ben")
        assert code.expires_at > timezone.now()
        page = answer.content.decode()
        assert "".join(group for group in answer.context["groups"]) == symbols(code)
        assert "<svg" in page
        assert SWITCH not in page  # in another language the page would not show the code again
        assert SWITCH in console.get("/till/manager/goodwill/").content.decode()
        assert audit_acts(brand)[-1][0] == "code.issued"

    @pytest.mark.parametrize("amount", ["0", "-5", "5.555", "a lot", "999999", ""])
    def test_what_can_not_be_given_is_refused(
        self, console: Client, brand: Brand, amount: str
    ) -> None:
        answer = console.post("/till/manager/goodwill/", {"amount": amount, "reason": "melted"})

        assert answer.status_code in {409, 422}
        with scope(brand=brand):
            assert not Code.objects.exists()


def test_why_it_was_undone_is_said_in_the_readers_language(
    console: Client, code: Code, brand: Brand, paired: PairedDevice, manager: StaffMember
) -> None:
    device = paired.device
    with scope(brand=brand):
        done = redeem.redeem(
            device=device, text=symbols(code), key="k", picks={"flavour": "mint"}, staff=manager
        )
        assert done.redeemed, done
        reverse(
            device=device,
            redemption_id=Redemption.objects.get().pk,
            reason=QuickReason.MISTAKE.value,
            staff=manager,
        )
    console.cookies["language"] = "de"
    page = opened(console, code)
    assert "Versehentlich gescannt" in page
    assert "scanned by mistake" not in page


def test_a_manager_sends_a_gift_again(console: Client, code: Code, brand: Brand) -> None:
    assert "Send again" not in opened(console, code)
    relay.drain()
    mail.outbox.clear()
    assert "Send again" in opened(console, code)
    answer = console.post(f"{GIFTS}{code.pk}/repeat/", {"reason": "asked here"}, follow=True)
    assert "goes out again" in answer.content.decode()
    assert console.post(f"{GIFTS}{code.pk}/repeat/", {"reason": "twice"}).status_code == 409
    relay.drain()
    assert [message.to for message in mail.outbox] == [["ben@friends.example"]]
    assert audit_acts(brand)[-1] == ("email.repeated", f"code:{code.pk}", "Mo")


def test_a_manager_corrects_an_address(
    console: Client, code: Code, gift: Gift, brand: Brand
) -> None:
    relay.drain()
    mail.outbox.clear()
    opened(console, code)
    page, old = f"{GIFTS}{code.pk}/correction/", symbols(code)
    wrong = console.post(page, {"email": "bea at home", "reason": ""})
    assert wrong.status_code == 422
    assert "bea at home" in wrong.content.decode()
    right = {"email": "bea@friends.example", "reason": "misspelt"}
    assert "goes to the new address" in console.post(page, right, follow=True).content.decode()
    relay.drain()
    assert [message.to for message in mail.outbox] == [["bea@friends.example"]]
    assert audit_acts(brand)[-1] == ("code.rotated", f"code:{code.pk}", "Mo")
    with scope(brand=brand):
        assert symbols(Code.objects.get(pk=code.pk)) != old
        open_gift(gift_id=gift.pk)
    late = console.post(page, {"email": "cy@friends.example", "reason": "again"})
    assert late.status_code == 409
    assert "It was opened already" in late.content.decode()
    assert "Correct the address" not in opened(console, code)
