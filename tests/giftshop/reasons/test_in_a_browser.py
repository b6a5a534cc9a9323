"""Three taps, in order, on a phone: by touch and by keyboard, said aloud; and what the server refuses shows
its fields. Judged by axe at each step. PICTURES=folder keeps what was seen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, expect

from giftshop.orders.models import Gift
from tests.browsers import PHONE, chromium
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paths(gift: Gift) -> dict[str, str]:
    """Of the order's page and of the gift's, which was thanked for."""
    with scope(brand=gift.order.brand):
        Gift.objects.filter(pk=gift.pk).update(thanks="Yum", thanked_at=timezone.now())
    return {
        "order": f"/orders/{gift.order.link_token()}/",
        "gift": f"/gift/{gift.link_token()}/",
    }


@pytest.fixture
def browser(paths: dict[str, str]) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium() as opened:
        yield opened


def look(person: Person, name: str) -> None:
    person.judge(name)
    if folder := os.environ.get("PICTURES"):
        for width, height in ((390, 844), (1280, 800)):
            person.page.set_viewport_size({"width": width, "height": height})
            person.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        person.page.set_viewport_size(PHONE)


def test_a_sender_taps_three_and_changes_their_mind(
    site: str, browser: Browser, paths: dict[str, str]
) -> None:
    amy = Person(browser, PHONE)
    page = amy.page
    page.goto(site + paths["order"])
    part = page.locator("#reasons")
    look(amy, "reasons-asked")
    part.get_by_text("Say it in three taps").click()
    for name in ("An event", "A treat for someone", "New treats on the menu"):
        part.get_by_role("button", name=name).click()
    expect(page.locator("#announcer")).to_have_text("Third reason: New treats on the menu")
    full = part.get_by_role("button", name="Help with something")
    expect(full).to_have_attribute("aria-disabled", "true")
    part.get_by_role("button", name="1 An event").click()  # takes it back
    expect(part.get_by_role("button", name="1 A treat for someone")).to_be_visible()
    full.press("Enter")
    pressed = part.locator("[aria-pressed=true]")
    expect(pressed).to_have_count(3)
    expect(part.get_by_role("button", name="3 Help with something")).to_be_visible()
    look(amy, "reasons-picked")
    part.get_by_role("button", name="Send my three").click()
    expect(part.get_by_text("Your three are counted.")).to_be_visible()
    look(amy, "reasons-said")


def test_what_is_not_whole_shows_its_fields_and_nothing_is_lost(
    site: str, browser: Browser, paths: dict[str, str]
) -> None:
    ben = Person(browser, PHONE)
    page = ben.page
    page.goto(site + paths["gift"])
    page.get_by_role("button", name="Open your gift").click()
    part = page.locator("#reasons")
    part.get_by_text("Say it in three taps").click()
    part.get_by_role("button", name="An event").click()
    part.get_by_role("button", name="Send my three").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(part.get_by_label("First reason")).to_have_value("event")
    look(ben, "reasons-refused")
    part.get_by_label("Second reason").select_option("treat")
    part.get_by_label("Third reason").select_option("new")
    part.get_by_role("button", name="Send my three").click()
    expect(part.get_by_text("Your three are counted.")).to_be_visible()


def test_without_a_script_there_are_three_lists(
    site: str, browser: Browser, paths: dict[str, str]
) -> None:
    amy = Person(browser, PHONE, java_script_enabled=False)
    page = amy.page
    page.goto(site + paths["order"])
    part = page.locator("#reasons")
    part.get_by_text("Say it in three taps").click()
    for label, value in (("First", "event"), ("Second", "treat"), ("Third", "new")):
        part.get_by_label(f"{label} reason").select_option(value)
    part.get_by_role("button", name="Send my three").click()
    expect(part.get_by_text("Your three are counted.")).to_be_visible()
