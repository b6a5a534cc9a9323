"""What all acts on a gift have in common, asked of each."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from brands.models import Brand
from core.ids import uuid7
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, expire, hold
from redemption.codes import refund as refund_code
from redemption.codes import rotate as rotate_code
from redemption.codes import void as void_code
from redemption.codes.acts import ActRefused
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import AuditEntry, Code, Device, Hold, StaffMember
from tests.product import PRODUCT
from tests.redemption.books import issued
from tests.server import ROOT

pytestmark = pytest.mark.usefixtures("in_brand")

On = Callable[[UUID, Actor, str], object]


def place(code_id: UUID, actor: Actor, reason: str) -> object:
    return hold.place(code_id=code_id, actor=actor, reason=reason)


def release(code_id: UUID, actor: Actor, reason: str) -> object:
    return hold.release(code_id=code_id, actor=actor, reason=reason)


def void(code_id: UUID, actor: Actor, reason: str) -> object:
    return void_code.void(code_id=code_id, actor=actor, reason=reason)


def ask(code_id: UUID, actor: Actor, reason: str) -> object:
    return void_code.ask(code_id=code_id, actor=actor, reason=reason)


def extend(code_id: UUID, actor: Actor, reason: str) -> object:
    until = timezone.now() + timedelta(days=3000)
    return expire.extend(code_id=code_id, expires_at=until, actor=actor, reason=reason)


def refund(code_id: UUID, actor: Actor, reason: str) -> object:
    return refund_code.hold_for(
        code_id=code_id, refund="refund:1", actor=actor, reason=reason, now=timezone.now()
    )


def rotate(code_id: UUID, actor: Actor, reason: str) -> object:
    return rotate_code.rotate(code_id=code_id, actor=actor, reason=reason, now=timezone.now())


ACTS = [place, release, void, ask, extend, refund, rotate]
DONE = {
    place: Act.CODE_HELD,
    release: Act.CODE_RELEASED,
    void: Act.CODE_VOIDED,
    ask: Act.VOID_REQUESTED,
    extend: Act.CODE_EXTENDED,
    refund: Act.CODE_HELD,
    rotate: Act.CODE_ROTATED,
}


@pytest.fixture
def voucher(in_brand: Brand) -> Code:
    return issued(in_brand, 1000)


def kept(code: Code) -> list[tuple[str, str]]:
    """What the audit log has of it."""
    entries = AuditEntry.objects.filter(subject=f"code:{code.pk}").order_by("number")
    return [(entry.act, entry.details.get("reason", "")) for entry in entries]


@pytest.mark.parametrize("act", ACTS)
class TestEach:
    def test_a_manager_does_it_and_the_audit_log_says_so(
        self, act: On, voucher: Code, manager: StaffMember
    ) -> None:
        if act is release:
            place(voucher.pk, Actor.staff(manager), "stolen?")
        act(voucher.pk, Actor.staff(manager), "a call came")
        assert kept(voucher)[-1] == (DONE[act], "a call came")

    def test_a_cashier_and_who_left_do_not(
        self, act: On, voucher: Code, cashier: StaffMember, manager: StaffMember
    ) -> None:
        StaffMember.objects.filter(pk=manager.pk).update(is_active=False)
        for member in (cashier, manager):
            with pytest.raises(ActRefused, match="not_a_manager"):
                act(voucher.pk, Actor.staff(member), "a call came")
        assert kept(voucher) == []

    def test_nobody_does_it_without_a_reason(
        self, act: On, voucher: Code, manager: StaffMember
    ) -> None:
        with pytest.raises(ActRefused, match="no_reason"):
            act(voucher.pk, Actor.staff(manager), " \n")
        assert kept(voucher) == []

    def test_a_gift_that_is_none_is_unknown(self, act: On, manager: StaffMember) -> None:
        with pytest.raises(ActRefused, match="unknown_code"):
            act(uuid7(), Actor.staff(manager), "a call came")

    def test_the_product_itself_holds_pays_back_and_changes_and_no_more(
        self, act: On, voucher: Code
    ) -> None:
        if act in {place, release, refund, rotate}:
            if act is not rotate:
                place(voucher.pk, SYSTEM, "stolen?")
            if act is not place:
                act(voucher.pk, SYSTEM, "a call came")
            assert kept(voucher)[-1][0] == DONE[act]
        else:
            with pytest.raises(ActRefused, match="not_a_manager"):
                act(voucher.pk, SYSTEM, "a call came")


def test_what_fails_in_the_middle_leaves_nothing(voucher: Code, manager: StaffMember) -> None:
    now, mo = timezone.now(), Actor.staff(manager)
    with (
        pytest.raises(ZeroDivisionError),
        acts.on_code(voucher.pk, Act.CODE_VOIDED, actor=mo, reason="a call came", now=now) as (
            code,
            _told,
        ),
    ):
        hold.place(code_id=code.pk, actor=mo, reason="stolen?", now=now)
        _ = 1 / 0
    assert kept(voucher) == []
    assert not Hold.objects.exists()


def test_a_gift_out_of_hand_takes_a_manager_and_a_reason_too(
    device: Device, manager: StaffMember, cashier: StaffMember
) -> None:
    about = {"device": device, "amount": 100, "label": "Sorry"}
    with pytest.raises(ActRefused, match="not_a_manager"):
        issue_goodwill_gift(staff=cashier, reason="a call came", **about)  # type: ignore[arg-type]
    with pytest.raises(ActRefused, match="no_reason"):
        issue_goodwill_gift(staff=manager, reason=" ", **about)  # type: ignore[arg-type]


def texts(folder: str) -> Iterator[str]:
    """Every string that the product's modules spell out there."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_what_every_act_is_refused_for_stands_once() -> None:
    said = [text for folder in PRODUCT for text in texts(folder)]
    assert len(said) > 1000
    for refusal in acts.Refusal:
        assert said.count(str(refusal.label)) == 1, refusal
