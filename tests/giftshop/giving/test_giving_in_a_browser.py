"""The give flow in a real browser: who was read is shown, and the preview follows the card that is edited."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASTED = (
    "Name,Email\nO'Neil,Ben,ben.o'neil@example.com\nDr. Cleo Ruiz <cleo@gmial.com>\n+1 206 555 0100"
)


@pytest.fixture
def browser(camera: FakeCamera, brand: Brand, treat: Treat, store: Store) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def preview(page: Page) -> str:
    return page.locator(".say-preview").inner_text().replace("\n", " ")


def test_what_is_pasted_is_shown_and_each_card_is_previewed(
    site: str, browser: Browser, brand: Brand
) -> None:
    person = Person(browser, PHONE)
    page = person.page
    page.goto(f"{site}/shop/{brand.slug}/")
    page.get_by_role("button", name="Give a treat").first.click()
    page.get_by_text("Paste several at once").click()
    page.get_by_label("One friend to a line").fill(PASTED)
    page.get_by_role("button", name="Go on to the treats").click()
    expect(page.get_by_text("We read 2 friends from what you pasted")).to_be_visible()
    expect(page.get_by_text("“+1 206 555 0100”: a number is not an e-mail address")).to_be_visible()
    expect(page.get_by_text("Did you mean cleo@gmail.com?")).to_be_visible()
    slip = page.locator("input[value='cleo@gmial.com']")
    expect(slip).to_have_accessible_description("Did you mean cleo@gmail.com?")
    person.judge("who-was-read", picture=True)
    page.get_by_role("button", name="Yes, use that").click()
    expect(page.get_by_text("Did you mean cleo@gmail.com?")).to_have_count(0)
    expect(page.locator("input[value='cleo@gmail.com']")).to_be_focused()
    page.wait_for_load_state()  # half a page has no question yet, either
    page.get_by_label("One friend to a line").fill("")
    page.get_by_role("button", name="Go on to the treats").click()
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()

    page.get_by_label("Your message").fill("For both of you")
    page.get_by_role("radio", name="A card each").check()
    page.get_by_label("To O'Neil Ben").fill("Hi Ben")
    page.get_by_label("To Dr. Cleo Ruiz").fill("Hi Cleo")
    assert "Hi Cleo" in preview(page)
    assert "Cleo" in preview(page)
    page.get_by_label("Your name").fill("Amy")
    assert "Hi Cleo" in preview(page), "the preview went to another card"
    page.get_by_label("To O'Neil Ben").fill("")
    assert "Hi Cleo" not in preview(page)
    assert "For both" not in preview(page)
    page.get_by_role("radio", name="The same for all").check()
    assert "For both of you" in preview(page)
    page.get_by_role("radio", name="A card each").check()
    page.get_by_label("Your e-mail").fill("amy@gmail.con")
    page.get_by_label("Your e-mail").press("Enter")
    expect(page.get_by_label("Your e-mail")).to_be_focused()
    expect(page.get_by_label("Your e-mail")).to_have_accessible_description(
        re.compile("receipt .* Did you mean amy@gmail.com?")
    )
    person.judge("say-slip", picture=True)
    page.get_by_role("button", name="Look it over").last.click()
    expect(page.get_by_text("Hi Cleo")).to_be_visible()
    expect(page.get_by_text("No words on the card.")).to_be_visible()
    person.judge("pay-slip", picture=True)


def test_a_place_is_found_while_it_is_typed(site: str, browser: Browser, brand: Brand) -> None:
    person = Person(browser, PHONE)
    page = person.page
    page.goto(f"{site}/shop/{brand.slug}/")
    page.get_by_role("button", name="Give a treat").first.click()
    page.get_by_label("Name").first.fill("Ben")
    page.get_by_label("E-mail").first.fill("ben@friends.example")
    page.get_by_role("button", name="Go on to the treats").click()
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    page.get_by_role("radio", name="On a day").check()
    place = page.get_by_role("combobox", name="On the clock of")
    options = page.locator(".zone-list [role=option]")
    place.fill("brazil")
    expect(options.first).to_have_text(re.compile("Sao Paulo, Brazil"))
    expect(place).to_have_attribute("aria-expanded", "true")
    person.judge("say-places", picture=True)
    place.press("Escape")
    expect(options).to_have_count(0)
    expect(place).to_have_value("brazil")
    place.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    first = options.first.get_attribute("id")
    expect(place).to_have_attribute("aria-activedescendant", str(first))
    place.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    place.press("ArrowDown")
    place.press("Enter")
    expect(place).to_have_value("Sao Paulo, Brazil")
    expect(options).to_have_count(0)
    expect(place).to_be_focused()
    place.fill("kolka")
    page.get_by_role("option", name="Kolkata, India").click()
    expect(place).to_have_value("Kolkata, India")
    place.fill("atlantis")
    expect(page.locator("#announcer")).to_contain_text("No such place.")
    expect(options).to_have_count(0)
