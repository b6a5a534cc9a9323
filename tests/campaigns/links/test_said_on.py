"""Whatever page of the shop somebody goes to from where a link led them, each of its links and forms says on
how they came: by which link, with which code, from which gift."""

from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.models import Link
from campaigns.planning import campaigns
from giftshop.catalog import store_list
from giftshop.catalog.models import Treat
from giftshop.giving import drafts
from giftshop.offers.models import Offer, OfferUse
from giftshop.orders import replies
from giftshop.orders.models import Draft, Gift, Order
from giftshop.questions import views as questions
from giftshop.questions.models import Question
from giftshop.reviews import views as reviews
from giftshop.reviews.models import Review, Standing
from redemption.models import Code
from tests.access.routes import every_route
from tests.cast import make_store, make_treat, today
from tests.giftshop.giving.steps import ready_draft, url
from tests.giftshop.offers.made import make_offer, percent_off

SHOP = ("shop/<slug:brand_slug>/", "stores/<slug:brand_slug>/", "o/<slug", "offer/<str")
"""As the routes of a shop's own pages begin."""
STEPS = ("give-who", "give-what", "give-say", "give-pay")
SAYS_NOTHING = {
    "give-draft": "leads to the first step of a present, which keeps how it began",
    **dict.fromkeys(STEPS, "are steps of it; what leads back from them to the shop says it"),
    **dict.fromkeys(
        (
            *("give-recipient", "give-recipient-removal", "give-recipient-correction"),
            *("give-pasted-recipients", "give-code", "payment"),
        ),
        "keep what is typed in it",
    ),
    "give-zones": "is a part of a step",
    "give-reply": "is a form on a gift's own page, and says that gift",
}


class Way(NamedTuple):
    """A link, or a form with what it sends besides what is typed."""

    address: str
    sends: dict[str, str]
    is_form: bool = False

    @property
    def leads_to(self) -> str:
        """The name of the page of ours; empty for anything else."""
        path = urlsplit(self.address).path
        try:
            return resolve(path).url_name or "" if path else ""
        except Resolver404:
            return ""

    @property
    def says(self) -> dict[str, str]:
        query = {name: said[-1] for name, said in parse_qs(urlsplit(self.address).query).items()}
        return {**query, **self.sends}


class Ways(HTMLParser):
    """All that a page leads to."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.found: list[Way] = []
        self.path = path
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href", "").startswith(("/", "?")):
            self._add(told["href"], is_form=False)
        elif tag == "form":
            self._add(told.get("action", ""), is_form=True)
        elif tag == "input" and told.get("type") == "hidden" and self.found:
            self.found[-1].sends[told["name"]] = told.get("value", "")
        elif told.get("formaction"):
            self._add(told["formaction"], is_form=True)

    def _add(self, address: str, *, is_form: bool) -> None:
        whole = address if address.startswith("/") else self.path + address
        self.found.append(Way(whole, {}, is_form))


def shop_routes() -> set[str]:
    return {name for name, route in every_route().items() if route.startswith(SHOP)}


class Shop(NamedTuple):
    """A German brand's shop with something on each page, and how somebody came to it."""

    brand: Brand
    way: Link
    discount: Offer
    said: dict[str, str]
    pages: dict[str, list[str]]
    """Addresses by the name of their page."""


@pytest.fixture
def shop(
    brand: Brand, link: Link, treat: Treat, store: Store, gift: Gift, monkeypatch: Any
) -> Shop:
    for module in (store_list, questions, reviews):
        monkeypatch.setattr(module, "PER_PAGE", 1)
    monkeypatch.setattr(store_list, "ALL_AT_ONCE_MAX", 1)
    monkeypatch.setattr(store_list, "SHOWN", 1)
    facts = {"country": "DE", "legal_name": "Frosty GmbH", "legal_address": "Am Markt 1"}
    Brand.objects.filter(pk=brand.pk).update(**facts)
    brand.refresh_from_db()
    make_store(brand, "ballard")
    make_treat(brand, "cone")
    now = timezone.now()
    with scope(brand=brand):
        for words in ("Is it vegan?", "Is it cold?"):
            Question.objects.create(
                brand=brand,
                name="Ada",
                words=words,
                language="en",
                may_be_shown=True,
                state="answered",
                answer="Yes.",
                asked_at=now,
                changed_at=now,
                answered_at=now,
                shown_at=now,
            )
        for each in [gift, *Gift.objects.exclude(pk=gift.pk)]:
            Code.objects.filter(pk=each.code_id).update(state="redeemed", balance=0)
            Review.objects.create(
                brand=brand,
                gift=each,
                treat=treat,
                stars=5,
                language="en",
                state="shown",
                judged_at=now,
                written_at=now,
                changed_at=now,
            )
        Standing.objects.update_or_create(
            treat=treat, defaults={"brand": brand, "shown": 9, "stars": 45, "counted_at": now}
        )
        terms_id = Order.objects.get().terms_id
        more = campaigns.plan(brand=brand, name="Of one treat", starts_on=today(brand))
        more.treats.add(treat)
    offer, discount = make_offer(brand, treat), percent_off(brand, promo_code="SPRING20")
    said = {"code": "SPRING20", "gift": replies.sign(gift), "link": link.slug}

    def at(name: str, *args: object, query: str = "") -> str:
        return reverse(name, args=[brand.slug, *args]) + query

    taker = Client()
    taker.get(f"/o/{offer.slug}/")
    taken = urlsplit(taker.post(f"/o/{offer.slug}/")["Location"]).path
    pages = {
        "shop": [at("shop"), at("shop", query=f"?link={link.slug}&ask=1")],
        "campaign_page": [
            at("campaign_page", link.campaign.slug),
            at("campaign_page", more.slug, query="?ask=1"),
        ],
        "shop_stores": [at("shop_stores"), at("shop_stores", query="?page=2&q=nowhere")],
        "questions": [at("questions"), at("questions", query="?page=2")],
        "reviews": [at("reviews", treat.slug), at("reviews", treat.slug, query="?page=2")],
        **{name: [at(name)] for name in ("legal_notice", "terms", "privacy", "accessibility")},
        "terms_version": [at("terms_version", terms_id)],
        "find-orders": [at("find-orders")],
        "offer": [f"/o/{offer.slug}/"],
        "offer-gift": [taken],
        "visitor_consent": [],
        "give": [],
    }
    with scope(brand=brand):
        assert OfferUse.objects.exists()
        way = Link.objects.with_everything().get(pk=link.pk)
    return Shop(brand, way, discount, said, pages)


def ways_from(client: Client, address: str, said: dict[str, str]) -> list[Way]:
    page = client.get(address, said)
    assert page.status_code == 200, address
    return Ways(page.content.decode(), page.request["PATH_INFO"]).found


def lost(ways: list[Way], said: dict[str, str]) -> list[tuple[str, str]]:
    """Of what leads to the shop, where it leads and what it does not say."""
    to_shop = shop_routes() - SAYS_NOTHING.keys()
    return [
        (way.address, name)
        for way in ways
        if way.leads_to in to_shop
        for name, value in said.items()
        if way.says.get(name) != value
    ]


def test_every_page_of_the_shop_is_walked_or_named(shop: Shop) -> None:
    assert shop.pages.keys() | SAYS_NOTHING.keys() == shop_routes()
    assert not shop.pages.keys() & SAYS_NOTHING.keys()


def test_each_link_and_form_of_each_page_says_on_how_its_reader_came(
    client: Client, shop: Shop
) -> None:
    met: set[str] = set()
    for addresses in shop.pages.values():
        for address in addresses:
            path, _mark, query = address.partition("?")
            asked = {name: said[0] for name, said in parse_qs(query).items()}
            ways = ways_from(client, path, {**asked, **shop.said})
            assert not lost(ways, shop.said), address
            met |= {way.leads_to for way in ways}
    reached = shop.pages.keys() - {"campaign_page", "offer", "terms_version"}
    assert reached <= met | {"offer-gift"}, "each is led to from some page"


def test_who_took_an_offer_is_led_to_it_with_all_of_it(client: Client, shop: Shop) -> None:
    [address] = shop.pages["offer"]
    client.get(address)
    taken = Way(client.post(address, shop.said)["Location"], {})
    assert taken.leads_to == "offer-gift"
    assert not lost([taken], shop.said)
    again = ways_from(client, address, shop.said)
    assert "offer-gift" in {way.leads_to for way in again}
    assert not lost(again, shop.said)


ASKED = {"words": "Is the mint vegan?", "name": "ada", "email": "ada@asks.example"}


def test_a_form_that_was_sent_leads_on_with_it(client: Client, shop: Shop) -> None:
    for name in ("questions", "find-orders"):
        [address, *_more] = shop.pages[name]
        sent = client.post(address, {**ASKED, **shop.said})
        assert sent.status_code == 302
        assert not lost([Way(sent["Location"], {})], shop.said)
        refused = client.post(address, {**ASKED, "email": "nobody", **shop.said})
        assert refused.status_code == 422
        assert not lost(Ways(refused.content.decode(), address).found, shop.said)


def test_an_answer_to_the_question_keeps_what_is_beside_the_link(
    client: Client, shop: Shop
) -> None:
    answer = reverse("visitor_consent", args=[shop.brand.slug])
    no = client.post(answer, {**shop.said, "answer": "no"})
    assert not lost([Way(no["Location"], {})], shop.said)
    yes = client.post(answer, {**shop.said, "answer": "yes"})
    beside = {name: said for name, said in shop.said.items() if name != "link"}
    assert not lost([Way(yes["Location"], {})], beside)
    assert "link" not in Way(yes["Location"], {}).says, "the browser knows it by now"
    page = Client().get(f"{shop.pages['privacy'][0]}?link={shop.way.slug}")
    assert not lost(Ways(page.content.decode(), "").found, {"link": shop.way.slug})


def test_a_step_of_a_present_leads_back_to_the_shop_with_what_it_began_by(
    client: Client, shop: Shop, treat: Treat
) -> None:
    done = ready_draft(client, shop.brand, treat)
    give = reverse("give", args=[shop.brand.slug])
    begun = client.post(give, {"treat": treat.slug, **shop.said})
    with scope(brand=shop.brand):
        draft = Draft.objects.select_related("brand").get(pk=begun["Location"].split("/")[4])
        assert draft.data["promo"] == "SPRING20"
        with drafts.changing(draft) as data:
            data.update({**done.data, "promo": data["promo"]})
    kept = {name: shop.said[name] for name in ("link", "code")}
    for step in STEPS:
        ways = ways_from(client, url(draft, step.removeprefix("give-")), {})
        assert "shop" in {way.leads_to for way in ways}
        assert not lost(ways, kept)
    # Who looks round in the shop once more and begins anew is the link's, too.
    [home] = {way.address for way in ways if way.leads_to == "shop"}
    forms = [way for way in ways_from(client, home, {}) if way.leads_to == "give"]
    assert forms
    anew = client.post(give, forms[0].sends)
    with scope(brand=shop.brand):
        second = Draft.objects.get(pk=anew["Location"].split("/")[4])
        assert (second.link_id, second.data["promo"]) == (shop.way.pk, "SPRING20")


def test_a_link_to_a_code_keeps_nothing_in_the_browser_and_asks(
    client: Client, shop: Shop, treat: Treat
) -> None:
    """From the post to an order that is the link's and less by the code."""
    with scope(brand=shop.brand):
        Link.objects.filter(pk=shop.way.pk).update(offer=shop.discount)
    browser = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}
    page = client.get(f"/l/{shop.way.slug}/", headers=browser, follow=True)
    assert "May we remember that you came by this link?" in page.content.decode()
    assert "20% off the order" in page.content.decode()
    assert set(client.cookies) <= {settings.CSRF_COOKIE_NAME, "messages"}
    forms = [way for way in Ways(page.content.decode(), "").found if way.leads_to == "give"]
    assert not lost(forms, {"link": shop.way.slug, "code": "SPRING20"})
    done = ready_draft(client, shop.brand, treat)
    begun = client.post(forms[0].address, {"treat": treat.slug, **forms[0].sends})
    with scope(brand=shop.brand):
        draft = Draft.objects.select_related("brand").get(pk=begun["Location"].split("/")[4])
        with drafts.changing(draft) as data:
            data.update({**done.data, "promo": data["promo"]})
    paying = client.get(url(draft, "pay")).content.decode()
    assert "$10.40" in paying.replace("\xa0", " ")


def test_a_code_of_the_address_is_said_on_as_the_brand_wrote_it_while_it_is_good(
    client: Client, shop: Shop
) -> None:
    page = shop.pages["terms"][0]

    def said_of(code: str) -> set[str]:
        said = {way.says.get("code", "") for way in ways_from(client, page, {"code": code})}
        return said - {""}

    for wrong in ("NOTHING99", "<b>", "\u202e", "a" * 5000):
        assert said_of(wrong) == set()
    assert said_of(" spring 20") == {"SPRING20"}
    with scope(brand=shop.brand):
        Offer.objects.filter(pk=shop.discount.pk).update(paused_at=timezone.now())
    assert said_of("SPRING20") == set()


def test_elsewhere_a_browser_keeps_both_and_addresses_stay_bare(client: Client, shop: Shop) -> None:
    Brand.objects.filter(pk=shop.brand.pk).update(country="US")
    moved = client.get(f"/o/{shop.discount.slug}/")
    assert moved["Location"] == shop.pages["shop"][0]
    assert client.cookies["promo"].value == "SPRING20"
    named = {name: shop.said[name] for name in ("link", "code")}
    ways = ways_from(client, shop.pages["shop"][0], named)
    assert not {name for way in ways for name in way.says} & named.keys()


def test_a_page_asks_once_for_each_thing_that_it_says_on(client: Client, shop: Shop) -> None:
    page = shop.pages["terms"][0]
    counts = []
    for said in ({}, {"link": shop.way.slug}, {"code": "SPRING20"}, shop.said):
        with CaptureQueriesContext(connection) as asked:
            client.get(page, said)
        counts.append(len(asked))
    assert [count - counts[0] for count in counts] == [0, 1, 1, 2]
