"""An amount of more digits than 32 bits hold, on its whole way: 25,000,000.00 rupiah."""

import csv
import io

import pytest
from django.core.management import call_command
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from campaigns.planning import campaigns
from core import money
from giftshop.catalog.models import Treat
from redemption.audit.actors import SYSTEM
from redemption.models import StaffMember
from redemption.redeem.redeem import redeem
from redemption.till.devices import PairedDevice
from tests.campaigns.conftest import hear
from tests.cast import MINT, Place, pay, symbols, today
from tests.redemption import money_back
from tests.redemption.till.views.conftest import sign_in, tablet_of

EACH = 1_250_000_000
BASKET = 400_000_000_000
"""Of a wedding, with the gift: beyond what fits into 32 bits a hundred times over."""

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def in_rupiah(brand: Brand, treat: Treat) -> Brand:
    brand.currency, brand.void_limit = "IDR", money.MINOR_UNITS_MAX
    brand.save(update_fields=["currency", "void_limit"])
    treat.prices.filter(key="regular").update(amount=EACH)
    return brand


def test_it_is_placed_paid_redeemed_refunded_and_reported(
    in_rupiah: Brand,
    place: Place,
    paired: PairedDevice,
    manager: StaffMember,
    owner_client: Client,
) -> None:
    order = pay(place())
    assert order.total == 2 * EACH == 2_500_000_000
    with scope(brand=in_rupiah):
        ben, cleo = (gift.code for gift in order.gifts.with_everything())
        assert ben
        assert cleo
        answer = redeem(
            device=paired.device, text=symbols(ben), key="a", picks=MINT, basket_total=BASKET
        )
        assert answer.redeemed
        left = money_back.refund_left(
            code_id=cleo.pk, reference="r:1", actor=SYSTEM, reason="asked"
        )
        assert left == EACH
        campaigns.plan(
            brand=in_rupiah,
            name="Weddings",
            starts_on=today(in_rupiah),
            budget=money.MINOR_UNITS_MAX,
        )
    call_command("verify_ledger")
    hear()
    overview = owner_client.get("/studio/frosty-spoon/").content.decode()
    assert "25,000,000" in overview
    assert "12,500,000" in overview
    file = owner_client.get("/studio/frosty-spoon/by-store/stores.csv")
    table = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert [row[2:] for row in table] == [["Redeemed", "Worth (IDR)"], ["1", "12500000.00"]]
    console = tablet_of(paired)
    sign_in(console, manager)
    shift = console.post("/till/manager/shift/export/").content.decode("utf-8-sig")
    over = f"{(BASKET - EACH) // 100}.00"
    assert f",1,12500000.00,0.00,{over},0," in shift


@pytest.mark.parametrize(
    ("amount", "status"), [(money.MINOR_UNITS_MAX, 201), (money.MINOR_UNITS_MAX + 1, 422)]
)
def test_a_basket_is_as_much_as_an_amount_may_be(
    in_rupiah: Brand,
    place: Place,
    paired: PairedDevice,
    manager: StaffMember,
    amount: int,
    status: int,
) -> None:
    with scope(brand=in_rupiah):
        [gift] = pay(place(recipients=("Ben",))).gifts.with_everything()
    assert gift.code
    till = tablet_of(paired)
    sign_in(till, manager)
    sent = {"code": symbols(gift.code), "key": "k", "pick-flavour": "mint", "basket_total": amount}
    assert till.post("/till/redemptions/", sent).status_code == status
