"""What a first visit of each kind of page costs: requests, bytes, and how far anything shifts.

As deployed, with the static files of a release, over HTTP/1.1 and with nothing kept from before.
Bytes are those that travel, heads included.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from redemption.models import StaffMember
from redemption.till.devices import PairedDevice
from tests.browsers import PHONE, camera, chromium
from tests.camera import FakeCamera

__all__ = ["camera"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SHIFT = 0.01
"""Of the layout, at most: what a person no longer notices."""


@dataclass(frozen=True)
class Budget:
    requests: int
    kilobytes: float


BUDGETS = {
    "home": Budget(10, 95),
    "shop": Budget(12, 95),
    "wrapped": Budget(10, 110),
    "opened": Budget(12, 134),
    "order": Budget(12, 110),
    "staff": Budget(8, 83),
    "overview": Budget(10, 158),
}

SHIFTED = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.fixture
def paths(gift: Gift) -> dict[str, str]:
    """Of each page, by its name in BUDGETS."""
    present = f"/gift/{gift.link_token()}/"
    return {
        "home": "/",
        "shop": "/shop/frosty-spoon/",
        "wrapped": present,
        "opened": present,
        "order": f"/orders/{gift.order.link_token()}/",
        "staff": "/till/",
        "overview": "/studio/frosty-spoon/",
    }


@pytest.fixture
def cookies(
    gift: Gift, owner: User, cashier: StaffMember, paired: PairedDevice, store: Store
) -> dict[str, dict[str, str]]:
    """What the visitor of a page has already: a gift opened, a sign-in, a paired tablet."""
    studio, recipient = Client(), Client()
    studio.force_login(owner)
    recipient.post(f"/gift/{gift.link_token()}/opening/")
    return {
        "opened": {name: each.value for name, each in recipient.cookies.items()},
        "overview": {
            settings.SESSION_COOKIE_NAME: studio.cookies[settings.SESSION_COOKIE_NAME].value
        },
        "staff": {"device": paired.token},
    }


@pytest.fixture
def browser(
    camera: FakeCamera,
    paths: dict[str, str],
    cookies: dict[str, dict[str, str]],
    brand: Brand,
    treat: Treat,
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def visit(browser: Browser, url: str, kept: dict[str, str]) -> tuple[int, float, float]:
    """Requests, kilobytes and layout shift of a first visit."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="en-US")
    site = "/".join(url.split("/")[:3])
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in kept.items()]
    )
    page = context.new_page()
    page.add_init_script(f"({SHIFTED})()")
    wire = context.new_cdp_session(page)
    travelled: list[float] = []
    wire.on("Network.loadingFinished", lambda told: travelled.append(told["encodedDataLength"]))
    wire.send("Network.enable")
    answer = page.goto(url, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, url
    page.evaluate("document.fonts.ready")
    expect(page.locator("h1").first).to_be_visible()
    asked = sum(size > 0 for size in travelled)  # 0: kept from a moment ago, an order looks again
    found = asked, sum(travelled) / 1000, float(page.evaluate("window.shifted"))
    context.close()
    return found


def test_a_first_visit_stays_within_its_budget(
    deployed_site: str,
    browser: Browser,
    paths: dict[str, str],
    cookies: dict[str, dict[str, str]],
) -> None:
    assert paths.keys() == BUDGETS.keys()
    over = []
    for name, budget in BUDGETS.items():
        requests, kilobytes, shift = visit(
            browser, deployed_site + paths[name], cookies.get(name, {})
        )
        said = f"{name}: {requests} requests, {kilobytes:.1f} kB, shift {shift:.4f}"
        assert requests >= 5, f"{said}: is that the page?"
        if requests > budget.requests or kilobytes > budget.kilobytes or shift > SHIFT:
            over.append(f"{said}; may have {budget}")
    assert not over
