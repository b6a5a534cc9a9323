"""What an order earns on top: seen before it is paid, kept free, and given with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.offers import purchase, write
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import UseRefused
from giftshop.orders.models import Order
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import sessions
from redemption.models import Code
from sandbox.stripe_double import StripeDouble
from tests.cast import Place, make_treat, today
from tests.giftshop.giving.steps import ready_draft, url
from tests.giftshop.offers.made import MIA, on_top
from tests.giftshop.payments.conftest import session_of


def state(offer: Offer) -> tuple[int, int]:
    offer.refresh_from_db()
    return offer.used, offer.spent


@pytest.mark.usefixtures("in_brand")
class TestWhatIsEarned:
    def test_by_gifts_or_by_money(self, brand: Brand, treat: Treat) -> None:
        offer, now = on_top(brand, treat), timezone.now()
        rich = on_top(brand, treat, name="Rich", least_gifts=None, least_total=5000, size="large")
        found = {
            (gifts, total): purchase.best(brand=brand, gifts=gifts, total=total, now=now)
            for gifts, total in ((1, 650), (2, 1300), (2, 5000), (1, 5000))
        }
        assert [each and each.offer for each in found.values()] == [None, offer, rich, rich]

    def test_what_is_used_up_is_earned_by_nobody(
        self, brand: Brand, treat: Treat, place: Place
    ) -> None:
        offer = on_top(brand, treat)
        with transaction.atomic():
            purchase.reserve(order_id=place().pk, offer_id=offer.pk, now=timezone.now())
        assert purchase.best(brand=brand, gifts=2, total=1300, now=timezone.now()) is None


@pytest.mark.usefixtures("in_brand")
class TestWhilePaying:
    @pytest.fixture
    def order(self, brand: Brand, treat: Treat, place: Place) -> Order:
        offer, order = on_top(brand, treat), place()
        Order.objects.filter(pk=order.pk).update(offer=offer)
        order.refresh_from_db()
        return order

    def test_it_is_kept_free_with_the_page_and_given_with_the_codes(
        self, order: Order, double: StripeDouble
    ) -> None:
        assert order.offer is not None
        checkout_session.open_page(order=order)
        checkout_session.open_page(order=order)  # a second click
        assert state(order.offer) == (1, 650)
        assert [(each.state, each.code) for each in OfferUse.objects.all()] == [("reserved", None)]
        opened = Payment.objects.get(order=order)
        double.pay(session_of(opened))
        settle.settle(session_id=session_of(opened))
        given = purchase.given_to(order.pk)
        assert given is not None
        assert given.code is not None
        assert (given.code.origin, given.code.balance) == ("promotional", 650)
        assert state(order.offer) == (1, 650)
        call_command("verify_ledger")

    def test_an_offer_that_is_changed_meanwhile_gives_what_was_promised(
        self, order: Order, double: StripeDouble, brand: Brand
    ) -> None:
        offer = order.offer
        assert offer is not None
        checkout_session.open_page(order=order)
        dearer = make_treat(brand, "sundae", 900)
        facts = replace(write.facts_of(offer), treat_id=dearer.pk, good_days=1)
        assert write.rewrite(offer, facts=facts, by=MIA, now=timezone.now())
        opened = Payment.objects.get(order=order)
        double.pay(session_of(opened))
        settle.settle(session_id=session_of(opened))
        given = purchase.given_to(order.pk)
        assert given is not None
        assert given.code is not None
        assert (given.code.label, given.code.amount) == ("Double scoop, Regular", 650)
        day = timezone.localdate(given.used_at, brand.tz)
        assert given.code.last_day == day + timedelta(days=30)
        assert state(offer) == (1, 650)

    def test_a_page_that_runs_out_lets_it_go(self, order: Order, double: StripeDouble) -> None:
        assert order.offer is not None
        checkout_session.open_page(order=order)
        opened = Payment.objects.get(order=order)
        sessions.expire(session_of(opened))
        for _again in range(2):
            settle.settle(session_id=session_of(opened))
        assert (state(order.offer), OfferUse.objects.count()) == ((0, 0), 0)
        checkout_session.open_page(order=order)  # and pays after all
        assert state(order.offer) == (1, 650)

    def test_who_is_too_late_gets_no_page(
        self, order: Order, double: StripeDouble, place: Place
    ) -> None:
        assert order.offer is not None
        with transaction.atomic():
            purchase.reserve(order_id=place().pk, offer_id=order.offer.pk, now=timezone.now())
        with pytest.raises(UseRefused):
            checkout_session.open_page(order=order)
        assert not Payment.objects.exists()

    def test_money_for_what_is_not_there_any_more_goes_back(
        self, order: Order, double: StripeDouble, place: Place
    ) -> None:
        """Its page had run out as far as we knew, somebody else took the last, then Stripe says paid."""
        assert order.offer is not None
        checkout_session.open_page(order=order)
        opened = Payment.objects.get(order=order)
        double.pay(session_of(opened))
        with transaction.atomic():
            purchase.let_go(order_id=order.pk)
            purchase.reserve(order_id=place().pk, offer_id=order.offer.pk, now=timezone.now())
        settle.settle(session_id=session_of(opened))
        opened.refresh_from_db()
        assert opened.state == Payment.State.REFUSED
        assert not Code.objects.exists()
        call_command("verify_ledger")

    @pytest.mark.parametrize("is_tried_again", [False, True])
    def test_money_that_fits_no_order_keeps_nothing_free(
        self, order: Order, double: StripeDouble, is_tried_again: bool
    ) -> None:
        """Paid is not what was asked for. A page that was opened since keeps it free, for that one."""
        assert order.offer is not None
        checkout_session.open_page(order=order)
        opened = Payment.objects.get(order=order)
        double.pay(session_of(opened))
        paid = sessions.retrieve(session_of(opened))
        assert paid is not None
        if is_tried_again:
            over = {"state": "expired", "settled_at": timezone.now(), "url_ciphertext": b""}
            Payment.objects.filter(pk=opened.pk).update(**over)
            checkout_session.open_page(order=order)
        settle.record(session=replace(paid, amount=paid.amount - 1), now=timezone.now())
        opened.refresh_from_db()
        assert opened.state == Payment.State.REFUSED
        assert state(order.offer) == ((1, 650) if is_tried_again else (0, 0))
        assert not Code.objects.exists()


def test_it_stands_in_the_basket_and_is_gone_when_it_is_gone(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    offer = on_top(brand, treat)
    draft = ready_draft(client, brand, treat)
    page = client.get(url(draft, "pay")).content.decode()
    assert "On top, for you: Double scoop, Regular" in page
    assert "A promotional gift from" in page
    [key] = {part.split('"')[0] for part in page.split('name="offer" value="')[1:]}
    with scope(brand=brand):
        Offer.objects.filter(pk=offer.pk).update(ends_on=today(brand) - timedelta(days=2))
    address = reverse("payment", args=[brand.slug, draft.pk])
    answer = client.post(address, {"offer": key}, follow=True)
    assert answer.redirect_chain[-1][0] == url(draft, "pay")
    words = answer.content.decode()
    assert "changed a moment ago" in words
    assert "On top, for you" not in words
    with scope(brand=brand):
        assert not Order.objects.exists()


def test_the_order_names_what_it_earned(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    offer = on_top(brand, treat)
    draft = ready_draft(client, brand, treat)
    client.post(reverse("payment", args=[brand.slug, draft.pk]))  # Stripe is not there
    with scope(brand=brand):
        assert Order.objects.get().offer_id == offer.pk


def test_who_comes_back_from_the_payment_page_still_has_the_last(
    client: Client, brand: Brand, treat: Treat, store: Store, double: StripeDouble
) -> None:
    offer = on_top(brand, treat, budget=650, uses_a_day_max=1)
    draft, other = ready_draft(client, brand, treat), Client()
    others = ready_draft(other, brand, treat)
    address = reverse("payment", args=[brand.slug, draft.pk])
    first = client.post(address)["Location"]
    assert first.startswith(double.url)
    page = client.get(url(draft, "pay")).content.decode()
    assert "On top, for you" in page
    [key] = {part.split('"')[0] for part in page.split('name="offer" value="')[1:]}
    assert client.post(address, {"offer": key})["Location"] == first
    assert "On top, for you" not in other.get(url(others, "pay")).content.decode()
    with scope(brand=brand):
        assert (state(offer), Order.objects.count()) == ((1, 650), 1)
