"""From an offer's page to the counter, with a phone."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.planning import campaigns
from giftshop.catalog import sold_out
from giftshop.catalog.models import Option, Treat
from giftshop.counter import treat_facts
from giftshop.offers import views, write
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import use
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from tests.campaigns.conftest import BROWSER
from tests.cast import make_treat, symbols, today
from tests.giftshop.offers.made import MIA, make_offer

PROMOTIONAL = "A promotional gift from"


@pytest.fixture
def offer(brand: Brand, treat: Treat, store: Store) -> Offer:
    return make_offer(brand, treat, terms="One scoop, not on holidays.")


def page_of(offer: Offer) -> str:
    return f"/o/{offer.slug}/"


def test_a_phone_takes_it_once(client: Client, offer: Offer, device: Device) -> None:
    shown = client.get(page_of(offer))
    words = shown.content.decode()
    assert (shown.status_code, PROMOTIONAL in words) == (200, True)
    assert "Taken today, it is good until" in words
    assert "not on holidays" in words
    assert "taker" not in shown.cookies, "who only looks keeps nothing"
    taken = client.post(page_of(offer))
    cookie = taken.cookies["taker"]
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == ("/o/", True, "Lax")
    client.cookies.pop("taker")
    again = client.post(page_of(offer))  # a double tap: sent before the first was answered
    assert (taken.status_code, taken["Location"]) == (303, again["Location"])
    assert again.cookies["taker"].value == cookie.value
    back = client.get(page_of(offer)).content.decode()
    assert "You have yours already." in back
    assert taken["Location"] in back

    gift = Client().get(taken["Location"])  # whoever has the link has the gift
    words = gift.content.decode()
    with scopes_disabled():
        code = Code.objects.get()
    assert symbols(code) in words
    assert PROMOTIONAL in words
    assert "Good until" in words
    assert gift["Referrer-Policy"] == "no-referrer"
    with scope(brand=offer.brand):
        answer = redeem(
            device=device, text=symbols(code), key="a", picks={"flavour": "mint"}, staff=None
        )
    assert answer.redeemed, answer
    assert "Enjoyed" in client.get(taken["Location"]).content.decode()


def test_what_was_taken_leads_on_to_the_campaign_that_brought_it_or_to_the_shop(
    client: Client, offer: Offer, brand: Brand
) -> None:
    with scope(brand=brand):
        porch = campaigns.plan(brand=brand, name="Porch", starts_on=date(2026, 1, 1))
        link = links.add(campaign=porch, channel="poster", name="Window", offer=offer)
    client.get(page_of(offer))
    taken = client.post(page_of(offer))["Location"]
    assert 'href="/shop/frosty-spoon/"' in part(client.get(taken))
    client.get(f"/l/{link.slug}/", headers=BROWSER)
    assert 'href="/shop/frosty-spoon/c/porch/"' in part(client.get(taken))


def part(page: Any) -> str:
    """Of the page, what stands at its end."""
    return str(page.content.decode().partition('id="way-on"')[2])


def test_another_phone_gets_another(client: Client, offer: Offer) -> None:
    other = Client()
    for phone in (client, other):
        phone.get(page_of(offer))
    assert client.post(page_of(offer))["Location"] != other.post(page_of(offer))["Location"]


def test_a_look_gives_nothing(client: Client, offer: Offer) -> None:
    client.get(page_of(offer))
    client.head(page_of(offer))
    with scopes_disabled():
        assert not OfferUse.objects.exists()


def test_who_keeps_no_cookie_is_told_so(client: Client, offer: Offer) -> None:
    answer = client.post(page_of(offer))
    assert (answer.status_code, "Tap once more" in answer.content.decode()) == (422, True)
    assert client.post(page_of(offer)).status_code == 303, "it has one by now"


def test_who_comes_too_late_reads_why(client: Client, offer: Offer) -> None:
    client.get(page_of(offer))
    with scope(brand=offer.brand):
        write.pause(offer, by=MIA, now=timezone.now())
    answer = client.post(page_of(offer))
    assert (answer.status_code, "It rests for now" in answer.content.decode()) == (409, True)
    Offer._base_manager.update(paused_at=None, ends_on=today(offer.brand) - timedelta(days=3))
    assert re.search("It is over since", client.get(page_of(offer)).content.decode())


def test_what_was_changed_meanwhile_is_shown_once_more(client: Client, offer: Offer) -> None:
    client.get(page_of(offer))
    answer = client.post(page_of(offer), {"seen": "0" * 16})
    assert answer.status_code == 409
    assert "changed a moment ago" in answer.content.decode()


def test_what_was_given_is_shown_though_others_get_something_else_now(
    client: Client, offer: Offer, brand: Brand
) -> None:
    client.get(page_of(offer))
    taken = client.post(page_of(offer))["Location"]
    other = make_treat(brand, "sundae", 900)
    with scope(brand=brand):
        Treat.objects.filter(pk=offer.treat_id).update(description="Two scoops of ours.")
        Treat.objects.filter(pk=other.pk).update(description="With nuts on top.")
        facts = replace(write.facts_of(offer), treat_id=other.pk)
        assert write.rewrite(offer, facts=facts, by=MIA, now=timezone.now())
    words = client.get(taken).content.decode()
    assert "Two scoops of ours." in words
    assert "With nuts on top." not in words


def test_one_that_became_for_others_meanwhile_leads_to_the_shop(
    client: Client, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(page_of(offer))
    use = views.use

    def a_moment_later(**asked: Any) -> OfferUse:
        Offer.objects.update(whom=Offer.Whom.RECIPIENT)
        return use(**asked)

    monkeypatch.setattr(views, "use", a_moment_later)
    assert client.post(page_of(offer))["Location"] == f"/shop/{offer.brand.slug}/"
    with scopes_disabled():
        assert not OfferUse.objects.exists()


@pytest.mark.parametrize("path", ["/o/nothing-here/", "/offer/nobodys/"])
def test_nothing_is_there(client: Client, offer: Offer, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_shop_that_has_not_opened_gives_nothing(client: Client, offer: Offer) -> None:
    Brand.objects.update(opened_at=None)
    assert client.get(page_of(offer)).status_code == 404


def test_a_link_hands_it_out_and_its_campaign_is_named(client: Client, offer: Offer) -> None:
    with scope(brand=offer.brand):
        campaign = campaigns.plan(brand=offer.brand, name="May", starts_on=today(offer.brand))
        link = links.add(campaign=campaign, channel="poster", name="Window", offer=offer)
    led = client.get(f"/l/{link.slug}/", headers=BROWSER)
    assert led["Location"] == page_of(offer)
    client.get(page_of(offer))
    client.post(page_of(offer))
    with scopes_disabled():
        assert Code.objects.get().campaign_id == campaign.pk


def test_the_till_asks_and_says_of_it_what_it_says_of_what_was_bought(
    offer: Offer, brand: Brand, treat: Treat, store: Store
) -> None:
    with scope(brand=brand):
        vanilla = Option.objects.get(group__treat=treat, key="vanilla")
        Treat.objects.filter(pk=treat.pk).update(allergens=["milk"])
        made = use(offer_id=offer.pk, holder="browser:a", now=timezone.now())
        sold_out.mark_sold_out(store=store, things=[vanilla], by=MIA, now=timezone.now())
        assert made.code is not None
        facts = treat_facts.of_code(store, made.code.pk, timezone.now())
    assert facts is not None
    assert facts.gone == {"flavour:vanilla"}
    assert facts.contents
    assert {choice["key"] for choice in made.code.choices} >= {"flavour"}
    assert facts.is_here
    assert facts.choices.keys() >= {"flavour:mint"}
