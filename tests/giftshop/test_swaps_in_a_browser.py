"""Every part that htmx swaps, walked in a real browser: focus stands where the person was, and what
changed is said once, in words. A swap in a template that no walk names fails here too."""

import contextlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Error, Page, expect

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Link
from campaigns.planning import campaigns
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft, Gift, Order
from tests.browsers import PHONE, chromium
from tests.camera import FakeCamera
from tests.campaigns.conftest import new_fact, record
from tests.cast import Place, line, pay
from tests.giftshop.giving import steps
from tests.giftshop.listening import focused, said, said_by_now
from tests.giftshop.swaps import Swap, elsewhere, heard, swaps
from tests.giftshop.test_devices_in_a_browser import BY_A_DEVICE
from tests.held import Held
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BY_SENDER_RECIPIENT_AND_OWNER = (
    "giftshop/order_page/order.html",
    "giftshop/order_page/withdrawal.html",
    "giftshop/gift_page/gift.html",
    "campaigns/period.html",
)
"""Templates whose swaps are walked below, each of them: they are found in the sources. The others are in
test_devices_in_a_browser.py."""


def test_every_swap_has_its_walk() -> None:
    files = {each.file for each in swaps()}
    assert files == {*BY_SENDER_RECIPIENT_AND_OWNER, *BY_A_DEVICE}
    assert len({each.pattern for each in swaps()}) == len(swaps()) > len(files)


@pytest.fixture
def order(place: Place, treat: Treat) -> Order:
    """Ben's gift goes by a link of Amy's own, Cleo's by e-mail."""
    by_link = line(treat, "Ben", channel=Gift.Channel.LINK, recipient_email="")
    return pay(place(lines=[by_link, line(treat, "Cleo")]))


@pytest.fixture
def draft(client: Client, brand: Brand, store: Store, treat: Treat) -> Draft:
    """Amy's, complete; the client's cookies are its browser's."""
    return steps.ready_draft(client, brand, treat)


@pytest.fixture
def session(owner: User, brand: Brand) -> str:
    """Of Olive, who signed in and has sold a gift."""
    with scope(brand=brand):
        weekend = campaigns.plan(brand=brand, name="Weekend", starts_on=date(2026, 1, 1))
        post = links.add(campaign=weekend, channel=Link.Channel.INSTAGRAM, name="Friday post")
        record(new_fact(brand, occurred_at=timezone.now(), campaign=weekend, link=post))
    signed_in = Client()
    signed_in.force_login(owner)
    return signed_in.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def addresses(order: Order) -> dict[str, Any]:
    with scope(brand=order.brand):
        ben, cleo = order.gifts.with_everything()
        return {
            "order": f"/orders/{order.link_token()}/",
            "gift": f"/gift/{ben.link_token()}/",
            "cleo": cleo.pk,
        }


@pytest.fixture
def browser(
    camera: FakeCamera,
    addresses: dict[str, Any],
    draft: Draft,
    session: str,
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def test_focus_stays_and_what_changed_is_said(
    site: str, browser: Browser, addresses: dict[str, Any], draft: Draft, brand: Brand, session: str
) -> None:
    walked = set[Swap]()
    the_order_page(heard(Person(browser, PHONE).page, walked), site, addresses, brand)
    the_gift_page(heard(Person(browser, PHONE).page, walked), site, addresses)
    olive = Person(browser, PHONE)
    heard(olive.page, walked)
    the_period(olive, site, session)
    assert walked == set(swaps(*BY_SENDER_RECIPIENT_AND_OWNER))


def the_order_page(page: Page, site: str, addresses: dict[str, Any], brand: Brand) -> None:
    page.goto(site + addresses["order"])
    page.wait_for_load_state()
    copy = page.locator("[id^=copy-]").first
    copy.focus()
    before = focused(page)
    assert before.startswith("copy-")

    def opened() -> None:
        with scope(brand=brand):
            now = timezone.now()
            Gift.objects.filter(pk=addresses["cleo"]).update(sent_at=now, opened_at=now)

    elsewhere(opened)
    expect(page.locator("#announcer")).to_contain_text("Cleo unwrapped it", timeout=30_000)
    [words] = said_by_now(page)
    assert words.startswith("Cleo unwrapped it")
    expect(page.locator(f"#{before}")).to_be_focused()
    page.get_by_role("link", name="Cancel gifts").click()
    box = page.get_by_role("checkbox").first
    expect(box).to_be_checked()
    box.press(" ")
    expect(page.locator("#sum dd")).to_have_text("$0.00")
    assert said_by_now(page) == ["$0.00"]
    expect(box).to_be_focused()


def the_gift_page(page: Page, site: str, addresses: dict[str, Any]) -> None:
    page.goto(site + addresses["gift"])
    page.get_by_role("button", name="Open your gift").click()
    page.wait_for_load_state()  # before that a form is sent without htmx
    page.get_by_role("button", name="Save my pick").focus()
    told = page.locator("#choices .gift-said")
    for pick, words in (
        (None, "Nothing is picked. You can also pick at the counter."),
        (0, "Saved. The counter will see it."),
        (1, "Saved. The counter will see it."),
    ):
        if pick is not None:
            page.locator("#choices .choice").nth(pick).click()
            expect(told).to_have_count(0)
            page.locator("#save-pick").focus()
        page.keyboard.press("Enter")
        expect(told).to_have_text(words)
        expect(page.locator("#announcer")).to_have_text(words)
        expect(page.locator("#save-pick")).to_be_focused()
        assert said_by_now(page) == [words]
    what_is_refused_has_the_focus(page)

    page.locator("#thanks textarea").fill("x" * 270)
    expect(page.locator("#announcer")).to_have_text(re.compile(r"^\d+ characters left$"))
    assert len(said_by_now(page)) == 1
    page.get_by_role("button", name="Send thanks").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).to_have_text("Your thanks are on their way to Amy.")
    expect(page.locator("#thanks")).to_be_focused()
    assert said_by_now(page) == ["Your thanks are on their way to Amy."]
    page.evaluate(TWICE)
    assert said_by_now(page) == ["Once", "Once"], "the control: what is said twice is heard twice"


TWICE = """() => {
  const region = document.getElementById("announcer");
  for (let times = 0; times < 2; times++) region.textContent = "Once";
}"""


def what_is_refused_has_the_focus(page: Page) -> None:
    """A pick that is not offered: the focus is on the reason, which is read so and not said besides. And
    thanks without a word: the focus is on the field, and the reason is said, once."""
    page.locator("#choices input:checked").evaluate("(one) => { one.value = 'no such pick'; }")
    page.locator("#save-pick").press("Enter")
    expect(page.locator("#wrong-pick .alert")).to_be_focused()
    assert said_by_now(page) == []
    page.locator("#thanks form[data-hx-target]").evaluate("(form) => { form.noValidate = true; }")
    page.get_by_role("button", name="Send thanks").press("Enter")
    words = page.locator("#thanks textarea")
    expect(words).to_be_focused()
    expect(words).to_have_accessible_description(re.compile("Write a word or two first"))
    assert said_by_now(page) == ["Write a word or two first."]


def the_period(person: Person, site: str, session: str) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    page = person.page
    page.goto(f"{site}/studio/frosty-spoon/")
    link = page.locator("a[id^=days-]:not([aria-current])").first
    link.focus()
    before = focused(page)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{before}")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#{before}")).to_be_focused()
    expect(page.locator("#announcer")).not_to_be_empty()
    assert len(said_by_now(page)) == 1

    the_last_period_counts(page)

    page.locator("#own-days").focus()
    page.keyboard.press("Enter")
    page.locator("#period-from").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#own-days")).to_be_focused()
    expect(page.locator("details.period-own[open]")).to_have_count(0)
    page.locator("#own-days").click()
    page.locator("h1").first.click()
    expect(page.locator("details.period-own[open]")).to_have_count(0)
    for address in ("/studio/frosty-spoon/", "/studio/frosty-spoon/campaigns/weekend/"):
        other_days(page, site + address)
    the_days_of_a_campaign(page, site)


def other_days(page: Page, address: str) -> None:
    """Days that are none are told at their fields, what was typed stays; days that are some are said once."""
    page.goto(address)
    page.evaluate("window.here = true")
    said(page)
    page.locator("#own-days").press("Enter")
    page.locator("#period-from").fill("2026-05-03")
    page.locator("#period-to").fill("2026-05-01")
    page.locator("#show-days").press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wrong = page.locator("#period-to")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile("The last day is before the first"))
    expect(wrong).to_have_value("2026-05-01")
    expect(page.locator("#period-from")).to_have_value("2026-05-03")
    assert said(page) == [], "what has the focus is read by itself"
    wrong.fill("2026-05-09")
    wrong.press("Enter")
    expect(page.locator("details.period-own[open]")).to_have_count(0)
    expect(page.locator("#own-days")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text(page.locator(".period [data-say]").inner_text())
    assert len(said(page)) == 1
    assert page.url == f"{address}?from=2026-05-03&to=2026-05-09"
    assert page.evaluate("window.here"), "the page was not loaded anew"


def the_days_of_a_campaign(page: Page, site: str) -> None:
    page.goto(f"{site}/studio/frosty-spoon/campaigns/weekend/")
    for days in ("#days-week", "#days-own"):
        page.locator(days).press("Enter")
        expect(page.locator(days)).to_have_attribute("aria-current", "true")
        expect(page.locator(days)).to_be_focused()
        expect(page.locator("#announcer")).not_to_be_empty()
        assert len(said_by_now(page)) == 1


def the_last_period_counts(page: Page) -> None:
    """However late the one before is answered; and the page in another language is of the same days."""
    held = Held(page, "**/?days=week")
    page.locator("#days-week").press("Enter")
    late = held.next()
    page.locator("#days-month").press("Enter")
    expect(page.locator("#days-month")).to_have_attribute("aria-current", "true")
    assert len(held) == 1
    with contextlib.suppress(Error):  # nobody waits for it any more
        late.fulfill(body=page.content())
    page.unroute("**/?days=week")
    page.locator("#days-28").press("Enter")
    expect(page.locator("#days-28")).to_have_attribute("aria-current", "true")
    assert page.evaluate("history.state && location.search") == "?days=28"
    page.go_back()
    expect(page.locator("#days-month")).to_have_attribute("aria-current", "true")
    assert page.url.endswith("?days=month"), page.url
    page.locator(".studio-user summary").click()
    page.get_by_role("button", name="Deutsch").click()
    page.wait_for_url("**/?days=month")
    page.locator(".studio-user summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#days-month")).to_have_attribute("aria-current", "true")
