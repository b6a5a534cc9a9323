"""What an offer takes off an order: seen before it is paid, kept free, and booked with what was paid."""

import random
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.delivery.emails import receipt_letter
from giftshop.delivery.models import Delivery
from giftshop.offers import promo_codes, purchase, write
from giftshop.offers.discount import Basket, taken_off
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.purchase import PromoRefusal, PromoRefused
from giftshop.offers.use import UseRefused
from giftshop.offers.write import OfferRefused
from giftshop.orders import vat
from giftshop.orders.models import Draft, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import sessions
from giftshop.studio.offers.forms import OfferForm
from redemption import discounts
from redemption.models import Account, Code, Posting
from sandbox.stripe_double import StripeDouble
from tests.cast import Place, line, make_treat, pay
from tests.giftshop.giving.steps import now_in, ready_draft, url
from tests.giftshop.offers.made import MIA, amount_off, on_top, percent_off
from tests.giftshop.offers.test_purchase import state
from tests.giftshop.payments.conftest import calls, session_of
from tests.redemption.books import balances

__all__ = ["calls"]
NOW = timezone.now


def off(place: Place, offer: Offer, **more: Any) -> Order:
    """Two gifts of 6.50, less what the offer takes off."""
    given = taken_off(offer, Basket(2, 1300))
    assert given is not None
    return place(offer=offer, discount=given.cost, **more)


@pytest.mark.usefixtures("in_brand")
class TestHowMuch:
    def test_a_percentage_or_an_amount(self, brand: Brand) -> None:
        offers = {each: percent_off(brand, each) for each in (1, 15, 20, 99)}
        found = {each: taken_off(offer, Basket(2, 1301)) for each, offer in offers.items()}
        assert {each: given and given.cost for each, given in found.items()} == {
            1: 14,
            15: 196,
            20: 261,
            99: 1251,  # fifty cents are left: Stripe charges no less
        }
        assert [given.is_capped for given in found.values() if given] == [False, False, False, True]
        given = taken_off(amount_off(brand), Basket(2, 1300))
        assert given == ("Three off", 300, None, None, False)

    def test_nothing_can_be_taken_off_what_is_hardly_charged(self, brand: Brand) -> None:
        assert taken_off(percent_off(brand), Basket(1, 50)) is None

    def test_the_database_refuses_what_is_no_discount(self, brand: Brand) -> None:
        offer = percent_off(brand)
        for wrong in (
            {"percent": 0},
            {"percent": 100},
            {"percent": None},
            {"amount": 100},
            {"whom": "anybody"},
            {"gives": "off"},
            {"gives": "off", "percent": None, "amount": 300},
            {"gives": "off", "percent": None, "amount": 300, "least_total": 300},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Offer.objects.filter(pk=offer.pk).update(**wrong)

    def test_what_is_worth_most_is_earned(self, brand: Brand, treat: Treat) -> None:
        on_top(brand, treat)  # 6.50
        fifth = percent_off(brand)
        found = [purchase.best(brand=brand, gifts=2, total=t, now=NOW()) for t in (1300, 5000)]
        assert [each and (each.offer.name, each.discount) for each in found] == [
            ("A scoop on us", 0),
            (fifth.name, 1000),
        ]


@pytest.mark.usefixtures("in_brand")
class TestCodes:
    def test_case_spaces_dashes_and_look_alikes_don_t_matter(self, brand: Brand) -> None:
        offer = percent_off(brand, promo_code="WELCOME10")
        for typed in (
            "WELCOME10",
            " welcome-10 ",
            "Wel come 1O",
            "WE1C0MEl0",
            "\uff37elcome10",
        ):
            earned = purchase.by_code(typed=typed, basket=Basket(1, 1000), now=NOW())
            assert (earned.offer, earned.discount) == (offer, 200), typed

    def test_the_database_has_the_same_key(self, brand: Brand) -> None:
        for code in ("OIL0", "LION2026", "B00K", "ABCD"):
            offer = percent_off(brand, name=code, promo_code=promo_codes.read(code))
            offer.refresh_from_db()
            assert offer.promo_key == promo_codes.key_of(code)

    @pytest.mark.parametrize("typed", ["", "abc", "x" * 21, "WELCOME!", "\x00", "Ünlaut", "' OR 1"])
    def test_what_can_be_no_code_is_none(self, brand: Brand, typed: str) -> None:
        percent_off(brand)  # has no code, and is found by none
        assert promo_codes.read(typed) == ""
        assert self.refused(typed) == PromoRefusal.UNKNOWN

    def refused(self, typed: str, gifts: int = 1, total: int = 1000) -> PromoRefusal:
        with pytest.raises(PromoRefused) as refused:
            purchase.by_code(typed=typed, basket=Basket(gifts, total), now=NOW())
        return refused.value.reason

    def test_why_it_takes_nothing_off(self, brand: Brand) -> None:
        day = timezone.localdate(NOW(), brand.tz)
        percent_off(brand, name="1", promo_code="SOON", starts_on=day + timedelta(days=2))
        percent_off(brand, name="2", promo_code="PAST", ends_on=day - timedelta(days=1),
                    starts_on=day - timedelta(days=2))  # fmt: skip
        resting = percent_off(brand, name="3", promo_code="RESTS")
        write.pause(resting, by=MIA, now=NOW())
        percent_off(brand, name="4", promo_code="THREE", least_gifts=3)
        amount_off(brand, name="5", promo_code="MONEY")
        used = percent_off(brand, name="6", promo_code="GONE", uses_max=1)
        Offer.objects.filter(pk=used.pk).update(used=1)
        percent_off(brand, name="7", promo_code="POOR", budget=199, uses_max=None)
        assert {code: self.refused(code, total=999) for code in
                ("SOON", "PAST", "RESTS", "THREE", "MONEY", "GONE", "NONE", "POOR")} == {
            "SOON": "unknown", "PAST": "over", "RESTS": "unknown", "THREE": "few_gifts",
            "MONEY": "little", "GONE": "over", "NONE": "unknown", "POOR": "over",
        }  # fmt: skip
        assert self.refused("POOR", total=50) == "too_small"
        assert purchase.by_code(typed="poor", basket=Basket(1, 995), now=NOW()).discount == 199

    def test_one_brand_s_code_is_none_of_another_s(self, brand: Brand, other_brand: Brand) -> None:
        percent_off(other_brand, promo_code="THEIRS")
        assert self.refused("THEIRS") == "unknown"
        percent_off(brand, promo_code="THEIRS")  # each may have its own

    def test_two_offers_never_share_a_code(self, brand: Brand) -> None:
        percent_off(brand, promo_code="SOLO")
        other = percent_off(brand, name="Other", promo_code="DUET")
        with pytest.raises(OfferRefused):
            percent_off(brand, name="Third", promo_code="S0LO")
        facts = replace(write.facts_of(other), promo_code="5OLO")
        assert write.rewrite(other, facts=facts, by=MIA, now=NOW())
        with pytest.raises(OfferRefused):
            write.rewrite(other, facts=replace(facts, promo_code="SOL0"), by=MIA, now=NOW())
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.filter(pk=other.pk).update(promo_code="SOL0")

    def test_with_a_code_nobody_is_held_out_and_nobody_has_it_without(self, brand: Brand) -> None:
        percent_off(brand, promo_code="MINE", holds_out=True)
        for n in range(40):
            sender = f"amy{n}@senders.example"
            found = purchase.best(brand=brand, gifts=2, total=900, sender=sender, now=NOW())
            assert found is None
        assert purchase.by_code(typed="mine", basket=Basket(2, 900), now=NOW()).discount == 180


@pytest.mark.usefixtures("in_brand")
class TestBooks:
    def test_what_was_paid_and_what_was_not(self, brand: Brand, place: Place) -> None:
        order = pay(off(place, percent_off(brand, 15)))
        assert (order.total, order.discount, order.worth) == (1105, 195, 1300)
        assert [(gift.discount, gift.paid) for gift in order.gifts.order_by("position")] == [
            (98, 552),
            (97, 553),
        ]
        assert balances() == {
            Account.STRIPE_CLEARING: 1105,
            Account.PROMO_EXPENSE: 195,
            Account.GIFT_LIABILITY: -1300,
        }
        assert Posting.objects.values("entry").distinct().count() == 1
        assert [code.balance for code in Code.objects.all()] == [650, 650]
        call_command("verify_ledger")

    def test_vat_is_of_what_was_paid(self, brand: Brand, place: Place) -> None:
        Brand.objects.filter(pk=brand.pk).update(vat_rate=1000)
        brand.refresh_from_db()
        order = off(place, percent_off(brand))
        [line] = vat.of_gifts(order.gifts.all()).lines
        assert (line.net, line.vat) == (945, 95)

    def test_a_use_has_its_cost_and_no_code(self, brand: Brand, place: Place) -> None:
        offer = percent_off(brand)
        order = pay(off(place, offer))
        assert state(offer) == (1, 260)
        use = OfferUse.objects.get()
        assert (use.state, use.is_discount, use.cost, use.order_id, use.code) == (
            *("used", True, 260, order.pk),
            None,
        )
        assert purchase.given_to(order.pk) is None  # nothing on top
        message = Message.objects.filter(topic=Topic.OFFER_USED).first()
        assert message is not None
        told = message.payload
        assert (told["cost"], told["is_discount"]) == (260, True)

    def test_an_offer_with_others_gifts_promises_nothing_more(
        self, brand: Brand, treat: Treat, place: Place
    ) -> None:
        """What was placed with a discount has that, whatever its offer gives since."""
        offer = percent_off(brand)
        order = off(place, offer)
        thing = {"gives": "treat", "treat_id": treat.pk, "size": "regular", "percent": None}
        facts = replace(write.facts_of(offer), least_gifts=2, **thing)  # type: ignore[arg-type]
        assert write.rewrite(offer, facts=facts, by=MIA, now=NOW())
        pay(order)
        assert OfferUse.objects.get().is_discount
        assert Code.objects.count() == 2
        call_command("verify_ledger")

    def test_an_order_names_its_discount_for_good(self, brand: Brand, place: Place) -> None:
        offer = percent_off(brand, translations={"de": {"name": "Ein Fünftel weniger"}})
        with translation.override("de"):
            order = off(place, offer)
        write.rewrite(offer, facts=replace(write.facts_of(offer), name="x"), by=MIA, now=NOW())
        order.refresh_from_db()
        assert order.discount_name == "Ein Fünftel weniger"

    def test_a_budget_is_never_overrun_by_a_cent(self, brand: Brand, place: Place) -> None:
        """Random percentages and amounts, paid or let go."""
        rng = random.Random(45)
        for history in range(8):
            budget = rng.randint(100, 3000)
            caps: dict[str, Any] = {"budget": budget, "uses_max": rng.choice([None, 4])}
            name = f"No. {history}"
            offer = (
                percent_off(brand, rng.randint(1, 99), name=name, **caps)
                if rng.random() < 0.6
                else amount_off(brand, rng.randint(1, 999), name=name, **caps)
            )
            for _ in range(8):
                order = off(place, offer)
                try:
                    if rng.random() < 0.3:
                        with transaction.atomic():
                            purchase.reserve(order_id=order.pk, offer_id=offer.pk,
                                             discount=order.discount, now=NOW())  # fmt: skip
                            purchase.let_go(order_id=order.pk)
                    else:
                        with transaction.atomic():
                            purchase.give(order_id=order.pk, offer_id=offer.pk,
                                          discount=order.discount, now=NOW())  # fmt: skip
                except UseRefused:
                    continue
            offer.refresh_from_db()
            costs = [use.cost for use in OfferUse.objects.filter(offer=offer)]
            assert offer.spent == sum(costs) <= budget
            assert offer.used == len(costs) <= (caps["uses_max"] or 8)


@pytest.mark.usefixtures("in_brand")
class TestWhilePaying:
    def test_it_is_kept_free_and_stripe_s_page_shows_it(
        self, brand: Brand, place: Place, double: StripeDouble, calls: list[str]
    ) -> None:
        offer = percent_off(brand, 15, uses_max=1)
        order = off(place, offer)
        checkout_session.open_page(order=order)
        assert state(offer) == (1, 195)
        [session] = double.world.store.newest("checkout.session")
        assert [line["amount_total"] for line in session["_lines"]] == [552, 553]
        words = [line["_product"]["description"] for line in session["_lines"]]
        assert words[0].endswith("· Ben · $6.50 \N{MINUS SIGN} $0.98 · A fifth off")
        opened = Payment.objects.get(order=order)
        assert opened.amount == session["amount_total"] == 1105
        double.pay(session_of(opened))
        settle.settle(session_id=session_of(opened))
        opened.refresh_from_db()
        assert opened.state == Payment.State.PAID
        assert [call for call in calls if call.startswith("POST")] == ["POST /v1/checkout/sessions"]
        call_command("verify_ledger")

    def test_a_page_that_runs_out_lets_it_go(
        self, brand: Brand, place: Place, double: StripeDouble
    ) -> None:
        offer = percent_off(brand, uses_max=1)
        order = off(place, offer)
        checkout_session.open_page(order=order)
        opened = Payment.objects.get(order=order)
        sessions.expire(session_of(opened))
        settle.settle(session_id=session_of(opened))
        assert (state(offer), OfferUse.objects.count()) == ((0, 0), 0)
        checkout_session.open_page(order=order)
        assert state(offer) == (1, 260)

    def test_money_for_what_is_not_there_any_more_goes_back(
        self, brand: Brand, place: Place, double: StripeDouble
    ) -> None:
        offer = percent_off(brand, uses_max=1)
        order = off(place, offer)
        checkout_session.open_page(order=order)
        opened = Payment.objects.get(order=order)
        double.pay(session_of(opened))
        with transaction.atomic():
            purchase.let_go(order_id=order.pk)
            purchase.reserve(
                order_id=off(place, offer).pk, offer_id=offer.pk, discount=260, now=NOW()
            )
        settle.settle(session_id=session_of(opened))
        opened.refresh_from_db()
        assert opened.state == Payment.State.REFUSED
        assert not Code.objects.exists()
        found = balances()
        assert found[Account.STRIPE_CLEARING] + found[Account.STRIPE_FEES] == 1040
        assert found[Account.CUSTOMER_REFUNDS_PAYABLE] == -1040
        assert Account.PROMO_EXPENSE not in found
        call_command("verify_ledger")


def code(client: Client, draft: Any, typed: str = "", **more: str) -> str:
    """The pay page, once that was typed."""
    answer = client.post(url(draft, "code"), {"promo": typed, **more}, follow=True)
    page, led = answer.content.decode(), answer.redirect_chain[-1][0]
    is_wrong = 'aria-invalid="true"' in page
    assert led == url(draft, "pay") + ("?check=1#problems" if is_wrong else "#promo")
    return page


class TestPage:
    def test_a_code_is_typed_seen_and_taken_away_again(
        self, client: Client, brand: Brand, treat: Treat, store: Store
    ) -> None:
        percent_off(brand, promo_code="WELCOME20", terms="For new ones.")
        draft = ready_draft(client, brand, treat)
        assert "Have a code?" in client.get(url(draft, "pay")).content.decode()
        page = code(client, draft, "welcome 20")
        assert "Discount: <bdi>A fifth off</bdi>" in page
        assert "20% off the order" in page
        assert "For new ones." in page
        assert "Send 2 gifts for $10.40" in page
        assert "Have a code?" not in page
        page = code(client, draft, remove="yes")
        assert "Send 2 gifts for $13.00" in page
        assert "promo" not in now_in(draft).data

    @pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\u200f", "\u202e", "\t"])
    def test_a_pasted_code_is_read_without_what_nobody_sees(
        self, client: Client, brand: Brand, treat: Treat, store: Store, unseen: str
    ) -> None:
        percent_off(brand, promo_code="WELCOME20")
        draft = ready_draft(client, brand, treat)
        page = code(client, draft, f"{unseen}WELCOME{unseen}20{unseen}")
        assert "Send 2 gifts for $10.40" in page

    def test_one_that_is_not_good_says_why_and_keeps_what_was_typed(
        self, client: Client, brand: Brand, treat: Treat, store: Store
    ) -> None:
        percent_off(brand, promo_code="THREE", least_gifts=3)
        amount_off(brand, least_total=2000, promo_code="MONEY")
        draft = ready_draft(client, brand, treat)
        for typed, why in (
            ("nope", "This code isn't one that is good right now"),
            ("three", "This code is for at least 3 gifts at once."),
            ("money", "This code is for orders of at least $20.00."),
            ("<b>'\"", "This code isn't one that is good right now"),
        ):
            page = code(client, draft, typed)
            assert why in unescape(page)
            assert "Send 2 gifts for $13.00" in page
            assert "<b>'" not in page
            assert 'href="#id_promo"' in page
        assert 'value="money"' in code(client, draft, "money")
        assert "Type the code." in code(client, draft, " ")

    def test_a_code_comes_in_place_of_what_is_earned_without(
        self, client: Client, brand: Brand, treat: Treat, store: Store
    ) -> None:
        on_top(brand, treat)
        percent_off(brand, 10, promo_code="TENOFF")
        draft = ready_draft(client, brand, treat)
        assert "On top, for you" in client.get(url(draft, "pay")).content.decode()
        page = code(client, draft, "tenoff")
        assert "On top, for you" not in page
        assert re.search(r"can't be joined with\s+.*A scoop on us", page)
        assert "$11.70" in page

    def test_it_is_paid_as_it_was_seen(
        self, client: Client, brand: Brand, treat: Treat, store: Store, double: StripeDouble
    ) -> None:
        offer = percent_off(brand, promo_code="WELCOME20", uses_max=1)
        draft = ready_draft(client, brand, treat)
        page = code(client, draft, "welcome20")
        [key] = {part.split('"')[0] for part in page.split('name="offer" value="')[1:]}
        address = reverse("payment", args=[brand.slug, draft.pk])
        with scope(brand=brand):
            dearer = replace(write.facts_of(offer), percent=10)
            write.rewrite(offer, facts=dearer, by=MIA, now=NOW())
        answer = client.post(address, {"offer": key}, follow=True)  # it was changed meanwhile
        assert "changed a moment ago" in answer.content.decode()
        assert "$11.70" in answer.content.decode()
        with scope(brand=brand):
            assert not Order.objects.exists()
            write.rewrite(offer, facts=replace(dearer, percent=20), by=MIA, now=NOW())
        first = client.post(address, {"offer": key})["Location"]
        assert first.startswith(double.url)
        with scope(brand=brand):
            order = Order.objects.get()
            assert (order.total, order.discount, order.offer) == (1040, 260, offer)
        # Back from Stripe's page, the last one is still theirs, and nobody else's.
        assert "$10.40" in client.get(url(draft, "pay")).content.decode()
        assert client.post(address, {"offer": key})["Location"] == first
        other = Client()
        late = ready_draft(other, brand, treat)
        assert "This code has ended." in code(other, late, "welcome20")

    def test_its_link_brings_it_along(
        self, client: Client, brand: Brand, treat: Treat, store: Store
    ) -> None:
        offer = percent_off(brand, promo_code="LINKED")
        answer = client.get(reverse("offer", args=[offer.slug]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("shop", args=[brand.slug])
        assert "20% off the order" in answer.content.decode()
        begun = client.post(reverse("give", args=[brand.slug]))
        with scope(brand=brand):
            draft = Draft.objects.get(pk=begun["Location"].split("/")[4])
        assert draft.data["promo"] == "LINKED"

    def test_a_link_of_what_has_ended_brings_nothing(self, client: Client, brand: Brand) -> None:
        offer = percent_off(brand, promo_code="LINKED")
        with scope(brand=brand):
            write.pause(offer, by=MIA, now=NOW())
        client.get(reverse("offer", args=[offer.slug]))
        assert "promo" not in client.cookies


def test_receipt_and_order_page_say_what_was_taken_off(
    client: Client, brand: Brand, place: Place, store: Store
) -> None:
    with scope(brand=brand):
        order = pay(off(place, percent_off(brand)))
        page = client.get(f"/orders/{order.link_token()}/").content.decode()
        delivery = Delivery.objects.create(
            brand=brand,
            subject=f"order:{order.pk}",
            purpose="receipt",
            address=order.sender_email,
            created_at=NOW(),
        )
        letter = receipt_letter(delivery, order)
    html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]
    for words in (page, str(letter.body), html):
        assert "A fifth off" in words
        assert re.search(r"\N{MINUS SIGN}(<[^>]*>|[\u2066-\u2069])*\$2\.60", words)
        assert "$10.40" in words


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"gives": "percent", "percent": "15", "promo_code": "spring 15"}, {}),
        ({"gives": "off", "amount": "5", "least_total": "20"}, {}),
        ({"gives": "off", "amount": "5", "least_total": "5"}, {"least_total"}),
        ({"gives": "off", "amount": "5", "least_total": "4.99"}, {"least_total"}),
        ({"gives": "off", "amount": "5"}, {"least_total"}),
        ({"gives": "percent", "percent": "100"}, {"percent"}),
        ({"gives": "percent", "percent": "15", "promo_code": "abc"}, {"promo_code"}),
    ],
)
def test_what_a_marketer_says_of_it(brand: Brand, said: dict[str, str], faults: set[str]) -> None:
    common = {"name": "Spring", "whom": "anybody", "good_days": "30", "starts_on": "2026-05-01"}
    with scope(brand=brand):
        form = OfferForm({**common, "budget": "100", **said}, brand=brand)
        assert form.errors.keys() == set(faults)
        if not faults:
            made = write.add(brand=brand, facts=form.facts(), by=MIA, now=NOW())
            assert (made.whom, made.takes_off) == ("sender", True)
            assert made.promo_code == ("SPRING15" if "promo_code" in said else "")


def test_the_most_that_can_be_taken_off_is_said(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    percent_off(brand, 99)
    draft = ready_draft(client, brand, treat)
    page = client.get(url(draft, "pay")).content.decode()
    assert "That is as much as can be taken off here" in page
    assert "$0.50" in page
    assert discounts.most_off(1300, 2, "USD") == 1250


def test_another_currency_keeps_its_coins(brand: Brand, place: Place) -> None:
    Brand.objects.filter(pk=brand.pk).update(currency="KWD")
    brand.refresh_from_db()
    with scope(brand=brand):
        coins = make_treat(brand, "karak", 1_230)
        offer = percent_off(brand, 33)
        given = taken_off(offer, Basket(3, 3_690))
        assert given is not None
        assert given.cost == 1_220
        lines = [line(coins, name) for name in ("Ben", "Cleo", "Dan")]
        order = pay(place(lines=lines, offer=offer, discount=given.cost))
        assert [gift.paid for gift in order.gifts.order_by("position")] == [820, 820, 830]
        call_command("verify_ledger")
