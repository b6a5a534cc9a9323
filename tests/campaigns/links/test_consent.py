"""Where a country wants it, a browser is known again only after its yes; until then the address says the
link."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.links import links, visitor_cookie
from campaigns.links.follower import Follower
from campaigns.models import Attribution, Campaign, CounterVisit, Link, Rollup, Visit
from campaigns.planning import campaigns
from core import crypto
from giftshop.catalog.models import Treat
from giftshop.giving import drafts
from giftshop.notices import privacy
from giftshop.orders import counter_links
from giftshop.orders.models import Draft, Gift, Order
from redemption.models import Code, Device, Redemption
from redemption.redeem import redeem
from tests.campaigns.conftest import BROWSER, hear
from tests.cast import Place, pay, symbols, today
from tests.giftshop.giving.steps import ready_draft, url
from tests.giftshop.offers.made import make_offer
from tests.page_words import plain_text

PAGE = "/shop/frosty-spoon/c/two-for-the-weekend/"
ANSWER = "/shop/frosty-spoon/visitor/"
QUESTION = "May we remember that you came by this link?"
NEEDED = {settings.CSRF_COOKIE_NAME}
"""What a page with a form cannot do without."""


@pytest.fixture
def german(brand: Brand) -> Brand:
    Brand.objects.filter(pk=brand.pk).update(country="DE")
    brand.country = "DE"
    return brand


@pytest.fixture
def way(german: Brand, link: Link, store: Store, treat: Treat) -> Link:
    """A link of the German brand, to one of its treats."""
    with scope(brand=german):
        Link.objects.filter(pk=link.pk).update(treat=treat)
        return Link.objects.with_everything().get(pk=link.pk)


def page_of(way: Link) -> str:
    """Of its campaign, the treat first."""
    assert way.treat
    return f"{PAGE}?treat={way.treat.slug}"


def follow(client: Client, way: Link, **headers: str) -> str:
    """The address that it leads to."""
    answer = client.get(f"/l/{way.slug}/", headers={**BROWSER, **headers})
    assert answer.status_code == 302
    assert not answer.cookies
    return answer["Location"]


def asked(client: Client, way: Link, **headers: str) -> dict[str, str]:
    """What the question of the page sends along; empty: nobody is asked."""
    page = client.get(follow(client, way, **headers), headers=headers).content.decode()
    if QUESTION not in page:
        return {}
    form = page.split(f'action="{ANSWER}"')[1].split("</form>")[0]
    return dict(re.findall(r'name="(link|visitor)" value="([^"]+)"', form))


def cookie_of(brand: Brand) -> str:
    return visitor_cookie.name_of(brand)


def visits(brand: Brand, **of: Any) -> list[Visit]:
    with scope(brand=brand):
        return list(Visit.objects.filter(**of).order_by("at", "id"))


def test_a_follow_is_counted_and_nothing_is_kept(client: Client, way: Link) -> None:
    leads_to = follow(client, way)
    assert leads_to == f"{page_of(way)}&link={way.slug}&ask=1"
    [visit] = visits(way.brand)
    assert (bytes(visit.visitor), visit.new_visitor, visit.is_repeat) == (b"", None, False)
    with scope(brand=way.brand):
        assert Rollup.objects.seen_by(Rollup.Grain.LINK).get().visits == 1
    page = client.get(leads_to)
    words = plain_text(page.content.decode())
    assert QUESTION in words
    assert "for 30 days" in words
    assert set(client.cookies) <= NEEDED


def test_both_answers_weigh_the_same(client: Client, way: Link) -> None:
    """The same look, side by side, neither chosen beforehand."""
    page = client.get(follow(client, way)).content.decode()
    form = page.split(f'action="{ANSWER}"')[1].split("</form>")[0]
    looks = [
        re.search(rf'class="([^"]+)"\s*name="answer"\s*value="{said}"', form)
        for said in ("yes", "no")
    ]
    assert looks[0]
    assert looks[1]
    assert looks[0][1] == looks[1][1]
    assert "checked" not in form


def test_a_yes_is_remembered_as_who_came_by_the_link(client: Client, way: Link) -> None:
    sent = asked(client, way)
    answers = [client.post(ANSWER, {**sent, "answer": "yes"}) for _tap in range(2)]
    assert [answer.status_code for answer in answers] == [303] * 2
    assert answers[0]["Location"] == page_of(way)
    cookie = answers[0].cookies[cookie_of(way.brand)]
    assert (cookie.value, cookie["max-age"]) == (sent["visitor"], 30 * 24 * 3600)
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    counted, yes = visits(way.brand)
    assert (bytes(counted.visitor), counted.is_repeat) == (b"", False)
    assert bytes(yes.visitor) == crypto.token_digest(sent["visitor"])
    assert (yes.said_yes, yes.is_repeat, yes.new_visitor) == (True, True, True)
    assert yes.link_id == way.pk

    later = client.get(f"/l/{way.slug}/", headers=BROWSER)  # known from now on
    assert "ask=1" not in later["Location"]
    assert "link=" not in later["Location"]
    assert [visit.new_visitor for visit in visits(way.brand)] == [None, True, False]


def test_two_taps_before_the_answer_are_one_yes(way: Link) -> None:
    client = Client()
    sent = asked(client, way)
    for _tap in range(2):  # neither brings the cookie of the other along
        Client().post(ANSWER, {**sent, "answer": "yes"})
    assert len(visits(way.brand, said_yes=True)) == 1


def test_a_tab_that_says_yes_after_another_did_is_no_new_visitor(way: Link, client: Client) -> None:
    with scope(brand=way.brand):
        other = links.add(campaign=way.campaign, channel="poster", name="Window")
    old, late = asked(client, way), asked(client, other)
    client.post(ANSWER, {**late, "answer": "yes"})
    client.post(ANSWER, {**old, "answer": "yes"})
    yeses = visits(way.brand, said_yes=True)
    assert [(yes.link_id, yes.new_visitor) for yes in yeses] == [(other.pk, True), (way.pk, False)]
    assert len({bytes(yes.visitor) for yes in yeses}) == 1


def test_a_no_leaves_nothing_and_asks_no_more(client: Client, way: Link) -> None:
    sent = asked(client, way)
    answer = client.post(ANSWER, {**sent, "answer": "no"})
    assert answer["Location"] == f"{page_of(way)}&link={way.slug}"
    page = client.get(answer["Location"]).content.decode()
    assert QUESTION not in page
    assert f'name="link" value="{way.slug}"' in page, (
        "what is given counts for the link all the same"
    )
    assert not client.cookies.get(cookie_of(way.brand)) or (
        client.cookies[cookie_of(way.brand)].value == ""
    )
    assert len(visits(way.brand)) == 1


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_who_asks_to_be_left_alone_is_not_asked_and_never_remembered(
    client: Client, way: Link, header: str
) -> None:
    headers = {header: "1"}
    assert follow(client, way, **headers) == page_of(way)
    said = f"{PAGE}?link={way.slug}&ask=1"
    page = client.get(said, headers=headers).content.decode()
    assert QUESTION not in page
    assert 'name="link"' not in page
    client.post(ANSWER, {"link": way.slug, "answer": "yes"}, headers=headers)
    assert set(client.cookies) <= NEEDED
    assert not visits(way.brand)


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_who_begins_to_ask_for_it_is_forgotten(client: Client, way: Link, header: str) -> None:
    client.post(ANSWER, {**asked(client, way), "answer": "yes"})
    client.get("/shop/frosty-spoon/", headers={header: "1"})
    assert client.cookies[cookie_of(way.brand)]["max-age"] == 0


def test_another_country_asks_nobody(client: Client, link: Link) -> None:
    answer = client.get(f"/l/{link.slug}/", headers=BROWSER)
    assert answer["Location"] == PAGE
    assert answer.cookies["visitor"]["max-age"] == 90 * 24 * 3600
    for address in (PAGE, f"{PAGE}?link={link.slug}&ask=1"):
        page = Client().get(address).content.decode()
        assert QUESTION not in page
        assert 'name="link"' not in page
    other = Client()
    other.post(ANSWER, {"link": link.slug, "answer": "yes"})
    assert set(other.cookies) <= NEEDED


def test_a_yes_is_said_to_one_brand_alone(client: Client, way: Link, other_brand: Brand) -> None:
    """Neither another that asks nor one that need not reads it, nor is theirs read here."""
    Brand.objects.filter(pk=other_brand.pk).update(country="FR")
    with scope(brand=other_brand):
        campaign = campaigns.plan(
            brand=other_brand, name="Other", starts_on=today(other_brand) - timedelta(days=9)
        )
        theirs = links.add(campaign=campaign, channel="poster", name="Window")
    client.post(ANSWER, {**asked(client, way), "answer": "yes"})
    answer = client.get(f"/l/{theirs.slug}/", headers=BROWSER)
    assert "ask=1" in answer["Location"]
    assert not answer.cookies
    assert [bytes(visit.visitor) for visit in visits(other_brand)] == [b""]
    stranger = Client()
    stranger.cookies["visitor"] = "of a brand in America"
    assert "ask=1" in follow(stranger, way)
    said = stranger.get(f"/shop/{other_brand.slug}/?link={way.slug}").content.decode()
    assert 'name="link"' not in said, "a link is said in its own brand's shop alone"


@pytest.mark.parametrize("said", ["nothing-like-it", "", "a" * 5000, "<script>", "\u202e", "%00"])
def test_what_is_no_link_of_the_brand_is_not_said_on(client: Client, way: Link, said: str) -> None:
    answer = client.get(PAGE, {"link": said, "ask": "1"})
    page = answer.content.decode()
    assert QUESTION not in page
    assert 'name="link"' not in page
    assert client.post(ANSWER, {"link": said, "answer": "yes"})["Location"].endswith("/privacy/")
    assert set(client.cookies) <= NEEDED


@pytest.mark.parametrize(
    "said", ["\0", "two\0weeks", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" * 40]
)
def test_a_form_may_say_any_link(client: Client, way: Link, treat: Treat, said: str) -> None:
    """Of a query a NUL is refused before; of a form each page that reads the link has to bear it."""
    offer = make_offer(way.brand, treat)
    for page in (ANSWER, reverse("give", args=[way.brand.slug]), f"/o/{offer.slug}/"):
        assert client.post(page, {"link": said, "answer": "yes"}).status_code < 500


def test_a_link_that_counts_no_more_is_not_said_on(client: Client, way: Link) -> None:
    with scope(brand=way.brand):
        links.retire(way)
    assert follow(client, way) == "/shop/frosty-spoon/"
    assert 'name="link"' not in client.get(f"{PAGE}?link={way.slug}").content.decode()


def test_an_id_that_we_did_not_make_is_not_taken(client: Client, way: Link) -> None:
    sent = {"link": way.slug, "answer": "yes", "visitor": "amy; Path=/; Domain=evil.example"}
    kept = client.post(ANSWER, sent).cookies[cookie_of(way.brand)].value
    assert re.fullmatch(r"[\w-]{43}", kept)


def test_what_is_told_of_the_address_stays(client: Client, way: Link) -> None:
    query = {"utm_source": "May news", "next": "//evil.example"}
    leads_to = client.get(f"/l/{way.slug}/", query, headers=BROWSER)["Location"]
    assert leads_to == (f"{page_of(way)}&utm_source=May+news&link={way.slug}&ask=1")
    assert [visit.source for visit in visits(way.brand)] == ["May news"]


# --- What it earns ------------------------------------------------------------------------------------


def begun(client: Client, way: Link, treat: Treat, page: str) -> Draft:
    """As the form of the page sends it, and with all steps done."""
    forms = [
        form
        for form in re.findall(r"<form.*?</form>", client.get(page).content.decode(), re.DOTALL)
        if 'action="/shop/frosty-spoon/give/"' in form
    ]
    assert forms
    for form in forms:
        assert f'name="link" value="{way.slug}"' in form
    done = ready_draft(client, way.brand, treat)
    answer = client.post("/shop/frosty-spoon/give/", {"treat": treat.slug, "link": way.slug})
    with scope(brand=way.brand):
        draft = Draft.objects.select_related("brand").get(pk=answer["Location"].split("/")[4])
        with drafts.changing(draft) as data:
            data.update(done.data)
    return draft


def order_of(client: Client, draft: Draft) -> Order:
    client.post(reverse("payment", args=[draft.brand.slug, draft.pk]))
    with scope(brand=draft.brand):
        order = draft.orders.get()
        pay(order)
        hear()
    return order


def test_no_page_on_the_way_keeps_anything_but_the_draft_and_the_order_counts(
    client: Client, way: Link, treat: Treat
) -> None:
    page = follow(client, way)
    kept = [set(client.get(page).cookies)]
    shop = re.search(
        rf'href="(/shop/frosty-spoon/\?link={way.slug})"', client.get(page).content.decode()
    )
    assert shop, "the shop's name leads there and says it on"
    kept += [set(client.get(shop[1]).cookies)]
    for name in ("privacy", "terms", "shop_stores", "find-orders"):
        kept += [set(client.get(reverse(name, args=["frosty-spoon"])).cookies)]
    assert set().union(*kept) <= NEEDED
    draft = begun(client, way, treat, shop[1])
    for step in ("who", "what", "say", "pay"):
        client.get(url(draft, step))
    order = order_of(client, draft)
    # What was begun, and at the end what the next page says of it.
    assert set(client.cookies) <= {*NEEDED, settings.SESSION_COOKIE_NAME, "messages"}
    assert bytes(order.visitor) == b""
    with scope(brand=way.brand):
        earned = Attribution.objects.get(order_id=order.pk)
        assert (earned.link, earned.campaign, earned.visit_id) == (way, way.campaign, None)
        row = Rollup.objects.seen_by(Rollup.Grain.LINK).get()
        assert (row.visits, row.orders, row.gifts_sold) == (1, 1, 2)


def test_the_campaign_is_the_one_that_it_came_for(client: Client, way: Link, treat: Treat) -> None:
    draft = begun(client, way, treat, follow(client, way))
    with scope(brand=way.brand):
        other = campaigns.plan(brand=way.brand, name="Other", starts_on=today(way.brand))
        links.move(way, to=other)
    order = order_of(client, draft)
    with scope(brand=way.brand):
        assert Attribution.objects.get(order_id=order.pk).campaign == way.campaign


def test_who_said_yes_earns_a_link_its_order_days_later(
    client: Client, way: Link, treat: Treat, place: Place
) -> None:
    client.post(ANSWER, {**asked(client, way), "answer": "yes"})
    visitor_id = client.cookies[cookie_of(way.brand)].value
    assert "Two friends, two scoops" in client.get("/shop/frosty-spoon/").content.decode()
    order = pay(place(visitor_id=visitor_id, now=timezone.now() + timedelta(days=20)))
    late = pay(place(visitor_id=visitor_id, now=timezone.now() + timedelta(days=31)))
    hear()
    with scope(brand=way.brand):
        earned = Attribution.objects.get(order_id=order.pk)
        assert (earned.link, earned.visit_id) == (way, visits(way.brand, said_yes=True)[0].pk)
        assert Attribution.objects.get(order_id=late.pk).link is None


def test_a_visitors_own_last_link_goes_before_the_one_it_began_by(
    client: Client, way: Link, treat: Treat
) -> None:
    draft = begun(client, way, treat, follow(client, way))
    with scope(brand=way.brand):
        other = links.add(campaign=way.campaign, channel="poster", name="Window")
    page = client.get(client.get(f"/l/{other.slug}/", headers=BROWSER)["Location"])
    form = page.content.decode().split(f'action="{ANSWER}"')[1]
    sent = dict(re.findall(r'name="(link|visitor)" value="([^"]+)"', form))
    client.post(ANSWER, {**sent, "answer": "yes"})
    order = order_of(client, draft)
    with scope(brand=way.brand):
        assert Attribution.objects.get(order_id=order.pk).link == other


def test_the_campaign_greets_and_asks_without_knowing_who(
    client: Client, way: Link, treat: Treat
) -> None:
    with scope(brand=way.brand):
        Campaign.objects.filter(pk=way.campaign_id).update(least_recipients=3)
    shop = f"/shop/frosty-spoon/?link={way.slug}"
    assert "Two friends, two scoops" in client.get(shop).content.decode()
    assert "Two friends, two scoops" not in client.get("/shop/frosty-spoon/").content.decode()
    draft = begun(client, way, treat, shop)  # of two
    who = client.get(url(draft, "who")).content.decode()
    assert "This offer is for 3 friends or more" in plain_text(who)
    assert client.get(url(draft, "pay")).headers["Location"].startswith(url(draft, "who"))


def test_an_offers_page_asks_too_and_keeps_its_cookie_for_the_tap(
    client: Client, way: Link, treat: Treat, german: Brand
) -> None:
    offer = make_offer(german, treat)
    with scope(brand=german):
        Link.objects.filter(pk=way.pk).update(treat=None, amount=None, offer=offer)
    page = follow(client, way)
    assert page == f"/o/{offer.slug}/?link={way.slug}&ask=1"
    shown = client.get(page).content.decode()
    assert QUESTION in shown
    assert set(client.cookies) <= NEEDED
    form = shown.split(f'action="/o/{offer.slug}/"')[1].split("</form>")[0]
    assert f'name="link" value="{way.slug}"' in form
    taken = client.post(f"/o/{offer.slug}/", {"link": way.slug})
    assert taken.status_code == 303
    assert f'href="{PAGE}?link={way.slug}"' in client.get(taken["Location"]).content.decode()
    assert set(client.cookies) <= {*NEEDED, "taker"}
    with scope(brand=german):
        assert Code.objects.get().campaign_id == way.campaign_id


def test_phones_that_come_by_a_counters_code_are_one_row_and_keep_nothing(
    german: Brand, device: Device, gift: Gift
) -> None:
    assert gift.code
    with scope(brand=german):
        picks = {"flavour": ["mint"]}
        redeem.redeem(device=device, text=symbols(gift.code), key="one", picks=picks)
        redemption = Redemption.objects.get()
    address = reverse("counter-link", args=[counter_links.sign(redemption.pk)])
    for _phone in range(2):
        phone = Client()
        assert QUESTION not in phone.get(address, headers=BROWSER).content.decode()
        assert set(phone.cookies) <= NEEDED
    with scope(brand=german):
        assert [bytes(visit.visitor) for visit in CounterVisit.objects.all()] == [b""]


# --- Taken back -----------------------------------------------------------------------------------------


def test_a_yes_is_taken_back_where_privacy_is_told(client: Client, way: Link) -> None:
    told = "/shop/frosty-spoon/privacy/"
    assert "This browser" not in client.get(told).content.decode()
    client.post(ANSWER, {**asked(client, way), "answer": "yes"})
    page = client.get(told).content.decode()
    assert f'action="{ANSWER}"' in page.split("This browser")[0].rsplit("<form", 1)[1]
    answer = client.post(ANSWER, {"answer": "no"})
    assert answer["Location"] == told
    assert client.cookies[cookie_of(way.brand)]["max-age"] == 0
    client.cookies.pop(cookie_of(way.brand))  # as a browser does
    assert "This browser" not in client.get(told).content.decode()
    assert "ask=1" in follow(client, way)


def test_another_country_takes_it_back_too(client: Client, link: Link) -> None:
    client.get(f"/l/{link.slug}/", headers=BROWSER)
    assert "This browser" in client.get("/shop/frosty-spoon/privacy/").content.decode()
    client.post(ANSWER, {"answer": "no"})
    assert client.cookies["visitor"]["max-age"] == 0


def test_the_privacy_page_says_what_its_country_wants(
    client: Client, brand: Brand, store: Store
) -> None:
    """And so many days as the cookies are kept."""
    days = (visitor_cookie.DAYS, visitor_cookie.DAYS_AFTER_A_YES)
    assert days == (privacy.LINK_DAYS, privacy.LINK_DAYS_AFTER_A_YES)
    american = plain_text(client.get("/shop/frosty-spoon/privacy/").content.decode())
    assert "a random number, for 90 days" in american
    assert "said that we may remember it" not in american
    Brand.objects.update(country="DE")
    there = plain_text(client.get("/shop/frosty-spoon/privacy/").content.decode())
    for words in ("for 30 days", "TDDDG § 25", "Without that yes nothing is kept in your browser"):
        assert words in there
    for said in (american, there):
        assert "so that nobody gets two" in said


# --- What may not be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"visitor": b"", "new_visitor": False},
        {"visitor": b"", "new_visitor": None, "is_repeat": True},
        {"visitor": b"x" * 32, "new_visitor": None},
        {"visitor": b"x" * 32, "new_visitor": True, "said_yes": True},
        {"visitor": b"x" * 32, "new_visitor": False, "said_yes": True},
    ],
)
def test_no_row_says_more_than_is_known(in_brand: Brand, link: Link, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        Visit.objects.create(
            brand=in_brand, link=link, campaign=link.campaign, at=timezone.now(), **wrong
        )


def test_each_page_asks_once_for_the_link_that_its_address_says(
    client: Client, way: Link, rf: Any, django_assert_num_queries: Any
) -> None:
    request = rf.get("/", {"link": way.slug})
    follower = Follower(request)
    with django_assert_num_queries(1):
        assert follower.came_by_link(brand=way.brand) == way.slug
        assert follower.headline(brand=way.brand) == "Two friends, two scoops"
        assert follower.link_origin(brand=way.brand)["link_id"] == way.pk
    silent = Follower(rf.get("/"))
    with django_assert_num_queries(0):
        assert silent.came_by_link(brand=way.brand) == ""
        assert silent.least_recipients(brand=way.brand) == 1
