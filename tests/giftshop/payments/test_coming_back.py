"""Back from Stripe's page: whose browser it is decides, never the id in the address, which others know."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders import own_drafts
from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from sandbox.stripe_double import StripeDouble
from tests.giftshop.giving.steps import begin, walk_to_the_end
from tests.giftshop.payments.conftest import sent_by, session_of

BACK = "/payments/return/"
WORDS = "Your receipt is in your e-mail"


def back(client: Client, payment: Payment) -> Any:
    return client.get(BACK, {"session_id": payment.session_id})


def goes_to_pay(client: Client, brand: Brand, treat: Treat) -> Payment:
    """Through the forms, to Stripe's page and past it."""
    draft = walk_to_the_end(client, brand, treat)
    before = set(Payment._base_manager.values_list("pk", flat=True))
    answer = client.post(f"/shop/{brand.slug}/give/{draft.pk}/payment/")
    assert answer.status_code == 302
    payment: Payment = Payment._base_manager.exclude(pk__in=before).get()
    assert answer["Location"] == payment.page_url()
    return payment


def order_page(payment: Payment) -> str:
    return f"/orders/{Order._base_manager.get(pk=payment.order_id).link_token()}/"


def leads_nowhere(answer: Any, payment: Payment) -> bool:
    """No redirect, and on the page neither the order's secret nor anything of its people."""
    order = Order._base_manager.get(pk=payment.order_id)
    told = (order.link_token(), order.sender_email, order.sender_name, str(order.pk))
    return (
        answer.status_code == 200
        and WORDS in answer.text
        and not any(word in answer.text for word in told)
    )


def test_the_browser_that_paid_is_led_on_before_the_webhook(
    client: Client, double: StripeDouble, opened: Payment, order: Order
) -> None:
    double.pay(session_of(opened))
    answer = back(sent_by(client, order), opened)
    assert answer.status_code == 302
    assert answer.headers["Location"] == order_page(opened)
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_it_waits_with_the_sender_when_stripe_is_away(
    client: Client, double: StripeDouble, opened: Payment, order: Order
) -> None:
    double.faults(api_500=9)
    assert back(sent_by(client, order), opened).headers["Location"] == order_page(opened)
    order.refresh_from_db()
    assert order.state == Order.State.PENDING


def test_anybody_else_reads_where_the_receipt_is(
    client: Client, double: StripeDouble, opened: Payment, order: Order
) -> None:
    """Whoever read the id in the database, in Stripe's dashboard or over a shoulder; paid or not yet."""
    sent_by(client, order)
    stranger = Client()
    assert leads_nowhere(back(stranger, opened), opened)
    double.pay(session_of(opened))
    assert leads_nowhere(back(stranger, opened), opened)
    order.refresh_from_db()
    assert order.state == Order.State.PAID, "what it says of the receipt is true at once"
    assert leads_nowhere(back(stranger, opened), opened)


@pytest.mark.parametrize("session_id", ["", "cs_test_made_up", "x" * 999])
def test_an_id_that_was_made_up_gets_the_same_page(
    client: Client, double: StripeDouble, opened: Payment, session_id: str
) -> None:
    answer = client.get(BACK, {"session_id": session_id})
    assert answer.status_code == 200
    assert answer.content == back(client, opened).content
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


class TestTheBrowser:
    """It is known by the session in which the draft was made."""

    @pytest.fixture
    def payment(self, client: Client, double: StripeDouble, brand: Brand, treat: Treat) -> Payment:
        payment = goes_to_pay(client, brand, treat)
        double.pay(session_of(payment))
        return payment

    def test_it_comes_back_in_another_tab_and_again(self, client: Client, payment: Payment) -> None:
        for _tab in range(3):
            assert back(client, payment).headers["Location"] == order_page(payment)

    def test_it_comes_back_after_it_was_started_anew(
        self, client: Client, payment: Payment
    ) -> None:
        """Only cookies with an age outlive a browser."""
        kept = client.cookies[settings.SESSION_COOKIE_NAME]
        assert int(kept["max-age"]) > 24 * 3600
        assert (kept["samesite"], bool(kept["httponly"])) == ("Lax", True)
        anew = Client()
        anew.cookies[settings.SESSION_COOKIE_NAME] = kept.value
        assert back(anew, payment).headers["Location"] == order_page(payment)

    def test_each_of_its_orders_at_once_leads_to_its_own(
        self, client: Client, payment: Payment, double: StripeDouble, brand: Brand, treat: Treat
    ) -> None:
        others = [goes_to_pay(client, brand, treat) for _ in range(2)]
        for each in [*others, payment]:
            double.pay(session_of(each))
        for each in [payment, *others]:
            assert back(client, each).headers["Location"] == order_page(each)

    def test_two_browsers_at_once_stay_apart(
        self, client: Client, payment: Payment, double: StripeDouble, brand: Brand, treat: Treat
    ) -> None:
        neighbour = Client()
        theirs = goes_to_pay(neighbour, brand, treat)
        double.pay(session_of(theirs))
        assert leads_nowhere(back(neighbour, payment), payment)
        assert leads_nowhere(back(client, theirs), theirs)
        assert back(neighbour, theirs).headers["Location"] == order_page(theirs)

    def test_without_its_cookie_it_is_anybody(self, client: Client, payment: Payment) -> None:
        del client.cookies[settings.SESSION_COOKIE_NAME]
        assert leads_nowhere(back(client, payment), payment)

    def test_a_cookie_that_was_made_up_is_nobodys(self, client: Client, payment: Payment) -> None:
        for made_up in ("x" * 32, session_of(payment), str(payment.order_id), ""):
            client.cookies[settings.SESSION_COOKIE_NAME] = made_up
            assert leads_nowhere(back(client, payment), payment)

    def test_a_session_that_is_over_opens_nothing(self, client: Client, payment: Payment) -> None:
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert leads_nowhere(back(client, payment), payment)

    def test_a_session_that_somebody_wrote_into_the_table_opens_nothing(
        self, client: Client, payment: Payment, brand: Brand
    ) -> None:
        """Whoever writes rows, and puts what the payer's holds into the row of a browser of his own."""
        [theirs] = Session.objects.values_list("session_data", flat=True)
        begin(mine := Client(), brand)
        assert Session.objects.exclude(session_data=theirs).update(session_data=theirs) == 1
        assert leads_nowhere(back(mine, payment), payment)

    def test_a_draft_it_no_longer_remembers_leads_nowhere(
        self, client: Client, payment: Payment, brand: Brand
    ) -> None:
        for _ in range(own_drafts.REMEMBERED_MAX):
            begin(client, brand)
        assert leads_nowhere(back(client, payment), payment)

    def test_an_order_whose_draft_was_deleted_leads_nowhere(
        self, client: Client, payment: Payment, brand: Brand
    ) -> None:
        with scope(brand=brand):
            Order.objects.update(draft=None)
        assert leads_nowhere(back(client, payment), payment)
