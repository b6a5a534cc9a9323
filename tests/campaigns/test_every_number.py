"""Each number on each page of campaigns is a link to rows that add up to it, or stands in a list here with
its reason."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.number_formats import number
from campaigns.links import counter_visits, links
from campaigns.models import Link, TreatCost
from campaigns.path import link_days
from core.ids import uuid7
from core.templatetags.money import money
from giftshop.catalog.models import Treat
from giftshop.offers.models import Offer
from giftshop.offers.use import use
from giftshop.orders.models import CameBy, Draft, Gift, Order, Recipient
from redemption.models import Code, Device
from redemption.redeem import redeem as redeem_code
from tests.campaigns.conftest import hear
from tests.cast import Place, pay, symbols
from tests.giftshop.offers.made import make_offer

STUDIO = "/studio/frosty-spoon/"
CAMPAIGN = f"{STUDIO}campaigns/two-for-the-weekend/"
PAGES = {
    "overview": STUDIO,
    "overview of months": f"{STUDIO}?days=since",
    "campaigns": f"{STUDIO}campaigns/",
    "campaign": CAMPAIGN,
    "path": f"{CAMPAIGN}path/",
    "sums": f"{CAMPAIGN}path/sums/",
    "typed": f"{CAMPAIGN}typed/?days=28",
    "offer": f"{STUDIO}offers/%(offer)s/path/",
    "stores": f"{STUDIO}by-store/",
    "links": f"{STUDIO}by-link/",
    "treats": f"{STUDIO}by-treat/",
    "treats of a campaign": f"{STUDIO}by-treat/?campaign=two-for-the-weekend",
    "store": f"{STUDIO}stores/%(store)s/figures/",
    "chains": f"{STUDIO}chains/",
    "engagement": f"{STUDIO}engagement/",
    "definitions": f"{STUDIO}figures/",
}

BY_CLASS = {
    "page-head": "of which days it is",
    "segments": "days to choose from",
    "period": "days to choose from",
    "figure-answer": "a sentence, whose numbers stand beside it and lead on",
    "figure-foot": "how something is counted",
    "path-others": "figures of somebody else",
    "path-line": "a sentence, whose numbers stand below it and lead on",
    "stat-compare": "what a tile is held against: the days before are chosen above",
    "stat-value": "the number of a tile, whose label leads on",
    "alert": "no figure: something about the account",
    "reach-label": "how often something was sent on, or what is counted",
    "reach-share": "a share, or revenue of chains that lead on beside it",
    "copy-link": "an address",
    "pages": "which page it is",
    "empty-state": "no figure",
    "chain-drawings": "a drawing, of chains that are counted above it and lead on there",
    "new-link": "a form",
    "dialog": "a question",
    "campaign-days": "days",
}
BY_WORDS = {
    r"^\W*\d[\d.,]*\s*%( of .*)?$": "a share of two numbers that lead on",
    r"^\W*[\d.,]+%? of (the visits|those taken)\.?$": "a share of two numbers that lead on",
    r"^by \d+ visitors?$": "browsers, counted once each: a visit names none, so no row is one's",
    r"^\d+ · \d+ · \d+$": "parts of the number above them, columns of the page that it leads to",
    r"^of \d+ of \d+ guests$": "how many guests the cost of goods is of: it leads on beside them",
    r"2010|2011": "the year of a study",
    r"^· \d+%$": "a share of two numbers that lead on",
    r"^From .* on$|^\w{3} \d+": "days",
    r"^12 AM|^\d+ [AP]M$": "an hour",
}
QUOTIENTS = {
    "Cost for each guest": "a quotient of two numbers that lead on",
    "Each guest": "a quotient of two numbers that lead on",
    "Each used coupon, as promotion": "a quotient of two numbers that lead on",
    "Spent for each used coupon": "a quotient of two numbers that lead on",
    "Each used": "a quotient of two numbers that lead on",
    "Cold Stone Creamery, 2010": "figures of somebody else",
    "Orders per visit": "a quotient of two numbers that lead on",
}
"""By the words beside it."""
ROWS = {
    "sums": "its parts lead on, and their sum stands below them",
    "typed": "the rows themselves, as somebody typed them",
}
"""Pages whose cells are rows."""


class Told(NamedTuple):
    text: str
    href: str
    tags: tuple[str, ...]
    classes: frozenset[str]
    label: str


class Reader(HTMLParser):
    """Texts with a digit in a page's main part."""

    EMPTY = {"input", "br", "img", "meta", "link", "hr", "path", "use", "rect", "circle", "line"}
    SILENT = {"script", "style", "option", "textarea", "title", "time"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.told: list[Told] = []
        self.term = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == each for each, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tags = tuple(tag for tag, _ in self.open)
        text = " ".join(data.split())
        if tags and tags[-1] == "dt":
            self.term = text
        if "main" not in tags or set(tags) & self.SILENT or not re.search(r"\d", text):
            return
        attrs = [each for _, each in self.open]
        self.told.append(
            Told(
                text=text,
                href=next((each["href"] or "" for each in attrs if "href" in each), ""),
                tags=tags,
                classes=frozenset(" ".join(each.get("class") or "" for each in attrs).split()),
                label=next(
                    (each["data-label"] or "" for each in reversed(attrs) if "data-label" in each),
                    self.term if "dl" in tags else "",
                ),
            )
        )


def numbers_of(html: str) -> list[Told]:
    reader = Reader()
    reader.feed(html)
    return reader.told


def reason(page: str, told: Told) -> str:
    """Why it leads nowhere; empty: there is none."""
    found = [why for name, why in BY_CLASS.items() if name in told.classes]
    found += [why for words, why in BY_WORDS.items() if re.search(words, told.text)]
    found += [QUOTIENTS[told.label]] if told.label in QUOTIENTS else []
    found += ["a name or a day"] if "th" in told.tags or "h1" in told.tags else []
    found += ["nothing leads to no rows"] if re.fullmatch(r"\D*0([.,]0+)?", told.text) else []
    found += ["a form"] if {"form", "summary", "label"} & set(told.tags) else []
    found += [ROWS[page]] if page in ROWS and {"td"} & set(told.tags) else []
    return found[0] if found else ""


@pytest.fixture
def offer(brand: Brand, treat: Treat) -> Offer:
    return make_offer(brand, treat)


@pytest.fixture
def lived(
    brand: Brand, link: Link, place: Place, device: Device, store: Store, offer: Offer, treat: Treat
) -> Link:
    """Seven orders by the link, seven that these led to; gifts opened, used, taken back; coupons; likes."""
    now = timezone.now() - timedelta(hours=3)
    made: list[Order] = []
    with scope(brand=brand):
        for number in range(9):
            at = now - timedelta(days=2, minutes=number)
            links.follow(link=link, visitor_id=f"v{number}", now=at)
            links.follow(link=link, visitor_id=f"v{number}", now=at + timedelta(minutes=1))
            counter_visits.record(
                store=store, redemption_id=uuid7(), visitor_id=f"c{number}", now=at
            )
    for number in range(14):
        draft, at = None, now - timedelta(days=1, minutes=90 - number)
        with scope(brand=brand):
            if number >= 7:
                gift = made[number - 7].gifts.all()[0]
                way = (CameBy.COUNTER, CameBy.REPLY)[number % 2]
                draft = Draft.objects.create(
                    brand=brand,
                    came_by=way,
                    from_gift_id=gift.pk,
                    counter_store=store if way == CameBy.COUNTER else None,
                )
        visitor = f"v{number}" if number < 7 else ""
        order = pay(place(key=str(number), draft=draft, visitor_id=visitor, now=at), at)
        made.append(order)
        with scope(brand=brand):
            for each in order.gifts.with_everything():
                Recipient.objects.filter(pk=each.recipient_id).update(email=f"{each.pk}@x.example")
                if number < 9:
                    Gift.objects.filter(pk=each.pk).update(thanked_at=at, opened_at=at)
    with scope(brand=brand):
        gifts = [gift for order in made for gift in order.gifts.with_everything()]
        codes = [gift.code for gift in gifts if gift.code]
        for number, code in enumerate(codes[:11]):
            hand_over(device, code, 700 + 30 * number if number % 3 else None, now)
        codes[12].void(now)
        for number in range(4):
            led = {"campaign_id": link.campaign_id, "link_id": link.pk} if number else {}
            had = use(offer_id=offer.pk, holder=f"browser:{number}", now=now, **led)
            if number > 1:
                hand_over(device, had.code, 900, now)
        TreatCost.objects.create(treat=treat, brand=brand, amount=120)
        day = (now - timedelta(days=1)).astimezone(brand.tz).date()
        said = {"likes": 12, "comments": 3, "shares": 1, "cost": 4_200}
        link_days.put(link, day=day, said=said)
        hear()
    return link


def hand_over(device: Device, code: Code | None, basket: int | None, at: Any) -> None:
    assert code
    answer = redeem_code.redeem(
        device=device,
        text=symbols(code),
        key=str(code.pk),
        picks={"flavour": ["mint"]},
        basket_total=basket,
        now=at,
    )
    assert answer.status_code == 201, answer.body


def test_each_number_leads_to_rows_that_add_up_to_it_or_is_named_with_its_reason(
    owner_client: Client, lived: Link, store: Store, offer: Offer
) -> None:
    unnamed, seen = [], set()
    for page, address in PAGES.items():
        html = owner_client.get(address % {"offer": offer.pk, "store": store.slug})
        assert html.status_code == 200, page
        base = html.wsgi_request.path
        for told in numbers_of(html.content.decode()):
            if told.href:
                seen.add((page, told.text, led_to(base, told.href)))
            elif not reason(page, told):
                unnamed.append((page, told.text, told.label, sorted(told.classes), told.tags[-3:]))
    assert unnamed == [], "\n".join(map(str, unnamed))
    wrong = [each for each in sorted(seen) if not adds_up(owner_client, each[1], each[2])]
    assert wrong == [], "\n".join(map(str, wrong))
    assert len(seen) > 100


def led_to(base: str, href: str) -> str:
    if href.startswith("?"):
        return base + href
    return base if href.startswith("#") else href


def adds_up(client: Client, text: str, address: str) -> bool:
    """A page of rows shows the number, and its rows add up to it; any other page is there."""
    if address.startswith("http"):
        return True
    page = client.get(address)
    if page.status_code != 200:
        return page.status_code == 302
    if "/figures/" in address and "asked" in (page.context or {}):
        figure, value = page.context["figure"], page.context["value"]
        found = sum(row.part for row in all_rows(client, page))
        told = money(found, "USD") if figure.is_money else number(found)
        return told == value and told in text
    if "/chains/" in address and "found" in (page.context or {}):
        with scope(brand=page.context["brand"]):
            return any(each in text for each in of_chain(page.context["found"].rows))
    return True


def all_rows(client: Client, page: Any) -> Iterator[Any]:
    yield from page.context["page"].rows
    if cursor := page.context["page"].next_cursor:
        query = page.context["facts_query"]
        more = client.get(f"{page.wsgi_request.path}?{query}&cursor={cursor}")
        yield from all_rows(client, more)


def of_chain(rows: Any) -> Iterator[str]:
    yield str(len(rows))
    for row in rows[:1]:
        if hasattr(row, "given"):
            yield str(sum(each.given for each in rows))
            yield f"{sum(each.total for each in rows) / 100:,.2f}"


def test_the_reader_finds_numbers_and_where_they_lead() -> None:
    """The control."""
    html = (
        '<main><p class="x">a <a href="/y">1,240</a> b</p><td data-label="z">7</td></main><p>3</p>'
    )
    found = [(each.text, each.href, each.label) for each in numbers_of(html)]
    assert found == [("1,240", "/y", ""), ("7", "", "z")]
    assert [reason("path", each) for each in numbers_of(html)] == ["", ""]
