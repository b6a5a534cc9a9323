import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption import freezing, redeeming
from redemption.actors import SYSTEM, Actor
from redemption.auditing import Act
from redemption.freezing import FreezeRefused
from redemption.models import AuditEntry, Code, Device, StaffMember
from tests.cast import symbols

pytestmark = pytest.mark.usefixtures("in_brand")


def freeze(code: Code, member: StaffMember, **more: str) -> Code:
    return freezing.freeze(code_id=code.pk, actor=Actor.staff(member), reason="stolen?", **more)


def test_no_till_takes_a_frozen_gift(code: Code, manager: StaffMember, device: Device) -> None:
    freeze(code, manager)
    answer = redeeming.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    assert answer.body["reason"] == "frozen"


def test_it_is_still_owed_and_good_again_once_let_go(
    code: Code, manager: StaffMember, device: Device
) -> None:
    assert freeze(code, manager).balance == 650
    actor = Actor.staff(manager)
    freezing.unfreeze(code_id=code.pk, actor=actor, reason="found the friend")
    answer = redeeming.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    assert answer.redeemed


def test_both_acts_are_on_the_trail(code: Code, manager: StaffMember) -> None:
    freeze(code, manager)
    freezing.unfreeze(code_id=code.pk, actor=Actor.staff(manager), reason="all is well")
    trail = AuditEntry.objects.filter(subject=f"code:{code.pk}").order_by("number")
    assert [(entry.act, entry.actor_name, entry.details["reason"]) for entry in trail] == [
        (Act.CODE_FROZEN, "Mo", "stolen?"),
        (Act.CODE_UNFROZEN, "Mo", "all is well"),
    ]


def test_only_what_put_a_hold_on_takes_it_off(code: Code, manager: StaffMember) -> None:
    freezing.freeze(code_id=code.pk, actor=SYSTEM, reason="disputed", held_for="dispute:1")
    with pytest.raises(FreezeRefused, match="held"):
        freezing.unfreeze(code_id=code.pk, actor=Actor.staff(manager), reason="please")
    with pytest.raises(FreezeRefused, match="held"):
        freezing.unfreeze(code_id=code.pk, actor=SYSTEM, reason="won", held_for="dispute:2")
    freezing.unfreeze(code_id=code.pk, actor=SYSTEM, reason="won", held_for="dispute:1")
    code.refresh_from_db()
    assert code.state == Code.State.ACTIVE


def test_a_cashier_or_somebody_let_go_may_not(
    code: Code, manager: StaffMember, cashier: StaffMember
) -> None:
    StaffMember.objects.filter(pk=manager.pk).update(is_active=False)
    for member in (cashier, manager):
        with pytest.raises(FreezeRefused, match="not_a_manager"):
            freeze(code, member)


def test_a_reason_has_words(code: Code, manager: StaffMember) -> None:
    with pytest.raises(FreezeRefused, match="no_reason"):
        freezing.freeze(code_id=code.pk, actor=Actor.staff(manager), reason="  ")


def test_what_is_spent_or_frozen_or_unknown_is_refused(
    code: Code, manager: StaffMember, device: Device, in_brand: Brand
) -> None:
    with pytest.raises(FreezeRefused, match="not_frozen"):
        freezing.unfreeze(code_id=code.pk, actor=Actor.staff(manager), reason="x")
    with pytest.raises(FreezeRefused, match="unknown_code"):
        freezing.freeze(code_id=uuid7(), actor=Actor.staff(manager), reason="x")
    freeze(code, manager)
    with pytest.raises(FreezeRefused, match="not_active"):
        freeze(code, manager)


def test_another_brands_gift_is_unknown(code: Code, other_brand: Brand) -> None:
    owner = Actor("user", uuid7(), "Eve")
    with scope(brand=other_brand), pytest.raises(FreezeRefused, match="unknown_code"):
        freezing.freeze(code_id=code.pk, actor=owner, reason="mine", now=timezone.now())
