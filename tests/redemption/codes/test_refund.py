import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from brands.models import Brand
from core.ids import uuid7
from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act
from redemption.codes.acts import ActRefused
from redemption.models import Account, AuditEntry, Code, Device
from redemption.redeem import redeem
from tests.cast import symbols
from tests.redemption import money_back
from tests.redemption.books import issued, total

pytestmark = pytest.mark.usefixtures("in_brand")


def refund(code: Code, reference: str = "refund:1") -> int:
    return money_back.refund_left(
        code_id=code.pk, reference=reference, actor=SYSTEM, reason="asked for"
    )


def test_what_is_left_goes_back_and_the_gift_is_gone(in_brand: Brand, device: Device) -> None:
    voucher = issued(in_brand, 1000)
    redeem.redeem(device=device, text=symbols(voucher), key="a", amount=300)
    assert refund(voucher) == 700
    voucher.refresh_from_db()
    assert (voucher.state, voucher.balance) == (Code.State.VOIDED, 0)
    assert total(Account.STRIPE_CLEARING) == 300
    assert total(Account.GIFT_LIABILITY) == 0
    assert AuditEntry.objects.get(act=Act.CODE_VOIDED).details["refund"] == "refund:1"
    call_command("verify_ledger")


def test_a_spent_gift_leaves_nothing_to_refund(in_brand: Brand, device: Device) -> None:
    voucher = issued(in_brand, 1000)
    redeem.redeem(device=device, text=symbols(voucher), key="a")
    with pytest.raises(ActRefused, match="nothing_left"):
        refund(voucher)


def test_nobody_paid_for_a_giveaway(in_brand: Brand) -> None:
    with pytest.raises(ActRefused, match="not_paid"):
        refund(issued(in_brand, 500, Code.Origin.PROMOTIONAL))


def test_an_unknown_gift_and_one_under_dispute_are_refused(in_brand: Brand) -> None:
    with pytest.raises(ActRefused, match="unknown_code"):
        money_back.refund_left(code_id=uuid7(), reference="r:1", actor=SYSTEM, reason="x")
    voucher = issued(in_brand, 1000)
    money_back.open_dispute(brand=in_brand, dispute="dispute:1", amount=1000, code_ids=[voucher.pk])
    with pytest.raises(ActRefused, match="held"):
        refund(voucher)


def test_goodwill_costs_the_brand(in_brand: Brand) -> None:
    money_back.pay_back(brand=in_brand, reference="refund:2", amount=300)
    assert (total(Account.GOODWILL_EXPENSE), total(Account.STRIPE_CLEARING)) == (300, -300)
    with pytest.raises(IntegrityError), transaction.atomic():
        money_back.pay_back(brand=in_brand, reference="refund:2", amount=300)
