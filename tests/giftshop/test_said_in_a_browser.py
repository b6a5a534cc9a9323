"""What changes a page without a load: focus stands where the person was, and what changed is said once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Page, ViewportSize, expect

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft, Gift, Order
from redemption.till.devices import PairedDevice
from tests.browsers import DESK, PHONE, chromium
from tests.camera import FakeCamera
from tests.campaigns.conftest import new_fact, record
from tests.cast import Place, line, pay
from tests.giftshop.giving import steps
from tests.giftshop.listening import LISTEN, focused, said
from tests.journeys.browsers import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LONG = 60 * 1000
"""Milliseconds after which everything that leaves by itself has left."""


@pytest.fixture
def draft(client: Client, brand: Brand, store: Store, treat: Treat) -> Draft:
    """Amy's, for Ben and Cleo, both by e-mail; the client's cookies are its browser's."""
    made = steps.ready_draft(client, brand, treat)
    made.data["rows"][1] |= {"email": "cleo@friends.example", "by_link": ""}
    with scope(brand=brand):
        made.save()
    return made


@pytest.fixture
def addresses(place: Place, treat: Treat, draft: Draft) -> dict[str, str]:
    by_link = line(treat, "Ben", channel=Gift.Channel.LINK, recipient_email="")
    order: Order = pay(place(lines=[by_link]))
    with scope(brand=order.brand):
        [gift] = order.gifts.with_everything()
        give = f"/shop/{draft.brand.slug}/give/{draft.pk}"
        return {
            "order": f"/orders/{order.link_token()}/",
            "gift": f"/gift/{gift.link_token()}/",
            **{step: f"{give}/{step}/" for step in ("who", "what", "say", "pay")},
        }


@pytest.fixture
def sessions(client: Client, owner: User, brand: Brand) -> dict[str, str]:
    """Of Amy's browser, and of Olive, who has sold a gift."""
    with scope(brand=brand):
        record(new_fact(brand, occurred_at=timezone.now()))
    signed_in = Client()
    signed_in.force_login(owner)
    clients = {"amy": client, "olive": signed_in}
    name = settings.SESSION_COOKIE_NAME
    return {who: each.cookies[name].value for who, each in clients.items()}


@pytest.fixture
def browser(
    camera: FakeCamera, addresses: dict[str, str], sessions: dict[str, str], paired: PairedDevice
) -> Iterator[Browser]:
    """Opened last: while it is open, this thread must not ask the database."""
    with chromium(camera) as opened:
        yield opened


def open_page(browser: Browser, site: str, size: ViewportSize, session: str, **how: Any) -> Page:
    """A page that writes down what it says; it goes by a clock of the test's own."""
    person = Person(browser, size, **how)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    person.page.add_init_script(LISTEN)
    person.page.clock.install()
    return person.page


def test_a_sender_and_a_recipient_hear_what_changes(
    site: str, browser: Browser, addresses: dict[str, str], sessions: dict[str, str]
) -> None:
    clipboard = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = open_page(browser, site, PHONE, sessions["amy"], **clipboard)
    back_from_stripe_is_told(page, site + addresses["pay"])
    an_error_stays(page, site + addresses["pay"])
    rows_come_and_go(page, site + addresses["who"])
    the_total_follows(page, site + addresses["what"])
    the_counter_is_quiet(page, site + addresses["say"])
    each_day_has_its_group(page)
    page.add_init_script(
        "navigator.share = async () => {};window.print = () => { window.printed = true; };"
    )
    copy_and_share_leave_the_focus(page, site + addresses["order"])
    printing_leaves_the_focus(page, site + addresses["gift"])


def test_the_studio_says_what_was_done_and_its_menus_close(
    site: str, browser: Browser, sessions: dict[str, str]
) -> None:
    page = open_page(browser, site, DESK, sessions["olive"])
    studio = f"{site}/studio/frosty-spoon/"
    menus_close(page, f"{studio}devices/")
    what_was_done_is_said_once(page, f"{studio}rules/")
    what_went_wrong_stays(page, studio)


def back_from_stripe_is_told(page: Page, pay: str) -> None:
    """By focus: a page's own words are no news to a live region."""
    page.goto(f"{pay}?cancelled=1")
    expect(page.locator(".notice", has_text="Nothing was charged")).to_be_focused()


def an_error_stays(page: Page, pay: str) -> None:
    """Nobody takes payments here."""
    page.goto(f"{pay}#recipients")
    page.get_by_role("button", name=re.compile("^Send 2 gifts")).click()
    error = page.locator("[data-toast][data-kind=error]")
    expect(error).to_contain_text("The payment page can't be reached right now.")
    page.clock.run_for(LONG)
    expect(error).to_have_count(1)
    assert len(said(page)) == 1
    assert page.url.endswith("/pay/"), "no #fragment follows"


def rows_come_and_go(page: Page, who: str) -> None:
    page.goto(who)
    rows = page.locator("[data-row]")
    ben, cleo = (row.get_attribute("id").removeprefix("recipient-") for row in rows.all())  # type: ignore[union-attr]
    page.get_by_role("button", name="Remove Ben").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#id_{cleo}-name")).to_be_focused()
    page.clock.run_for(1000)
    assert said(page) == ["Ben is off the list"]
    assert ben != cleo

    page.get_by_role("button", name="Add a friend").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    added = page.get_by_role("group", name="Friend 2", exact=True).get_by_label("Name")
    expect(added).to_be_focused()
    page.keyboard.type("Dee")
    expect(page.get_by_role("group", name="Dee", exact=True).get_by_label("Name")).to_be_focused()
    named(page, "Cleo", "Dee")
    page.get_by_role("button", name="Add a friend").press("Enter")
    named(page, "Cleo", "Dee", "friend 3")
    page.get_by_label("Name").nth(1).fill("")
    named(page, "Cleo", "friend 2", "friend 3")
    for place, kept in ((3, "friend 2"), (2, "")):
        page.get_by_role("button", name=f"Remove friend {place}").press("Enter")
        named(page, "Cleo", *filter(None, [kept]))
        page.clock.run_for(1000)
        assert said(page) == [f"Friend {place} is off the list"]
    expect(page.locator(f"#id_{cleo}-name")).to_be_focused()

    page.get_by_role("button", name="Remove Cleo").press("Enter")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("group", name="Friend 1").get_by_label("Name")).to_be_focused()
    page.clock.run_for(1000)
    assert said(page) == ["Cleo is off the list"]


def named(page: Page, *whom: str) -> None:
    """Every row's button says whom it takes away, no two the same, as the row's group does."""
    buttons = page.locator("[data-rows-remove]")
    expect(buttons).to_have_count(len(whom))
    labels = [each.get_attribute("aria-label") for each in buttons.all()]
    assert labels == [f"Remove {each}" for each in whom]
    for each in whom:
        name = each.replace("friend", "Friend")
        expect(page.get_by_role("group", name=name, exact=True)).to_have_count(1)


def the_total_follows(page: Page, what: str) -> None:
    page.goto(what)
    page.clock.run_for(LONG)
    assert said(page) == []
    page.get_by_role("radio", name=re.compile("Regular")).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile("Large"))).to_be_focused()
    page.clock.run_for(1000)
    assert said(page) == ["For 2 friends $17.00"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.clock.run_for(1000)
    assert said(page) == ["For 2 friends $17.00"], "what is passed over is not said"


def the_counter_is_quiet(page: Page, say: str) -> None:
    """280 characters; the card beside it follows without a word."""
    page.goto(say)
    message = page.get_by_label("Your message")
    message.fill("x" * 250)
    expect(page.locator(".say-preview")).to_contain_text("xxx")
    page.clock.run_for(LONG)
    assert said(page) == []
    for length in (258, 259, 260):
        message.fill("x" * length)
        page.clock.run_for(100)
    assert said(page) == [], "while somebody types"
    page.clock.run_for(1000)
    assert said(page) == ["20 characters left"]
    message.fill("x" * 283)
    page.clock.run_for(1100)
    assert said(page) == ["3 too many"]
    expect(message).to_be_focused()
    message.fill("Enjoy!")
    page.clock.run_for(LONG)
    assert said(page) == []
    page.get_by_role("radio", name="Love").check()
    page.clock.run_for(LONG)
    assert said(page) == []


def each_day_has_its_group(page: Page) -> None:
    page.get_by_role("radio", name="Each on their own day").check()
    for name in ("Ben", "Cleo"):
        group = page.get_by_role("group", name=name, exact=True)
        for field in ("Day", "Time", "On the clock of"):
            expect(group.get_by_label(field)).to_be_visible()
    page.get_by_role("group", name="Cleo", exact=True).get_by_label("Day").fill("2020-01-01")
    page.get_by_role("button", name="Look it over").last.click()
    expect(page.locator("#problems")).to_be_focused()
    told = page.locator("#problems a")
    passed = "That day has passed already. Choose a later one, or send it now."
    expect(told).to_have_text([f"Cleo: {passed}", "Cleo: At what time?"])
    told.first.press("Enter")
    cleo = page.get_by_role("group", name="Cleo", exact=True)
    expect(cleo.locator("[aria-invalid=true]")).to_have_count(2)
    expect(cleo.get_by_label("Day")).to_be_focused()


def copy_and_share_leave_the_focus(page: Page, order: str) -> None:
    page.goto(order)
    copy = page.locator("[data-copy]").first
    copy.press("Enter")
    expect(copy).to_have_text("Copied")
    expect(copy).to_be_focused()
    page.clock.run_for(100)
    assert said(page) == ["Copied"]
    page.clock.run_for(3000)
    expect(copy).to_have_text("Copy")
    share = page.locator("[data-share]").first
    share.press("Enter")
    expect(page.locator(".ticket[data-state=passed_on]")).to_be_visible()


def printing_leaves_the_focus(page: Page, gift: str) -> None:
    page.context.clear_cookies()  # it is the recipient's browser from here on
    page.goto(gift)
    page.get_by_role("button", name="Open your gift").click()
    printer = page.locator("[data-print]")
    printer.press("Enter")
    expect(printer).to_be_focused()
    assert page.evaluate("window.printed")
    assert said(page) == []


def menus_close(page: Page, devices: str) -> None:
    page.goto(devices)
    for menu, inside in ((".studio-user", "button"), (".device-acts", "input[name=name]")):
        summary = page.locator(f"{menu} > summary")
        opened = page.locator(f"details{menu}[open]")
        summary.press("Enter")
        expect(opened).to_have_count(1)
        page.locator(menu).locator(inside).first.focus()
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
        expect(summary).to_be_focused()
        summary.press("Enter")
        expect(opened).to_have_count(1)
        page.locator("h1").click()
        expect(opened).to_have_count(0)


def what_was_done_is_said_once(page: Page, rules: str) -> None:
    """It leaves by itself, but not from under a pointer."""
    page.goto(rules)
    toast = page.locator("[data-toast]")
    for hover in (False, True):
        page.get_by_role("button", name="Save the rules").click()
        expect(toast).to_have_attribute("data-kind", "success")
        page.clock.run_for(100)
        assert said(page) == ["Nothing had changed."]
        if hover:
            toast.hover()
            page.clock.run_for(LONG)
            expect(toast).to_have_count(1)
            page.mouse.move(1, 1)
        page.clock.run_for(2 * 6000 + 100)
        expect(toast).to_have_count(0)


def what_went_wrong_stays(page: Page, studio: str) -> None:
    """Until it is dismissed; then the focus goes on to the next, and back to where it came from."""
    page.goto(studio)
    page.route("**/studio/**", lambda route: route.abort())
    toast = page.locator("[data-toast]")
    link = page.locator("a[id^=days-]:not([aria-current])").first
    for times in (1, 1, 2):
        if times == 2:
            page.evaluate("() => { document.body.dataset.offline = 'Something else.'; }")
        with page.expect_event("requestfailed"):
            link.press("Enter")
        expect(toast).to_have_count(times)
        page.clock.run_for(100)
        expect(toast.first).to_have_attribute("data-kind", "warning")
        words = "That did not get through. Nothing is lost: try again in a moment."
        assert said(page) == ["Something else." if times == 2 else words]
    page.clock.run_for(LONG)
    expect(toast).to_have_count(2)
    page.get_by_role("button", name="Dismiss").last.press("Enter")
    expect(toast).to_have_count(1)
    expect(page.get_by_role("button", name="Dismiss")).to_be_focused()
    page.keyboard.press("Enter")
    expect(toast).to_have_count(0)
    assert focused(page) == link.get_attribute("id")
