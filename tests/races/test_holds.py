"""A manager lets go of a gift while its payer's bank disputes the payment: the dispute holds it (I11)."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection
from django_scopes import scope

from brands.models import Brand
from redemption.audit.actors import Actor
from redemption.codes import acts, hold
from redemption.models import Code, Hold, StaffMember
from tests.redemption import money_back
from tests.redemption.books import issued

TURN_SECONDS = 0.5
"""How long the release waits for a dispute that comes in between. Whoever has to wait for the code's lock
cannot come in between."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def voucher(brand: Brand, manager: StaffMember) -> Code:
    with scope(brand=brand):
        code = issued(brand, 1000)
        hold.place(code_id=code.pk, actor=Actor.staff(manager), reason="stolen?")
    return code


def release_while_disputed(
    voucher: Code, manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The release saw no other hold and has yet to write the state, when the dispute sets in. Answers
    what became of the release."""
    begun, disputed = Event(), Event()
    change_state = Code.change_state

    def dispute_it() -> None:
        try:
            begun.wait(30)
            with scope(brand=voucher.brand):
                money_back.open_dispute(
                    brand=voucher.brand, dispute="dispute:1", amount=1000, code_ids=[voucher.pk]
                )
            disputed.set()
        finally:
            connection.close()

    def change_state_late(*asked: object) -> None:
        begun.set()
        disputed.wait(TURN_SECONDS)
        change_state(*asked)  # type: ignore[arg-type]

    bank = Thread(target=dispute_it)
    bank.start()
    with scope(brand=voucher.brand), monkeypatch.context() as patched:
        patched.setattr(Code, "change_state", change_state_late)
        try:
            hold.release(code_id=voucher.pk, actor=Actor.staff(manager), reason="all is well")
        except IntegrityError as error:
            return str(error)
        finally:
            bank.join(30)
    return "released"


def state_and_holds(voucher: Code) -> tuple[str, set[str]]:
    with scope(brand=voucher.brand):
        voucher.refresh_from_db()
        return voucher.state, set(Hold.objects.open().values_list("subject", flat=True))


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts that read the code without its lock."""
    codes = Code._base_manager.select_related("brand")
    monkeypatch.setattr(acts, "lock", lambda code_id: codes.get(pk=code_id))
    monkeypatch.setattr(acts, "lock_all", lambda code_ids: list(codes.filter(pk__in=code_ids)))
    monkeypatch.setattr(
        acts,
        "lock_left",
        lambda code_ids: {
            code.pk: acts.Left(code.balance, code.paid_left)
            for code in codes.filter(pk__in=code_ids)
        },
    )


@pytest.fixture
def nothing_is_compared() -> Iterator[None]:
    """The database without the triggers that hold state and holds equal."""

    def switch(how: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE redemption_code {how} TRIGGER redemption_state_agrees_with_holds;"
                f"ALTER TABLE redemption_hold {how} TRIGGER redemption_hold_agrees_with_state;"
            )

    switch("DISABLE")
    yield
    switch("ENABLE")


def test_the_dispute_waits_for_the_release_and_holds_the_gift(
    voucher: Code, manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert release_while_disputed(voucher, manager, monkeypatch) == "released"
    assert state_and_holds(voucher) == ("on_hold", {"dispute:1"})


def test_without_the_lock_the_database_refuses_the_release(
    voucher: Code, manager: StaffMember, monkeypatch: pytest.MonkeyPatch, nobody_waits: None
) -> None:
    refused = release_while_disputed(voucher, manager, monkeypatch)
    assert "its holds say otherwise" in refused
    assert state_and_holds(voucher) == ("on_hold", {"", "dispute:1"})


def test_without_both_tills_take_a_disputed_gift(
    voucher: Code,
    manager: StaffMember,
    monkeypatch: pytest.MonkeyPatch,
    nobody_waits: None,
    nothing_is_compared: None,
) -> None:
    """The control."""
    assert release_while_disputed(voucher, manager, monkeypatch) == "released"
    assert state_and_holds(voucher) == ("active", {"dispute:1"})
