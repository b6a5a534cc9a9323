"""Opening Stripe's page, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest
import stripe
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError
from django.db.transaction import atomic
from django.utils import timezone

from brands.models import Brand
from giftshop.catalog.colours import palette
from giftshop.orders.models import Draft, Gift, Order
from giftshop.outbox.models import Message
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import sessions
from giftshop.payments.stripe.languages import locale_of
from giftshop.pictures import files
from redemption.models import Account, Code, Posting
from sandbox.stripe_double import StripeDouble
from tests.access.canaries import found, tables
from tests.cast import Place
from tests.giftshop.payments.conftest import session_of

pytestmark = pytest.mark.usefixtures("in_brand")


def test_the_page_is_sealed_while_it_is_open_and_forgotten_then(
    double: StripeDouble, opened: Payment, order: Order
) -> None:
    """Whoever has it reads the payer's address there, and may pay."""
    page = opened.page_url()
    assert page.startswith(double.url)
    assert found({"the page": page}, tables()) == []
    other = Payment(pk=opened.pk + 1, url_ciphertext=opened.url_ciphertext)
    with pytest.raises(InvalidTag):
        other.page_url()
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    assert bytes(Payment.objects.get().url_ciphertext) == b""


def test_the_database_refuses_to_keep_a_page_that_is_over(opened: Payment) -> None:
    over = {"state": Payment.State.EXPIRED, "settled_at": timezone.now()}
    with pytest.raises(IntegrityError, match="payment_page_known_while_open"), atomic():
        Payment.objects.update(**over)
    Payment.objects.update(**over, url_ciphertext=b"")
    opened.remember_page(session_id="cs_test_late", url="https://late.example/")
    assert bytes(Payment.objects.get().url_ciphertext) == b"", "an answer that came too late"
    assert Payment.objects.get().session_id == "cs_test_late"


def test_a_repeated_click_lands_on_the_same_page(double: StripeDouble, order: Order) -> None:
    first = checkout_session.open_page(order=order)
    assert checkout_session.open_page(order=order) == first
    assert Payment.objects.count() == 1


def test_the_page_names_the_brand_in_its_colour_and_the_order_s_language(
    double: StripeDouble, order: Order
) -> None:
    order.brand.theme = {"accent": "#7a1f3d"}
    order.brand.save()
    order.language = "de"
    order.save()
    checkout_session.open_page(order=order)
    sdk = stripe.StripeClient("sk_test_payments", base_addresses={"api": double.url})
    (session,) = sdk.v1.checkout.sessions.list().data
    assert session.branding_settings is not None
    assert session.branding_settings.display_name == "Frosty Spoon Creamery"
    assert session.branding_settings.button_color == palette(order.brand).accent
    assert session.locale == "de"


@pytest.mark.parametrize("is_taken", [True, False])
def test_the_page_has_the_brands_logo_and_opens_without_one_that_stripe_does_not_take(
    double: StripeDouble,
    order: Order,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    is_taken: bool,
) -> None:
    settings.BASE_URL = "https://gifts.example.com"
    order.brand.pictures = {"logo": {"mail": [[96, 96, "0123abcd.png"]]}}
    if not is_taken:
        wrong = {"type": "url", "url": "ftp://gifts.example.com/logo.png"}
        monkeypatch.setattr(sessions, "logo_of", lambda brand: wrong)
    assert checkout_session.open_page(order=order).startswith(double.url)
    sdk = stripe.StripeClient("sk_test_payments", base_addresses={"api": double.url})
    (session,) = sdk.v1.checkout.sessions.list().data
    assert session.branding_settings is not None
    logo = session.branding_settings.logo
    assert (logo.url if logo else None) == (
        settings.BASE_URL + files.address((96, 96, "0123abcd.png")) if is_taken else None
    )


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("pt-BR", "pt-BR"), ("de-AT", "de"), ("zh-Hant-TW", "zh-TW"), ("nn", "nb"), ("cy", "auto")],
)
def test_a_language_that_stripe_does_not_speak_is_left_to_the_browser(
    tag: str, locale: str
) -> None:
    assert locale_of(tag) == locale


def test_stripe_is_asked_for_what_the_order_says(opened: Payment, order: Order) -> None:
    session = sessions.retrieve(session_of(opened))
    assert session is not None
    assert (session.amount, session.currency, session.order_id) == (1300, "USD", str(order.pk))


def test_a_paid_session_pays_the_order(double: StripeDouble, opened: Payment, order: Order) -> None:
    double.pay(session_of(opened))
    payment = settle.settle(session_id=session_of(opened))
    assert payment is not None
    order.refresh_from_db()
    assert (payment.state, order.state) == (Payment.State.PAID, Order.State.PAID)
    assert Code.objects.count() == 2
    assert all(gift.code for gift in Gift.objects.select_related("code"))


def test_what_must_follow_is_promised_in_the_same_commit(
    double: StripeDouble, opened: Payment
) -> None:
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    topics = set(Message.objects.values_list("topic", flat=True))
    assert {"order.paid", "gift.ready"} <= topics


def test_settling_again_changes_nothing(double: StripeDouble, opened: Payment) -> None:
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    counts = Code.objects.count(), Posting.objects.count(), Message.objects.count()
    for _ in range(3):
        settle.settle(session_id=session_of(opened))
    assert (Code.objects.count(), Posting.objects.count(), Message.objects.count()) == counts


def test_stripes_fee_is_posted_once(double: StripeDouble, opened: Payment) -> None:
    double.pay(session_of(opened))
    for _ in range(2):
        settle.settle(session_id=session_of(opened))
    fees = Posting.objects.filter(account=Account.STRIPE_FEES).values_list("amount", flat=True)
    assert list(fees) == [68]  # 2.9 % of 13.00 and 30 cents


def test_a_fee_that_comes_late_is_posted_when_it_comes(
    double: StripeDouble, opened: Payment
) -> None:
    double.faults(settle_delay=3600)
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    assert not Posting.objects.filter(account=Account.STRIPE_FEES).exists()
    double.advance(3601)
    settle.settle(session_id=session_of(opened))
    assert Posting.objects.filter(account=Account.STRIPE_FEES).exists()


def test_an_unpaid_session_issues_nothing(opened: Payment, order: Order) -> None:
    settle.settle(session_id=session_of(opened))
    order.refresh_from_db()
    assert order.state == Order.State.PENDING
    assert not Code.objects.exists()


def test_an_expired_page_is_followed_by_a_new_one(
    double: StripeDouble, opened: Payment, order: Order
) -> None:
    double.advance(32 * 60)
    later = timezone.now() + timedelta(minutes=32)
    url = checkout_session.open_page(order=order, now=later)
    assert url != opened.page_url()
    states = dict(Payment.objects.values_list("attempt", "state"))
    assert states == {1: Payment.State.EXPIRED, 2: Payment.State.OPEN}


def test_what_is_paid_cannot_be_paid_again(
    double: StripeDouble, opened: Payment, order: Order
) -> None:
    double.pay(session_of(opened))
    settle.settle(session_id=session_of(opened))
    with pytest.raises(checkout_session.AlreadyPaid):
        checkout_session.open_page(order=order)


@pytest.fixture
def draft(brand: Brand) -> Draft:
    return Draft.objects.create(brand=brand)


class TestADraftThatWasChanged:
    """Amy goes back, adds a recipient and pays: the first page must not take money any more."""

    def test_the_first_page_is_closed(
        self, double: StripeDouble, place: Place, draft: Draft
    ) -> None:
        first = place(draft=draft)
        checkout_session.open_page(order=first)
        second = place(draft=draft, recipients=("Ben", "Cleo", "Dev"))
        checkout_session.open_page(order=second)
        first.refresh_from_db()
        assert first.state == Order.State.CANCELLED
        closed = Payment.objects.get(order=first)
        session = sessions.retrieve(session_of(closed))
        assert session is not None
        assert session.status == "expired"

    def test_a_first_page_that_was_paid_in_another_tab_wins(
        self, double: StripeDouble, place: Place, draft: Draft
    ) -> None:
        first, second = place(draft=draft), place(draft=draft, recipients=("Ben", "Cleo", "Dev"))
        checkout_session.open_page(order=first)
        double.pay(session_of(Payment.objects.get(order=first)))
        with pytest.raises(checkout_session.AlreadyPaid) as paid:
            checkout_session.open_page(order=second)
        assert paid.value.order == first
        assert not Payment.objects.filter(order=second).exists()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"total": 1}, "asked for 1 USD, paid 1300 USD"),
        ({"currency": "EUR"}, "asked for 1300 EUR, paid 1300 USD"),
        ({"state": "cancelled", "cancelled_at": "2026-05-03T12:00:00Z"}, "cancelled before"),
    ],
)
def test_a_payment_that_does_not_fit_issues_nothing_and_goes_back(
    double: StripeDouble,
    opened: Payment,
    order: Order,
    change: dict[str, object],
    problem: str,
) -> None:
    double.pay(session_of(opened))
    Order.objects.filter(pk=order.pk).update(**change)
    payment = settle.settle(session_id=session_of(opened))
    assert payment is not None
    assert payment.state == Payment.State.REFUSED
    assert problem in payment.problem
    assert not Code.objects.exists()
    assert Message.objects.filter(topic="payment.refused").count() == 1


def test_live_money_never_pays_for_a_test_order(
    double: StripeDouble, opened: Payment, settings: Any
) -> None:
    settings.STRIPE_LIVEMODE = True
    double.pay(session_of(opened))
    payment = settle.settle(session_id=session_of(opened))
    assert payment is not None
    assert payment.state == Payment.State.REFUSED


def test_a_cards_statement_says_the_brand_after_the_account(
    double: StripeDouble, order: Order, brand: Brand
) -> None:
    order.brand.statement_suffix = "FROSTY"
    order.brand.save()
    checkout_session.open_page(order=order)
    session_id = session_of(Payment.objects.get())
    double.pay(session_id)
    session = stripe_sdk.client().v1.checkout.sessions.retrieve(
        session_id, {"expand": ["payment_intent.latest_charge"]}
    )
    intent: Any = session.payment_intent
    assert intent.statement_descriptor_suffix == "FROSTY"
    assert intent.latest_charge.calculated_statement_descriptor.endswith("* FROSTY")


@pytest.mark.parametrize("suffix", ["FROSTY*", "12", "Größe", "x" * 23])
def test_the_double_refuses_what_stripe_refuses(
    double: StripeDouble, order: Order, suffix: str
) -> None:
    """So that a rule which let one through would stop the sales of a test, too."""
    order.brand.statement_suffix = suffix
    with pytest.raises(sessions.SessionRefused):
        checkout_session.open_page(order=order)
