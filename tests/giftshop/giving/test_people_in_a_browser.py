"""Whom somebody gave to before: faces to tap, kept in their browser alone and only where they said so; and a
phone's own contacts."""

import json
from collections.abc import Iterator

import pytest
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.cast import make_store, make_treat
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CONTACTS = """Object.defineProperty(navigator, "contacts", { value: { select: async (asked) => {
  if (asked.join() !== "name,email") throw new TypeError(asked);
  const dana = { name: ["Dana Lee"], email: ["dana@friends.example", "d@old.example"] };
  return [dana, { name: ["Eli"], email: [] }];
} } })"""


@pytest.fixture
def browser(
    camera: FakeCamera, brand: Brand, treat: Treat, store: Store, other_brand: Brand
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with scope(brand=other_brand):
        make_treat(other_brand, "flat-white")
        make_store(other_brand, "pier")
    with chromium(camera) as opened:
        yield opened


def begin(page: Page, site: str, slug: str = "frosty-spoon") -> None:
    page.goto(f"{site}/shop/{slug}/")
    page.get_by_role("button", name="Give a treat").first.click()
    expect(page.get_by_role("heading", name="Who is it for?")).to_be_visible()


def go_on_to_pay(page: Page) -> None:
    page.get_by_role("button", name="Go on to the treats").click()
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    page.get_by_role("button", name="Look it over").last.click()
    expect(page.get_by_role("heading", name="All set?")).to_be_visible()


def give_to_ben_and_cleo(page: Page, site: str, *, remember: bool) -> None:
    begin(page, site)
    page.get_by_label("Name").first.fill("Ben")
    page.get_by_label("E-mail").first.fill("ben@friends.example")
    page.get_by_label("Name").last.fill("Cleo")
    page.get_by_text("I'll send the link myself").last.click()
    go_on_to_pay(page)
    box = page.get_by_label("Remember your friends on this device")
    expect(box).not_to_be_checked()
    if remember:
        box.check()
    pay(page)


def pay(page: Page) -> None:
    page.get_by_role("button", name="Send ").click()
    page.wait_for_url(lambda url: "/shop/" not in url)


def kept(page: Page) -> list[object]:
    return [json.loads(text) for text in page.evaluate("() => Object.values(localStorage)")]


def test_people_are_remembered_on_the_device_tapped_and_forgotten(
    paying_site: str, browser: Browser
) -> None:
    person = Person(browser, PHONE)
    page = person.page
    give_to_ben_and_cleo(page, paying_site, remember=True)

    begin(page, paying_site)
    faces = page.get_by_role("region", name="People you gave to before")
    ben, cleo = (faces.get_by_role("button", name=name) for name in ("Ben", "Cleo"))
    expect(ben).to_have_attribute("aria-pressed", "false")
    assert "ben@friends.example" not in page.content(), "an address is on the page unasked"
    ben.click()
    cleo.click()
    expect(page.get_by_label("E-mail").first).to_have_value("ben@friends.example")
    expect(page.get_by_label("I'll send the link myself").last).to_be_checked()
    expect(cleo).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#announcer")).to_have_text("Cleo is on the list")
    person.judge("who-faces", picture=True)
    cleo.click()
    expect(cleo).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_label("Name", exact=True)).to_have_count(1)
    go_on_to_pay(page)
    expect(page.get_by_label("Remember your friend on this device")).to_be_hidden()
    pay(page)

    begin(page, paying_site, "harbor-bean")
    expect(page.get_by_role("region", name="People you gave to before")).to_have_count(0)
    begin(page, paying_site)
    expect(faces.locator("bdi")).to_have_text(["Ben", "Cleo"])
    faces.get_by_role("button", name="Forget all").click()
    expect(faces).to_have_count(0)
    assert kept(page) == []


def test_nobody_is_remembered_who_was_not_said_to_be_and_it_is_asked_once(
    paying_site: str, browser: Browser
) -> None:
    page = Person(browser, PHONE).page
    give_to_ben_and_cleo(page, paying_site, remember=False)
    begin(page, paying_site)
    expect(page.get_by_role("region", name="People you gave to before")).to_have_count(0)
    assert kept(page) == [{"wanted": False, "people": []}]
    page.get_by_label("Name").first.fill("Ben")
    page.get_by_label("E-mail").first.fill("ben@friends.example")
    go_on_to_pay(page)
    expect(page.get_by_label("Remember your friend on this device")).to_be_hidden()


def test_what_stands_in_the_store_of_the_browser_is_not_trusted(
    site: str, browser: Browser, brand: Brand
) -> None:
    person = Person(browser, PHONE)
    page = person.page
    wrong = [{"name": "<img src=x>", "email": "x@y.example"}, {"name": 7, "email": ""}, {}]
    for text in ("{", "7", "null", json.dumps({"people": 7}), json.dumps({"people": wrong})):
        page.goto(f"{site}/shop/{brand.slug}/")
        page.evaluate(
            "([place, text]) => localStorage.setItem(place, text)", [f"people:{brand.pk}", text]
        )
        begin(page, site)
    faces = page.get_by_role("region", name="People you gave to before")
    expect(faces.locator("bdi")).to_have_text(["<img src=x>"])
    assert not person.complaints


def test_a_phones_own_contacts_fill_the_rows(site: str, browser: Browser) -> None:
    person = Person(browser, PHONE)
    page = person.page
    begin(page, site)
    expect(page.get_by_role("button", name="From your contacts")).to_be_hidden()
    page.add_init_script(CONTACTS)
    begin(page, site)
    page.get_by_role("button", name="From your contacts").click()
    expect(page.get_by_label("Name").first).to_have_value("Dana Lee")
    expect(page.get_by_label("E-mail").first).to_have_value("dana@friends.example")
    expect(page.get_by_label("Name").last).to_have_value("Eli")
    expect(page.get_by_label("I'll send the link myself").last).to_be_checked()
    person.judge("who-contacts")
