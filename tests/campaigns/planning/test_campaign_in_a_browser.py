"""A campaign built on a laptop beside its preview, put live, and followed from a poster by a phone."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from tests.browsers import DESK, PHONE, chromium
from tests.camera import FakeCamera
from tests.campaigns.conftest import BROWSER
from tests.cast import make_treat
from tests.giftshop.kept_words import open_page
from tests.redemption.codes.qr_reader import read_svg

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def olive(brand: Brand, store: Store, treat: Treat, owner: User) -> str:
    """Her session. Her shop sells two treats, and is drawn."""
    with scope(brand=brand):
        make_treat(brand, "sundae")
    Brand.objects.filter(pk=brand.pk).update(theme={"art": "frosty-spoon"})
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(camera: FakeCamera, olive: str) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_what_a_marketer_promises_is_what_a_phone_sees(
    site: str, browser: Browser, brand: Brand, olive: str
) -> None:
    faults: list[str] = []
    context = browser.new_context(viewport=DESK, base_url=site)
    laptop = open_page(context, site, olive, faults)
    campaigns = f"/studio/{brand.slug}/campaigns/"
    built_beside_its_preview(laptop, f"{campaigns}new/")
    address = put_live_with_a_link(laptop, f"/studio/{brand.slug}/links/")
    phone = browser.new_context(
        viewport=PHONE, base_url=site, user_agent=BROWSER["User-Agent"]
    ).new_page()
    followed_by_a_phone(phone, address)
    assert faults == []


def built_beside_its_preview(page: Page, new: str) -> None:
    page.goto(new)
    shown = page.frame_locator(".phone-frame")
    expect(shown.get_by_role("heading", level=1)).to_be_visible()
    page.locator("[name=name]").fill("Porch evenings")
    page.locator("[name=headline]").fill("Long evenings are for porches")
    page.locator("[name=story]").fill("Send something cold.")
    page.locator("[name=least_recipients]").select_option("2")
    page.get_by_role("checkbox", name="Sundae").check(force=True)
    expect(shown.get_by_role("heading", level=1)).to_have_text("Long evenings are for porches")
    expect(shown.get_by_text("Send something cold.")).to_be_visible()
    expect(shown.get_by_text("For 2 friends or more")).to_be_visible()
    expect(shown.locator(".treat h3")).to_contain_text(["Sundae"])
    page.get_by_role("button", name="Make the campaign").click()
    page.wait_for_url(re.compile("/porch-evenings/$"))


def put_live_with_a_link(page: Page, links: str) -> str:
    """The path that the QR of its poster says."""
    fields = page.locator(".new-link-fields")
    fields.locator("[name=channel]").select_option("poster")
    fields.locator("[name=name]").fill("Window")
    fields.locator("[name=treat]").select_option(label="Double scoop")
    page.get_by_role("button", name="Add the link").click()
    page.get_by_role("button", name="Put it live").click()
    expect(page.get_by_role("link", name="See its page")).to_be_visible()
    told = re.search(r"/l/([\w-]+)/", page.locator(".copy-whole").first.inner_text())
    assert told
    return urlsplit(read_svg(page.request.get(f"{links}{told[1]}.svg").text())).path


def followed_by_a_phone(page: Page, address: str) -> None:
    page.goto(address)
    expect(page).to_have_url(re.compile(r"/c/porch-evenings/\?treat=double-scoop$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Long evenings are for porches")
    expect(page.locator(".treat h3")).to_contain_text(["Double scoop", "Sundae"])
    page.get_by_role("button", name="Give a treat").click()
    expect(page.get_by_text("This offer is for 2 friends or more")).to_be_visible()
