from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from core.ids import uuid7
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import hold, void
from redemption.codes.acts import ActRefused
from redemption.models import Account, AuditEntry, Code, Device, Hold, StaffMember, VoidRequest
from redemption.redeem import redeem
from tests.cast import make_staff, symbols
from tests.redemption.books import issued, total

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def mo(manager: StaffMember) -> Actor:
    return Actor.staff(manager)


@pytest.fixture
def nia(store: Store) -> Actor:
    return Actor.staff(make_staff(store, "Nia", StaffMember.Role.MANAGER))


@pytest.fixture
def dear(in_brand: Brand) -> Code:
    """A gift of 80.00, above the limit of 50.00."""
    return issued(in_brand, 8000)


def test_a_voided_gift_is_owed_to_nobody_and_cannot_be_shown_again(code: Code, mo: Actor) -> None:
    before = total(Account.GIFT_LIABILITY)
    void.void(code_id=code.pk, actor=mo, reason="ordered twice")
    code.refresh_from_db()
    assert (code.state, code.balance, code.reveal()) == (Code.State.VOIDED, 0, None)
    assert total(Account.GIFT_LIABILITY) == before + 650
    assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == -650  # to be given back, or decided about


def test_the_till_hears_that_it_was_voided(code: Code, mo: Actor, device: Device) -> None:
    shown = symbols(code)
    void.void(code_id=code.pk, actor=mo, reason="ordered twice")
    assert redeem.redeem(device=device, text=shown, key="a").body["reason"] == "voided"


def test_what_was_spent_stays_spent(in_brand: Brand, mo: Actor, device: Device) -> None:
    voucher = issued(in_brand, 1000)
    assert redeem.redeem(device=device, text=symbols(voucher), key="a", amount=300).redeemed
    void.void(code_id=voucher.pk, actor=mo, reason="lost")
    assert (total(Account.SALES), total(Account.CUSTOMER_REFUNDS_PAYABLE)) == (-300, -700)
    call_command("verify_ledger")


def test_the_expense_of_a_giveaway_is_taken_back(in_brand: Brand, mo: Actor) -> None:
    voucher = issued(in_brand, 500, Code.Origin.PROMOTIONAL)
    void.void(code_id=voucher.pk, actor=mo, reason="printed wrong")
    assert total(Account.PROMO_EXPENSE) == 0
    assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0


def test_the_audit_log_tells_who_why_and_how_much(code: Code, mo: Actor, device: Device) -> None:
    void.void(code_id=code.pk, actor=mo, reason="ordered twice", device=device)
    entry = AuditEntry.objects.get(act=Act.CODE_VOIDED)
    assert (entry.subject, entry.actor_name, entry.device) == (f"code:{code.pk}", "Mo", device)
    assert entry.details == {"reason": "ordered twice", "amount": 650, "currency": "USD"}


def test_above_the_limit_one_person_is_not_enough(dear: Code, mo: Actor, nia: Actor) -> None:
    with pytest.raises(ActRefused, match="two_people"):
        void.void(code_id=dear.pk, actor=mo, reason="fraud")
    request = void.ask(code_id=dear.pk, actor=mo, reason="fraud")
    dear.refresh_from_db()
    assert dear.balance == 8000
    void.approve(request_id=request.pk, actor=nia)
    dear.refresh_from_db()
    assert (dear.state, dear.balance) == (Code.State.VOIDED, 0)
    request.refresh_from_db()
    assert (request.decision, request.decided_by_name) == ("approved", "Nia")
    entry = AuditEntry.objects.get(act=Act.CODE_VOIDED)
    assert entry.actor_name == "Nia"
    assert entry.details["asked_by_name"] == "Mo"
    call_command("verify_ledger")


def test_nobody_approves_what_they_asked_for(dear: Code, mo: Actor) -> None:
    request = void.ask(code_id=dear.pk, actor=mo, reason="fraud")
    for decide in (void.approve, void.decline):
        with pytest.raises(ActRefused, match="same_person"):
            decide(request_id=request.pk, actor=mo)
    with pytest.raises(IntegrityError, match="takes_two_people"), transaction.atomic():
        VoidRequest.objects.filter(pk=request.pk).update(
            decision="approved", decided_by=mo.id, decided_at=timezone.now()
        )


def test_what_is_declined_stays_good_and_can_be_asked_again(
    dear: Code, mo: Actor, nia: Actor
) -> None:
    request = void.ask(code_id=dear.pk, actor=mo, reason="fraud")
    with pytest.raises(ActRefused, match="already_asked"):
        void.ask(code_id=dear.pk, actor=nia, reason="fraud")
    void.decline(request_id=request.pk, actor=nia)
    dear.refresh_from_db()
    assert dear.state == Code.State.ACTIVE
    with pytest.raises(ActRefused, match="already_decided"):
        void.approve(request_id=request.pk, actor=nia)
    assert void.ask(code_id=dear.pk, actor=nia, reason="really").pk != request.pk


def test_a_gift_that_was_spent_meanwhile_leaves_nothing_to_approve(
    dear: Code, mo: Actor, nia: Actor, device: Device
) -> None:
    request = void.ask(code_id=dear.pk, actor=mo, reason="fraud")
    redeem.redeem(device=device, text=symbols(dear), key="a")
    with pytest.raises(ActRefused, match="nothing_left"):
        void.approve(request_id=request.pk, actor=nia)
    request.refresh_from_db()
    assert request.decision == ""


def test_only_managers_decide(
    code: Code, dear: Code, cashier: StaffMember, mo: Actor, nia: Actor
) -> None:
    request = void.ask(code_id=dear.pk, actor=mo, reason="fraud")
    for actor in (Actor.staff(cashier), SYSTEM):
        with pytest.raises(ActRefused, match="not_a_manager"):
            void.void(code_id=code.pk, actor=actor, reason="x")
        with pytest.raises(ActRefused, match="not_a_manager"):
            void.ask(code_id=code.pk, actor=actor, reason="x")
        with pytest.raises(ActRefused, match="not_a_manager"):
            void.approve(request_id=request.pk, actor=actor)


def test_what_a_dispute_holds_waits_for_its_end(code: Code, mo: Actor) -> None:
    hold.place(
        code_id=code.pk,
        actor=SYSTEM,
        reason="disputed",
        cause=Hold.Cause.DISPUTE,
        subject="dispute:1",
    )
    with pytest.raises(ActRefused, match="held"):
        void.void(code_id=code.pk, actor=mo, reason="x")


def test_what_somebody_put_on_hold_can_be_voided(code: Code, mo: Actor) -> None:
    hold.place(code_id=code.pk, actor=mo, reason="stolen?")
    assert void.void(code_id=code.pk, actor=mo, reason="stolen").state == Code.State.VOIDED


def test_a_reason_has_words_and_what_is_unknown_stays_so(code: Code, mo: Actor) -> None:
    with pytest.raises(ActRefused, match="no_reason"):
        void.void(code_id=code.pk, actor=mo, reason=" ")
    with pytest.raises(ActRefused, match="unknown_code"):
        void.void(code_id=uuid7(), actor=mo, reason="x")
    with pytest.raises(ActRefused, match="unknown_request"):
        void.approve(request_id=uuid7(), actor=mo)


class TestAtOnce:
    """Whoever comes second finds it decided."""

    @pytest.fixture
    def managers(self, transactional_db: None, store: Store) -> list[Actor]:
        names = ("Mo", "Nia", "Olga", "Pia")
        return [Actor.staff(make_staff(store, name, StaffMember.Role.MANAGER)) for name in names]

    def together(self, brand: Brand, *acts: Callable[[], object]) -> list[str]:
        """How each ended, all begun at the same moment."""
        ready = Barrier(len(acts))

        def do(act: Callable[[], object]) -> str:
            ready.wait()
            try:
                with scope(brand=brand):
                    act()
            except ActRefused as refused:
                return refused.reason.value
            finally:
                connection.close()
            return "done"

        with ThreadPoolExecutor(len(acts)) as threads:
            return sorted(threads.map(do, acts))

    @pytest.mark.django_db(transaction=True)
    def test_of_all_who_decide_one_does(self, managers: list[Actor], brand: Brand) -> None:
        asking, *others = managers
        with scope(brand=brand):
            dear = issued(brand, 8000)
            request = void.ask(code_id=dear.pk, actor=asking, reason="fraud")
        ends = self.together(
            brand,
            *(partial(void.approve, request_id=request.pk, actor=actor) for actor in others),
            partial(void.decline, request_id=request.pk, actor=others[0]),
        )
        assert ends == ["already_decided"] * 3 + ["done"]
        call_command("verify_ledger")

    @pytest.mark.django_db(transaction=True)
    def test_a_small_gift_is_voided_once(self, managers: list[Actor], brand: Brand) -> None:
        with scope(brand=brand):
            small = issued(brand, 500)
        ends = self.together(
            brand,
            *(
                partial(void.void, code_id=small.pk, actor=actor, reason="ordered twice")
                for actor in managers
            ),
        )
        assert ends == ["done"] + ["nothing_left"] * 3
        call_command("verify_ledger")

    @pytest.mark.django_db(transaction=True)
    def test_asking_again_while_it_is_decided_waits_its_turn(
        self, managers: list[Actor], brand: Brand
    ) -> None:
        asking, deciding, again, _ = managers
        for _round in range(5):
            with scope(brand=brand):
                dear = issued(brand, 8000)
                request = void.ask(code_id=dear.pk, actor=asking, reason="fraud")
            ends = self.together(
                brand,
                partial(void.approve, request_id=request.pk, actor=deciding),
                partial(void.ask, code_id=dear.pk, actor=again, reason="fraud"),
            )
            assert ends in (["already_asked", "done"], ["done", "nothing_left"])
