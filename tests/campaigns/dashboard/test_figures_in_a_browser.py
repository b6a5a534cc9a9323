"""The marketer's pages in a real browser, with the longest names their columns take: no page is wider than
its screen, a link's address is readable to its last letter, and today is drawn as far as it has come."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Campaign, Fact, Link
from giftshop.accounts.models import User
from tests.browsers import DESK, PHONE, chromium, faults, resize, sideways
from tests.camera import FakeCamera
from tests.campaigns.conftest import new_fact, record
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STUDIO = "/studio/frosty-spoon/"
ONE = STUDIO + "campaigns/two-for-the-weekend/"
LONG = "W" * 60


@pytest.fixture
def lived(brand: Brand, campaign: Campaign, store: Store) -> Link:
    now = timezone.now()
    with scope(brand=brand):
        Campaign.objects.update(
            name=LONG, headline=LONG + "W" * 30, starts_on=now - timedelta(days=9)
        )
        link = links.add(campaign=campaign, channel=Link.Channel.POSTER, name=LONG)
        Store.objects.update(name="W" * Store._meta.get_field("name").max_length)  # type: ignore[operator]
        for _ in range(12):
            by = {"campaign": campaign, "link": link, "occurred_at": now}
            record(new_fact(brand, **by))
            record(new_fact(brand, Fact.Topic.CODE_REDEEMED, store=store, **by))
    return link


@pytest.fixture
def session(owner: User) -> str:
    """Of Olive, who signed in."""
    client = Client()
    client.get("/accounts/login/")  # whoever signs in has seen this page: its middleware is awake
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def page(site: str, camera: FakeCamera, lived: Link, session: str) -> Iterator[Page]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as browser:
        person = Person(browser, DESK, base_url=site)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
        person.context.add_cookies([cookie])  # type: ignore[list-item]
        yield person.page


def test_long_names_fit_and_addresses_can_be_read(page: Page, lived: Link) -> None:
    for size, look in ((PHONE, faults), (DESK, sideways)):
        resize(page, size)
        for path in (STUDIO, STUDIO + "campaigns/", ONE, ONE + "edit/"):
            page.goto(path)
            assert look(page) == [], f"{path} at {size['width']}"
        page.goto(ONE)
        address = page.locator(".copy-whole")
        assert f"/l/{lived.slug}/" in address.inner_text()
        shown = address.bounding_box()
        assert shown is not None
        assert shown["x"] + shown["width"] <= size["width"]
        assert address.evaluate("it => it.scrollWidth <= it.clientWidth")


CUT = """() => [...document.querySelectorAll(".table-cards td[data-label]")]
  .filter((cell) => cell.checkVisibility() && cell.scrollWidth > cell.clientWidth)
  .map((cell) => `${cell.dataset.label}: ${cell.scrollWidth} on ${cell.clientWidth}`)"""
SPACED = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
"""What a reader may ask for of the space in a line: WCAG 2.2, 1.4.12."""


def test_what_a_figure_is_called_stands_there_whole(page: Page) -> None:
    resize(page, PHONE)
    for language in ("en-US", "de-DE", "es-ES"):
        page.set_extra_http_headers({"Accept-Language": language})
        for path in (STUDIO, ONE):
            page.goto(path)
            assert page.locator(".table-cards td[data-label]").count() > 2
            assert page.evaluate(CUT) == [], f"{path} in {language}"
            page.evaluate(
                "(rules) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules);"
                " document.adoptedStyleSheets = [sheet]; }",
                SPACED,
            )
            assert page.evaluate(CUT) == [], f"{path} in {language}, spaced"


def test_today_is_drawn_so_far_and_hours_to_come_are_not(page: Page, brand: Brand) -> None:
    now = timezone.now().astimezone(brand.tz)
    day = now.date().isoformat()
    page.goto(f"{STUDIO}?from={day}&to={day}")
    page.wait_for_function("() => window.Chart?.getChart(document.querySelector('canvas'))")
    drawn = page.evaluate(
        """() => {
          const chart = window.Chart.getChart(document.querySelector("canvas"));
          const [bars] = chart.data.datasets, fill = (at) => bars.backgroundColor({ dataIndex: at });
          const last = bars.data.length - 1;
          return [chart.data.labels.length, last, fill(last) !== fill(last - 1)];
        }"""
    )
    later = timezone.now().astimezone(brand.tz)  # an hour may have begun meanwhile
    assert drawn in ([24, now.hour, True], [24, later.hour, True])


TOLD = """() => {
  const { tooltip } = window.Chart.getChart(document.querySelector("canvas"));
  return tooltip.opacity ? tooltip.title.join() : "";
}"""
BOX = """() => {
  const chart = window.Chart.getChart(document.querySelector("canvas"));
  const at = chart.canvas.getBoundingClientRect(), { x, y, width, height } = chart.tooltip;
  return { x: at.x + x, y: at.y + y, width, height };
}"""


def test_what_the_pointer_brings_up_stays_under_it_and_goes_by_escape(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(STUDIO)
    page.wait_for_function("() => window.Chart?.getChart(document.querySelector('canvas'))")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    assert place
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] * 0.6)
    page.mouse.move(*middle)
    page.wait_for_function(f"() => ({TOLD})()")
    day = page.evaluate(TOLD)
    box = page.evaluate(BOX)
    for part in (0.1, 0.5, 0.95):  # other days lie under it
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2, steps=4)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.evaluate(TOLD) == day

    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !({TOLD})()")
    page.mouse.move(middle[0] + 40, middle[1], steps=4)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate(TOLD) == ""
    page.mouse.move(place["x"] + 5, place["y"] - 40)
    page.mouse.move(*middle)
    page.wait_for_function(f"() => ({TOLD})()")
