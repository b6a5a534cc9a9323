import pytest
from django.core.management import call_command

from brands.models import Brand
from redemption.audit.actors import Actor
from redemption.codes import hold
from redemption.models import Account, Code, Device, StaffMember
from redemption.redeem import redeem
from tests.cast import symbols
from tests.redemption import money_back
from tests.redemption.books import balances, issued

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def codes(in_brand: Brand, device: Device) -> list[Code]:
    """Two gifts of 10.00 on one payment; of the first 4.00 are spent."""
    codes = [issued(in_brand, 1000), issued(in_brand, 1000)]
    redeem.redeem(device=device, text=symbols(codes[0]), key="a", amount=400)
    return codes


def dispute(brand: Brand, codes: list[Code]) -> None:
    money_back.open_dispute(
        brand=brand, dispute="dispute:1", amount=2000, code_ids=[code.pk for code in codes]
    )


def win(brand: Brand, codes: list[Code]) -> None:
    money_back.win(
        brand=brand, dispute="dispute:1", amount=2000, code_ids=[code.pk for code in codes]
    )


def states(codes: list[Code]) -> list[tuple[str, int]]:
    for code in codes:
        code.refresh_from_db()
    return [(code.state, code.balance) for code in codes]


def test_what_is_left_is_held_and_all_of_it_a_loss_for_now(
    in_brand: Brand, codes: list[Code]
) -> None:
    dispute(in_brand, codes)
    assert states(codes) == [(Code.State.ON_HOLD, 600), (Code.State.ON_HOLD, 1000)]
    assert balances() == {
        Account.DISPUTE_LOSS: 2000,
        Account.GIFT_LIABILITY: -1600,
        Account.SALES: -400,
    }


def test_won_everything_is_as_it_was(in_brand: Brand, codes: list[Code]) -> None:
    before = balances()
    dispute(in_brand, codes)
    win(in_brand, codes)
    assert states(codes) == [(Code.State.ACTIVE, 600), (Code.State.ACTIVE, 1000)]
    assert balances() == before
    call_command("verify_ledger")


def test_lost_the_loss_is_what_was_spent(in_brand: Brand, codes: list[Code]) -> None:
    dispute(in_brand, codes)
    lost = money_back.lose(
        brand=in_brand, dispute="dispute:1", code_ids=[code.pk for code in codes]
    )
    assert lost == 1600
    assert states(codes) == [(Code.State.VOIDED, 0), (Code.State.VOIDED, 0)]
    assert balances() == {Account.DISPUTE_LOSS: 400, Account.SALES: -400}
    call_command("verify_ledger")


def test_what_somebody_else_put_on_hold_stays_there(
    in_brand: Brand, codes: list[Code], manager: StaffMember
) -> None:
    hold.place(code_id=codes[1].pk, actor=Actor.staff(manager), reason="stolen?")
    dispute(in_brand, codes)
    win(in_brand, codes)
    assert states(codes) == [(Code.State.ACTIVE, 600), (Code.State.ON_HOLD, 1000)]


def test_each_act_happens_once(in_brand: Brand, codes: list[Code]) -> None:
    before = balances()
    dispute(in_brand, codes)
    disputed = balances()
    dispute(in_brand, codes)
    assert balances() == disputed
    win(in_brand, codes)
    win(in_brand, codes)
    assert balances() == before
