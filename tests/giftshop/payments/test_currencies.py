"""From the menu to the books in currencies whose decimals Stripe counts in its own way."""

import pytest
import stripe

from brands.models import Brand
from core.templatetags.money import money
from giftshop.catalog.models import Treat
from giftshop.orders.checkout import OrderRefused
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from redemption.models import Account, Posting
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double import money as stripes
from tests.cast import Place
from tests.giftshop.payments.conftest import session_of

pytestmark = pytest.mark.usefixtures("in_brand")


def priced(brand: Brand, treat: Treat, amount: int, currency: str) -> None:
    brand.currency = currency
    brand.save(update_fields=["currency"])
    treat.prices.filter(key="regular").update(amount=amount)


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("RSD", 45_000, "RSD\xa0450"),
        ("ISK", 90_000, "ISK\xa0900"),
        ("UGX", 1_200_000, "UGX\xa012,000"),
        ("JPY", 650, "¥650"),
        ("KWD", 6_500, "KWD\xa06.500"),
        ("LBP", 50_000_000, "LBP\xa0500,000"),
    ],
)
def test_what_is_shown_is_charged_and_booked(
    double: StripeDouble,
    brand: Brand,
    treat: Treat,
    place: Place,
    currency: str,
    amount: int,
    shown: str,
) -> None:
    priced(brand, treat, amount, currency)
    order = place(recipients=("Ben",))
    checkout_session.open_page(order=order)
    payment = Payment.objects.get(order=order)
    sdk = stripe.StripeClient("sk_test_payments", base_addresses={"api": double.url})
    session = sdk.v1.checkout.sessions.retrieve(session_of(payment))
    assert (session.amount_total, session.currency) == (amount, currency.lower())
    assert money(order.total, currency) == shown
    assert stripes.shown(amount, currency).removesuffix(".00") == shown
    double.pay(session_of(payment))
    settle.settle(session_id=session_of(payment))
    order.refresh_from_db()
    assert order.state == "paid"
    [owed] = Posting.objects.filter(account=Account.GIFT_LIABILITY)
    assert (owed.amount, owed.currency) == (-amount, currency)


@pytest.mark.parametrize(
    ("currency", "amount"),
    [
        *[("ISK", 90_050), ("UGX", 150), ("KWD", 6_505)],
        *[("USD", 10), ("USD", 100_000_000), ("VND", 12_999), ("GBP", 29)],
    ],
)
def test_a_price_that_stripe_would_refuse_is_not_sold(
    brand: Brand, treat: Treat, place: Place, currency: str, amount: int
) -> None:
    priced(brand, treat, amount, currency)
    with pytest.raises(OrderRefused, match="a price that cannot be charged"):
        place(recipients=("Ben",))


def test_an_order_is_not_more_than_can_be_paid_at_once(
    double: StripeDouble, brand: Brand, treat: Treat, place: Place
) -> None:
    priced(brand, treat, 33_333_333, "USD")
    with pytest.raises(OrderRefused, match="more than can be paid at once"):
        place(recipients=("Ben", "Cleo", "Dan", "Eve"))
    assert checkout_session.open_page(order=place(recipients=("Ben", "Cleo", "Dan")))
