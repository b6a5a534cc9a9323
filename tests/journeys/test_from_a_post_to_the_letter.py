"""A campaign from its post to what it earned: Jonah plans it on a laptop and prints its poster; Ada's phone
reads that, takes its coupon and gives two friends a treat; Ben comes with his, spends more, is shown a code,
sends one back and says why; Jonah types likes and cost, and finds all of it, to the row, on the path, in the
gap and in the letter.

Everything is real: the demo as it is printed, codes off paper and off the screen, Stripe's page, the tray.
"""

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browsers import PHONE
from tests.camera import FakeCamera
from tests.campaigns.conftest import BROWSER
from tests.journeys.browsers import Person
from tests.journeys.conftest import Services
from tests.journeys.test_from_a_sender_to_the_counter import (
    ask,
    fill_card,
    gift_link,
    letter_to,
    pairing_link_from_the_studio,
    qr_of,
    sign_in,
    tablet,
)
from tests.redemption.codes import qr_reader

pytestmark = pytest.mark.journey

LAPTOP: ViewportSize = {"width": 1280, "height": 800}
HEADLINE = "The back step is big enough for two"
COUPON = "A scoop on us"
BEN = "ben@porch.example"
TREAT = "Double scoop"
PRICE, BASKET = 650, 2_000
"""US cents, as the demo's menu has it; Ben's bill at the till, with the gift."""
BEYOND = "$13.50"
LETTER = """
from datetime import timedelta
from django.utils import timezone
from django_scopes import scope
from brands.models import Brand
from campaigns.letter import look
brand, now = Brand.objects.get(slug="frosty-spoon"), timezone.now()
with scope(brand=brand):
    look.promise(brand, None, now.astimezone(brand.tz).date() + timedelta(days=1), now=now)
"""
"""As if tomorrow were a Monday: of the seven days up to today."""


def test_from_a_post_to_the_letter(
    services: Services, browser: Browser, camera: FakeCamera
) -> None:
    services.wait_until_counted()
    studio = f"{services.url}/studio/frosty-spoon/"
    jonah = sign_in(services, browser, "marketer", LAPTOP)
    said, sold = answers(jonah, studio), sold_this_week(jonah, studio)

    offers_a_coupon(jonah, studio)
    plans_a_campaign(jonah, studio)
    poster = puts_it_live_and_prints_its_poster(jonah)

    ada = Person(browser, PHONE, user_agent=BROWSER["User-Agent"])
    takes_the_coupon(ada, poster)
    gives_a_treat_to_two(ada)

    ben = Person(browser, PHONE, user_agent=BROWSER["User-Agent"])
    letter = letter_to(services, BEN)
    ben.page.goto(gift_link(letter))
    ben.page.get_by_role("button", name="Open your gift").click()
    expect(ben.page.locator(".gift-code").first).to_be_visible()
    camera.show_picture(qr_of(letter))
    dana = tablet(browser, pairing_link_from_the_studio(services, browser), "Dana", services)
    shown = hands_over_in_a_larger_basket(dana)
    sends_one_back(ben, shown)
    says_why(ben)

    types_likes_and_cost(jonah)
    services.wait_until_counted()
    path_says_it(jonah)
    gap_says_it(jonah, studio, said)
    letter_says_it(services, sign_in(services, browser, "owner", LAPTOP), sold + 3)


def offers_a_coupon(jonah: Person, studio: str) -> None:
    page = jonah.page
    page.goto(f"{studio}offers/new/")
    page.locator("#id_name").fill(COUPON)
    page.locator("select[name=treat]").select_option(label=f"{TREAT}, Regular · $6.50")
    page.locator("#id_uses_max").fill("50")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=COUPON)).to_be_visible()


def plans_a_campaign(jonah: Person, studio: str) -> None:
    """Beside the preview of its page on a phone."""
    page = jonah.page
    page.goto(f"{studio}campaigns/new/")
    shown = page.frame_locator(".phone-frame")
    expect(shown.get_by_role("heading", level=1)).to_be_visible()
    page.locator("[name=name]").fill("Back step evenings")
    page.locator("[name=headline]").fill(HEADLINE)
    page.locator("[name=story]").fill("Send something cold.")
    page.locator("[name=least_recipients]").select_option("2")
    page.get_by_role("checkbox", name=TREAT).check(force=True)
    expect(shown.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(shown.get_by_text("Send something cold.")).to_be_visible()
    expect(shown.get_by_text("For 2 friends or more")).to_be_visible()
    expect(shown.locator(".treat h3")).to_contain_text([TREAT])
    jonah.judge("campaign-builder", picture=True)
    page.get_by_role("button", name="Make the campaign").click()
    page.wait_for_url(re.compile("/back-step-evenings/$"))


def puts_it_live_and_prints_its_poster(jonah: Person) -> str:
    """The address that the poster's code says, to whoever reads it off the paper."""
    page = jonah.page
    fields = page.locator(".new-link-fields")
    fields.locator("[name=channel]").select_option("poster")
    fields.locator("[name=name]").fill("Window")
    fields.locator("[name=offer]").select_option(label=COUPON)
    page.get_by_role("button", name="Add the link").click()
    page.get_by_role("button", name="Put it live").click()
    expect(page.get_by_role("link", name="See its page")).to_be_visible()
    page.get_by_role("link", name="QR and more of Window").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Window")
    expect(page.get_by_text(f"Hands out: {COUPON}")).to_be_visible()
    pdf = page.get_by_role("link", name="Poster (PDF)").get_attribute("href")
    assert pdf
    [sheet] = pypdfium2.PdfDocument(page.request.get(urljoin(page.url, pdf)).body())
    told = " ".join(sheet.get_textpage().get_text_range().split())
    assert HEADLINE in told, told
    read = qr_reader.read(sheet.render(scale=3).to_pil().convert("L")).text
    slug = page.url.rstrip("/").rpartition("/")[2]
    assert read == urljoin(page.url, f"/l/{slug}/")
    return read


def takes_the_coupon(ada: Person, poster: str) -> None:
    page = ada.page
    page.goto(poster)
    expect(page.get_by_role("heading", name=COUPON)).to_be_visible()
    ada.judge("offer")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".gift-code").first).to_be_visible()
    ada.judge("coupon", picture=True)
    page.get_by_role("link", name="Treat a friend").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(page.locator(".treat h3").first).to_contain_text(TREAT)
    ada.judge("campaign-page", picture=True)


def gives_a_treat_to_two(ada: Person) -> None:
    page = ada.page
    page.get_by_role("button", name="Give a treat").click()
    expect(page.get_by_text("This offer is for 2 friends or more")).to_be_visible()
    page.get_by_text("Paste several at once").click()
    page.get_by_label("One friend to a line").fill(f"Ben <{BEN}>\nCleo <cleo@porch.example>")
    page.get_by_role("button", name="Add these friends").click()
    expect(page.get_by_label("Name").nth(1)).to_have_value("Cleo")
    page.get_by_role("button", name="Go on to the treats").click()
    page.locator(".pick").filter(has_text=TREAT).locator(".choice").first.click()
    says_who_and_pays(page, "Ada", "ada@porch.example")
    expect(page.locator(".ticket[data-state=delivered]")).to_have_count(2, timeout=60_000)


def says_who_and_pays(page: Page, name: str, address: str) -> None:
    page.get_by_role("button", name="Go on to the card").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail").fill(address)
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name=re.compile(r"^Send ")).click()
    fill_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name=f"Thank you, {name}")).to_be_visible()


def hands_over_in_a_larger_basket(dana: Person) -> str:
    """The address of the code that is shown to Ben's phone after it."""
    page = dana.page
    expect(page.locator("#panel[data-panel=look]")).to_be_visible()
    expect(page.locator(".look-who")).to_have_text("For Ben")
    for choice in page.locator(".look-choice").all():
        choice.locator("label").first.click()
    page.get_by_role("button", name="Bill").click()
    keys = page.locator("#basket")
    for digit in str(BASKET):
        keys.get_by_role("button", name=digit, exact=True).click()
    expect(keys.locator(".look-sum")).to_have_text("$20.00")
    keys.get_by_role("button", name="Done").click()
    expect(page.locator("[data-confirm-button][data-armed]")).to_be_visible()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator(".counter-link-title")).to_have_text("Treat Ada back")
    return qr_reader.read_png(page.screenshot())


def sends_one_back(ben: Person, shown: str) -> None:
    page = ben.page
    page.goto(shown)
    expect(page.get_by_role("heading", name="Treat Ada back")).to_be_visible()
    ben.judge("counter-link", picture=True)
    page.get_by_role("button", name="Send one back to Ada").click()
    expect(page.get_by_label("Name").first).to_have_value("Ada")
    page.get_by_role("button", name="Go on to the treats").click()
    expect(page.locator(".pick input:checked").first).to_be_checked()  # the same treat
    says_who_and_pays(page, "Ben", BEN)


def says_why(ben: Person) -> None:
    part = ben.page.locator("#reasons")
    part.get_by_text("Say it in three taps").click()
    for name in ("A treat for someone", "An event", "New treats on the menu"):
        part.get_by_role("button", name=name).click()
    part.get_by_role("button", name="Send my three").click()
    expect(part.get_by_text("Your three are counted.")).to_be_visible()


def types_likes_and_cost(jonah: Person) -> None:
    """On the page of the link, where he printed its poster."""
    page = jonah.page
    page.get_by_role("link", name="Likes and costs").click()
    page.get_by_label("New likes").fill("1240")
    page.get_by_label("What it cost").fill("120")
    jonah.judge("likes-and-cost")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()


def path_says_it(jonah: Person) -> None:
    page = jonah.page
    page.get_by_role("link", name="Back step evenings").click()  # back
    expect(page.get_by_role("heading", name="From the post to the counter")).to_be_visible()
    path = page.url
    until(page, lambda: step(page, "Beyond the gift") == BEYOND)
    expect(page.locator(".path-line li")).to_have_text(
        ["1,240 likes", "1 visit", "2 gifts", "1 guest"]
    )
    expect(page.locator(".path-line p")).to_have_text(f"{BEYOND} beyond the gift, for $120.00")
    steps = {
        "Likes, comments and shares": "1,240",
        "Visits": "1",
        "Orders": "1",
        "Gifts": "2",
        "Opened": "1",
        "Guests at the counter": "1",
        "First-time guests": "1",
        "Coupons taken": "1",
        "Used at the counter": "0",
    }
    assert {name: step(page, name) for name in steps} == steps
    money = page.locator(".path-money").first.locator("dl > div")
    said = {
        each.locator("dt").inner_text(): each.locator("dd").first.inner_text()
        for each in money.all()
    }
    assert said["Came in"] == "$26.50"
    assert said["Spent on it"] == "$120.00"
    assert said["Cost for each guest"] == "$120.00"
    [strip] = page.locator("tbody tr").filter(has_text="Poster").all()
    told = {
        each.get_attribute("data-label"): each.inner_text().strip()
        for each in strip.locator("td").all()
    }
    assert told == {
        "Likes": "1,240",
        "Visits": "1",
        "Gifts": "2",
        "Guests": "1",
        "First time": "1",
        "Coupons": "1",
        "Used": "0",
        "Beyond": BEYOND,
        "Cost": "$120.00",
        "Each guest": "$120.00",
    }
    jonah.judge("path", picture=True)
    for name, row in (
        ("Visits", ["Window", "Back step evenings"]),
        ("Gifts", ["Window", "2"]),
        ("Beyond the gift", [TREAT, "Window", BEYOND]),
    ):
        page.goto(path)
        number = step(page, name)
        page.locator(".path-steps li").filter(has=heading(page, name)).get_by_role(
            "link"
        ).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        expect(page.locator("tbody tr")).to_have_count(1)
        for words in row:
            expect(page.locator("tbody tr")).to_contain_text(words)


def step(page: Page, name: str) -> str:
    found = page.locator(".path-steps li").filter(has=heading(page, name))
    return found.first.locator(".path-number").inner_text()


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Looks again until the figures have followed."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "the figures do not follow"
        time.sleep(0.5)  # a page a moment: the workers that count share the machine
        page.reload()


def answers(jonah: Person, studio: str) -> dict[str, int]:
    """By reason, how many of those who came named it; and of how many, under "all"."""
    table = jonah.page.request.get(f"{studio}reasons/reasons.csv").text()
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    counts = {row["reason"]: int(row["answers_count"]) for row in rows}
    return {**counts, "all": int(rows[0]["answers_n"])}


def gap_says_it(jonah: Person, studio: str, before: dict[str, int]) -> None:
    page = jonah.page
    named = {"all", "A treat for someone", "An event", "New treats on the menu"}
    assert answers(jonah, studio) == {
        name: count + (name in named) for name, count in before.items()
    }
    page.goto(f"{studio}reasons/")
    expect(page.get_by_role("columnheader", name=f"N = {before['all'] + 1}")).to_be_visible()


def sold_this_week(jonah: Person, studio: str) -> int:
    """In the seven days up to today."""
    page = jonah.page.request.get(f"{studio}figures/gifts_sold/?days=7").text()
    return number_in(re.search(r"<h1>Gifts sold: (.*?)</h1>", page, re.DOTALL))


def number_in(found: "re.Match[str] | None") -> int:
    assert found
    return int(re.sub(r"<[^>]*>|\D", "", found[1]))


def letter_says_it(services: Services, priya: Person, sold: int) -> None:
    services.wait_until_counted()
    services.manage("shell", "--verbosity=0", "--command", LETTER)
    text = next(filter(None, mondays(services, "priya@frosty-spoon.example", f" {sold} gifts")))
    [gifts, *_others] = re.findall(r"http\S+/figures/gifts_sold/\S+", text)
    page = priya.page
    page.goto(gifts)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Gifts sold: {sold}")
    newest = page.locator("tbody tr")
    expect(newest.nth(0)).not_to_contain_text("Window")  # Ben's, by the counter
    expect(newest.nth(1)).to_contain_text("Window")
    expect(newest.nth(1)).to_contain_text("Back step evenings")
    expect(newest.nth(1).locator("td").last).to_have_text("2")


def mondays(services: Services, address: str, words: str) -> Iterator[str]:
    """The text of the letter that says so, once it is there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for each in ask(f"{services.tray}/api/messages?to={address}")["messages"]:
            text = ask(f"{services.tray}/api/messages/{each['id']}")["text"]
            yield text if words in text else ""
        time.sleep(0.2)
    raise AssertionError(f"no letter says{words}")
