"""The same walks over an order of which something was taken off: never more goes back than was paid, and the
books have what was paid and what was a discount apart, whatever Stripe, banks and people do."""

import pytest

from brands.models import Brand
from giftshop.catalog.models import Treat
from redemption.models import Account, Device, StaffMember
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
from tests.giftshop.offers.made import percent_off
from tests.giftshop.refunds.in_process import keep_prepared
from tests.giftshop.refunds.stage import Stage, open_order
from tests.giftshop.refunds.test_histories import (
    FEW,
    apart,
    quiet_double,
    sample,
    walk,
    ways,
)
from tests.giftshop.refunds.walk import Walk

__all__ = ["apart", "quiet_double", "walk", "ways"]

SAMPLED = 200
OFF = 333
"""Of an amount of ten dollars and a treat of 6.50: 2.02 and 1.31, and no part comes out even."""
pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def stage(
    quiet_double: StripeDouble,
    brand: Brand,
    place: Place,
    treat: Treat,
    device: Device,
    manager: StaffMember,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    keep_prepared(monkeypatch)
    order = open_order(brand, place, treat, offer=percent_off(brand), discount=OFF)
    assert [(gift.amount, gift.paid) for gift in order.gifts.order_by("position")] == [
        (1000, 798),
        (650, 519),
    ]
    return Stage(quiet_double, order, device, manager)


def test_sampled_histories_have_one_end(walk: Walk) -> None:
    walk.whole_every = 20
    walk.stage.sure, walk.stage.again = FEW, FEW
    sample(walk, SAMPLED)
    assert walk.found == []
    assert walk.seen == SAMPLED


PAYABLE, LIABILITY, PROMO = "refunds", "gift_liability", "promo_expense"


@pytest.mark.parametrize(
    ("acts", "gifts", "books"),
    [
        ("pay", [("active", 1000), ("active", 650)], {LIABILITY: -1650, PROMO: 333}),
        ("pay > redeem-value", [("redeemed", 0), ("active", 650)], {LIABILITY: -650, PROMO: 333}),
        # What was paid for it goes back, and its discount is no expense any more.
        ("pay > ask-item", [("active", 1000), ("voided", 0)], {LIABILITY: -1000, PROMO: 202}),
        ("pay > ask-all", [("voided", 0), ("voided", 0)], {}),
        # 3.00 of what was paid for: what is left of the gift is what 4.98 pay for.
        ("pay > ask-some", [("active", 625), ("active", 650)], {LIABILITY: -1275, PROMO: 258}),
        # 4.00 were used; of the rest what was paid for that goes back: 4.78 of 6.00.
        (
            "pay > redeem-some > ask-value",
            [("voided", 0), ("active", 650)],
            {LIABILITY: -650, PROMO: 211, "sales": -400},
        ),
        ("pay > void-value", [("voided", 0), ("active", 650)], {PAYABLE: -798, PROMO: 131}),
        ("pay > dispute > lost", [("voided", 0), ("voided", 0)], {PROMO: 0, "dispute_loss": 0}),
        (
            "pay > redeem-value > dispute > lost",
            [("redeemed", 0), ("voided", 0)],
            {PROMO: 202, "dispute_loss": 798, "sales": -1000},
        ),
        ("pay > dispute > won", [("active", 1000), ("active", 650)], {PROMO: 333}),
        # A credit of what was paid, and no discount on it.
        ("pay > credit", [("voided", 0), ("active", 650), ("active", 798)], {PROMO: 131}),
        ("pay > refund-rest", [("voided", 0), ("voided", 0)], {LIABILITY: 0, PROMO: 0}),
        ("pay > redeem-some > refund-rest", [("voided", 0), ("voided", 0)], {LIABILITY: 0}),
    ],
)
def test_the_books_know_what_was_paid(
    walk: Walk, acts: str, gifts: list[tuple[str, int]], books: dict[str, int]
) -> None:
    walk.live(*acts.split(" > "))
    assert walk.found == []
    assert [tuple(gift) for gift in walk.end["gifts"]] == gifts
    told = walk.end["books"]
    assert {account: told.get(account, 0) for account in books} == books
    if "redeem" not in acts:
        assert Account.GOODWILL_EXPENSE not in told
