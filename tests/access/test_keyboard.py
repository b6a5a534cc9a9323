"""Each journey with nothing but a keyboard, and the stops of each page by their names.

The lists are kept in stops/: what is added, lost or renamed is seen in the diff. `KEEP_STOPS=1` writes them
anew, for somebody who then reads what changed.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, expect

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order
from redemption.models import Code, StaffMember
from redemption.till.devices import PairedDevice
from tests.access.keyboard import STOPS, Hands
from tests.browsers import DESK, PHONE, TABLET, chromium
from tests.camera import FakeCamera
from tests.cast import PIN, symbols
from tests.redemption.till.views.paired_pages import SEES_NOTHING

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(paying_site: str) -> str:
    return paying_site


@dataclass
class Journey:
    """The pages of one person, as far as they were walked."""

    hands: Hands
    pages: list[str] = field(default_factory=list)
    around: dict[str, list[str]] = field(default_factory=dict)
    """By what there is around a main part: its stops, which were walked."""

    @property
    def page(self) -> Page:
        return self.hands.page

    def open(self, url: str, name: str) -> None:
        """From its top to its end, and past the skip link; of a page around whose main part there is what
        was walked around another one's, the main part."""
        self.page.goto(url)
        around = self.hands.around()
        if around in self.around:
            self._note(name, self.hands.walk_main(name), beside=self.around[around])
        else:
            self.walk(name)
            self.around[around] = self.hands.outside
            self.skip(name)

    def skip(self, name: str) -> None:
        told = self.hands.skip()
        assert not told, f"{name}: {told}"

    def walk(self, name: str) -> None:
        self._note(name, self.hands.walk(name))

    def _note(self, name: str, stops: list[str], *, beside: Sequence[str] = ()) -> None:
        assert len(stops) == len(set(stops)), f"{name}: two stops are called alike: {stops}"
        assert not set(stops) & set(beside), f"{name}: called as a stop around it: {stops}"
        self.pages.append("\n".join([f"# {name}", *stops]))

    @property
    def stops(self) -> str:
        return "\n\n".join(self.pages) + "\n"


def kept(name: str, walked: str) -> str:
    """The stops that are kept under this name; what was walked, if that is to be kept from now on."""
    file = STOPS / f"{name}.txt"
    if os.environ.get("KEEP_STOPS"):
        file.write_text(walked)
    return file.read_text()


Begin = Callable[..., Journey]


@pytest.fixture
def begin(site: str, camera: FakeCamera) -> Iterator[Begin]:
    """While it is open, this thread must not ask the database."""
    with chromium(camera) as browser:
        yield lambda size, **cookies: _begin(browser, site, size, cookies)


def _begin(browser: Browser, site: str, size: ViewportSize, cookies: dict[str, str]) -> Journey:
    context = browser.new_context(viewport=size, locale="en-US", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    context.add_init_script(f"({SEES_NOTHING})()")
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
    )
    return Journey(Hands(context.new_page()))


def test_a_sender_gives_by_keyboard(
    brand: Brand, store: Store, treat: Treat, site: str, begin: Begin
) -> None:
    amy = begin(PHONE)
    hands, page = amy.hands, amy.page
    amy.open(f"{site}/", "home")
    hands.press('link "Frosty Spoon')
    expect(page.get_by_role("button", name="Give a treat").first).to_be_visible()
    amy.walk("shop")
    hands.press('button "Give a treat')
    page.wait_for_url(re.compile("/who/"))
    amy.walk("who")
    hands.write('textbox "Name', "Ben")
    hands.write('textbox "E-mail', "ben@friends.example")
    hands.press('button "Go on to the treats')
    page.wait_for_url(re.compile("/what/"))
    amy.walk("what")
    hands.press('radio ".*Regular', "Space")
    hands.press('button "Go on to the card')
    page.wait_for_url(re.compile("/say/"))
    amy.walk("say")
    hands.write('textbox "Your message', "This one is on me")
    hands.write('textbox "Your name', "Amy")
    hands.write('textbox "Your e-mail', "amy@senders.example")
    hands.press('button "Look it over')
    page.wait_for_url(re.compile("/pay/"))
    amy.walk("pay")
    hands.press('button "Send')
    expect(page.get_by_role("heading", name="Pay with card")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"^Pay .*6\.50"))).to_be_visible()
    assert amy.stops == kept("sender", amy.stops)


def test_a_recipient_unwraps_and_thanks_by_keyboard(
    gift: Gift, store: Store, site: str, begin: Begin
) -> None:
    link = f"{site}/gift/{gift.link_token()}/"
    ben = begin(PHONE)
    hands, page = ben.hands, ben.page
    ben.open(link, "wrapped")
    hands.press('button "Open your gift')
    expect(page.locator(".gift-code").first).to_be_visible()
    ben.walk("opened")
    hands.reach('radio "Vanilla')
    page.keyboard.press("ArrowDown")
    hands.press('button "Save my pick')
    expect(page.get_by_role("radio", name="Mint")).to_be_checked()
    hands.write('textbox "Your words', "Best sofa day ever")
    hands.press('button "Send thanks')
    expect(page.get_by_role("heading", name="You thanked Amy")).to_be_visible()
    expect(page.locator("#thanks blockquote")).to_have_text("Best sofa day ever")
    page.reload()
    expect(page.get_by_role("radio", name="Mint")).to_be_checked()
    expect(page.locator("#thanks blockquote")).to_have_text("Best sofa day ever")
    assert ben.stops == kept("recipient", ben.stops)


def test_a_sender_follows_the_gifts_by_keyboard(
    paid_order: Order, store: Store, site: str, begin: Begin
) -> None:
    amy = begin(PHONE)
    amy.open(f"{site}/orders/{paid_order.link_token()}/", "order")
    for gift in amy.page.locator("details.by-hand-more").all():
        gift.locator("summary").click()
    amy.walk("order, sent by the sender, too")
    assert amy.stops == kept("order", amy.stops)


def test_staff_hand_over_and_take_back_by_keyboard(
    paired: PairedDevice,
    cashier: StaffMember,
    code: Code,
    site: str,
    begin: Begin,
    every_brand: None,
) -> None:
    digits = symbols(code)
    dana = begin(TABLET, device=paired.token)
    hands, page = dana.hands, dana.page
    hands.sees_rings_whole = True
    page.goto(f"{site}/till/")
    dana.walk("sign in")
    sign_in_by_keyboard(dana, "Dana")
    expect(page.get_by_role("heading", name="Ready")).to_be_visible()
    dana.walk("ready")
    hands.press('button "Type')
    dana.walk("pad")
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    expect(page.locator("#panel[data-panel=look]")).to_be_visible()
    dana.walk("look")
    hands.reach('radio "Vanilla')
    page.keyboard.press("ArrowDown")
    hands.press('button "Hand it over')
    expect(page.locator("#panel[data-panel=ok]")).to_be_visible()
    dana.walk("handed over")
    hands.press('button "Undo')
    dana.walk("undo")
    hands.press('button "Wrong choice tapped')
    expect(page.locator("#panel[data-panel=wait]")).to_contain_text("Undone")
    hands.press('button "Type the code')
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    expect(page.locator("#panel[data-panel=look]")).to_be_visible()
    dana.skip("look")
    assert dana.stops == kept("till", dana.stops)


def test_a_manager_looks_after_the_day_by_keyboard(
    paired: PairedDevice,
    manager: StaffMember,
    code: Code,
    treat: Treat,
    site: str,
    begin: Begin,
    every_brand: None,
) -> None:
    mo = begin(TABLET, device=paired.token)
    mo.hands.sees_rings_whole = True
    mo.page.goto(f"{site}/till/")
    sign_in_by_keyboard(mo, "Mo")
    expect(mo.page.get_by_role("heading", name="Ready")).to_be_visible()
    for name in (
        "",
        "refused/",
        "sold-out/",
        "shift/",
        "staff/",
        "staff/new/",
        "devices/",
        "gifts/",
        "goodwill/",
        "requests/",
    ):
        mo.open(f"{site}/till/manager/{name}", name.strip("/") or "today")
    mo.page.goto(f"{site}/till/manager/sold-out/")
    mo.hands.press('checkbox "Double scoop', "Space")
    mo.hands.press('button "Save')
    expect(mo.page.get_by_text("Noted. Friends see it on their gift")).to_be_visible()
    expect(mo.page.get_by_role("checkbox", name="Double scoop")).to_be_checked()
    assert mo.stops == kept("console", mo.stops)


@pytest.fixture
def session(owner: User) -> dict[str, str]:
    """Of Olive, who signed in."""
    client = Client()
    client.force_login(owner)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def test_an_owner_runs_the_shop_by_keyboard(
    brand: Brand, store: Store, session: dict[str, str], site: str, begin: Begin
) -> None:
    olive = begin(DESK, **session)
    for name in (
        "",
        "campaigns/",
        "campaigns/new/",
        "stores/",
        "stores/new/",
        "staff/",
        "devices/",
        "requests/",
        "rules/",
        "audit/",
    ):
        olive.open(f"{site}/studio/{brand.slug}/{name}", name.strip("/") or "overview")
    olive.page.goto(f"{site}/studio/{brand.slug}/stores/{store.slug}/")
    olive.hands.write('textbox "City', "Tacoma")
    olive.hands.press('button "Save')
    expect(olive.page.get_by_text("Saved.")).to_be_visible()
    expect(olive.page.get_by_label("City")).to_have_value("Tacoma")
    assert olive.stops == kept("studio", olive.stops)


def sign_in_by_keyboard(person: Journey, name: str) -> None:
    person.hands.reach('radio "')
    while not person.hands.here().startswith(f'radio "{name}'):
        person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Space")
    person.hands.write('textbox "PIN', PIN)
    person.page.keyboard.press("Enter")
