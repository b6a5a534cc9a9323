"""An order that is not paid says why, what becomes of the money, and lets its sender pay again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft, Order
from giftshop.payments import reconcile_open
from giftshop.payments.models import Payment
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.errors import StripeError
from tests.giftshop.giving.steps import ready_draft, url
from tests.giftshop.payments.conftest import events, session_of, work_off

pytestmark = pytest.mark.django_db
Tell = Callable[..., object]


@pytest.fixture
def draft(client: Client, double: StripeDouble, brand: Brand, treat: Treat) -> Draft:
    return ready_draft(client, brand, treat)


def press(client: Client, draft: Draft) -> str:
    """The button of the pay page; where it leads."""
    answer = client.post(reverse("payment", args=[draft.brand.slug, draft.pk]))
    return str(answer["Location"])


def last(draft: Draft) -> Payment:
    with scope(brand=draft.brand):
        return Payment.objects.select_related("order__brand").latest("attempt", "opened_at")


def order_page(client: Client, draft: Draft) -> str:
    address = f"/orders/{last(draft).order.link_token()}/"
    return client.get(address).content.decode()


def hear(double: StripeDouble, tell: Tell) -> None:
    """All that Stripe tells, worked off."""
    for event in events(double):
        tell(event)
    work_off()


def decline(double: StripeDouble, draft: Draft) -> None:
    with pytest.raises(StripeError):
        double.pay(session_of(last(draft)), "4000000000000002")


def test_a_page_that_stripe_closed_is_followed_by_a_fresh_one(
    client: Client, double: StripeDouble, draft: Draft
) -> None:
    first = press(client, draft)
    assert press(client, draft) == first  # still open: the same one
    double.close_page(session_of(last(draft)))
    second = press(client, draft)
    assert second != first
    assert second.startswith(double.url)
    assert double.pay(session_of(last(draft))) == "paid"
    with scope(brand=draft.brand):
        assert [p.state for p in Payment.objects.order_by("attempt")] == ["expired", "open"]


def test_a_page_that_ran_out_says_so_and_is_paid_from_the_same_draft(
    client: Client, double: StripeDouble, draft: Draft, tell: Tell
) -> None:
    press(client, draft)
    double.advance(32 * 60)
    hear(double, tell)
    double.advance(-32 * 60)  # the shop's clock did not move
    told = order_page(client, draft)
    assert "The payment page has closed" in told
    assert "Nothing was charged" in told
    assert url(draft, "pay") in told
    assert press(client, draft).startswith(double.url)
    assert "Waiting for your payment" in order_page(client, draft)


def test_a_refused_card_is_said(client: Client, double: StripeDouble, draft: Draft) -> None:
    press(client, draft)
    decline(double, draft)
    payment = last(draft)
    with scope(brand=draft.brand):
        reconcile_open._settle(payment, payment.opened_at)
    told = order_page(client, draft)
    assert "Your bank refused the payment" in told
    assert "Nothing was charged" in told
    assert "Pay again" in told


class TestABankDebit:
    @pytest.fixture(autouse=True)
    def under_way(self, client: Client, double: StripeDouble, draft: Draft, tell: Tell) -> None:
        press(client, draft)
        double.debit(session_of(last(draft)))
        hear(double, tell)

    def test_it_is_under_way_and_nobody_pays_twice(
        self, client: Client, double: StripeDouble, draft: Draft
    ) -> None:
        told = order_page(client, draft)
        assert "Your payment is under way" in told
        assert "Please do not pay again" in told
        assert url(draft, "pay") not in told
        assert press(client, draft) == f"/orders/{last(draft).order.link_token()}/"
        with scope(brand=draft.brand):
            assert Payment.objects.count() == 1

    def test_a_draft_that_is_changed_meanwhile_leads_to_it(
        self, client: Client, draft: Draft
    ) -> None:
        order = last(draft).order
        changed = {"treats": "all", "choice": "double-scoop:large"}
        client.post(url(draft, "what"), changed)
        assert press(client, draft) == f"/orders/{order.link_token()}/"
        order.refresh_from_db()
        assert order.state == Order.State.PENDING

    def test_it_arrives(
        self, client: Client, double: StripeDouble, draft: Draft, tell: Tell
    ) -> None:
        double.debit(session_of(last(draft)), arrives=True)
        hear(double, tell)
        assert "Thank you, <bdi>Amy</bdi>" in order_page(client, draft)

    def test_it_fails_and_is_paid_in_another_way(
        self, client: Client, double: StripeDouble, draft: Draft, tell: Tell
    ) -> None:
        double.debit(session_of(last(draft)), arrives=False)
        hear(double, tell)
        told = order_page(client, draft)
        assert "Your bank did not pay" in told
        assert "you keep your money" in told
        assert press(client, draft).startswith(double.url)
        double.pay(session_of(last(draft)))
        hear(double, tell)
        assert "Thank you, <bdi>Amy</bdi>" in order_page(client, draft)


def test_a_payment_that_does_not_fit_is_said_to_go_back(
    client: Client, double: StripeDouble, draft: Draft, tell: Tell
) -> None:
    press(client, draft)
    double.pay(session_of(last(draft)))
    Order.objects.model._base_manager.filter(draft=draft).update(total=1)
    hear(double, tell)
    told = order_page(client, draft)
    assert "Your payment goes back to you" in told
    assert "Nothing was charged" not in told


def test_only_the_browser_that_made_the_draft_is_led_to_it(
    client: Client, double: StripeDouble, draft: Draft
) -> None:
    press(client, draft)
    assert url(draft, "pay") in order_page(client, draft)
    elsewhere = order_page(Client(), draft)
    assert url(draft, "pay") not in elsewhere
    assert "open the gift in the browser in which you made it" in elsewhere
