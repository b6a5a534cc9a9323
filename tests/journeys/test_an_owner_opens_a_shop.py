"""From nothing to a gift that was handed over: Olga runs the installation, Nia owns the shop.

Nothing is prepared by the test: the brand, its price, its store, its team and its tablet are made on the
pages, on a phone. The demo around it lends its servers alone. Nia follows the guide, step by step; in the
middle she leaves it and comes back.
"""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import PHONE, TABLET
from tests.camera import FakeCamera
from tests.journeys.browsers import Person
from tests.journeys.conftest import Services
from tests.journeys.test_from_a_sender_to_the_counter import fill_card, letter_to, qr_of

pytestmark = pytest.mark.journey

PASSWORD = "seven scoops in a row"
PIN, OWN_PIN = "480153", "926417"
STEPS: list[tuple[str, float]] = []


@contextmanager
def step(name: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    STEPS.append((name, time.monotonic() - begun))


def test_an_owner_opens_a_shop(
    services: Services,
    browser: Browser,
    camera: FakeCamera,
    capsys: pytest.CaptureFixture[str],
) -> None:
    STEPS.clear()
    with step("the operator's account"):
        olga = Person(browser, PHONE)
        olga.page.goto(first_address(services, "olga@operators.example"))
        take_up(olga, "Olga")
        expect(olga.page.get_by_role("heading", name="Brands")).to_be_visible()
        olga.judge("operator-brands")
    with step("a brand"):
        olga.page.goto(f"{services.url}/operator/brands/new/")
        olga.page.get_by_label("Name of the brand").fill("Zwei Kugeln")
        olga.page.get_by_label("Country").select_option("DE")
        olga.page.get_by_label("The owner's e-mail").fill("nia@zwei-kugeln.example")
        olga.judge("operator-new-brand")
        olga.page.get_by_role("button", name="Open it").click()
        expect(olga.page.get_by_role("heading", name="Zwei Kugeln")).to_be_visible()
        olga.judge("operator-brand")

    with step("the owner's account, by e-mail"):
        nia = Person(browser, PHONE)
        nia.page.goto(invitation(services, "nia@zwei-kugeln.example"))
        nia.judge("invitation")
        take_up(nia, "Nia")
        studio = nia.page.url
        expect(nia.page.get_by_role("heading", name="Before your shop opens")).to_be_visible()
        nia.judge("opening")
        expect_nothing_sold(browser, services, studio)
    with step("name, address, country"):
        nia.page.get_by_role("link", name="Begin").click()
        expect_step(nia, 1, "Name")
        nia.page.locator("#id_tagline").fill("Eis wie früher")
        nia.page.locator("#id_story").fill("Zwei Geschwister, eine Eismaschine.")
        nia.judge("brand")
        save_and_go_on(nia)
        expect_step(nia, 2, "Address")
        nia.page.get_by_label("Legal name").fill("Zwei Kugeln Eis GmbH")
        save_and_go_on(nia)
        expect_step(nia, 2, "Address")  # without its address nothing can be sold
        nia.page.get_by_label("Address").fill("Große Bergstraße 12\n22767 Hamburg")
        nia.page.get_by_label("E-mail for questions").fill("nia@zwei-kugeln.example")
        nia.judge("brand-contact")
        save_and_go_on(nia)
        expect_step(nia, 3, "Country")
        nia.judge("brand-home")
        save_and_go_on(nia)
    with step("the look, left and resumed"):
        expect_step(nia, 4, "Look")
        nia.page.goto(f"{studio}team/")
        nia.judge("opening-left")
        nia.page.get_by_role("link", name="Go on with your opening: Look").click()
        nia.page.get_by_label("Your colour").fill("#0a7d5a")
        nia.page.get_by_label("Ice cream").check()
        nia.judge("brand-look")
        save_and_go_on(nia)
    with step("a store"):
        expect_step(nia, 5, "Store")
        for label, words in (
            ("Name", "Altona"),
            ("Street and number", "Große Bergstraße 12"),
            ("City", "Hamburg"),
        ):
            nia.page.get_by_label(label, exact=True).fill(words)
        nia.look("new-store")
        nia.page.get_by_role("button", name="Add the store").click()
        expect(nia.page.get_by_text("Altona is there.")).to_be_visible()
    with step("a ready menu with prices"):
        expect_step(nia, 6, "Menu")
        nia.page.get_by_role("link", name="Coffee").click()
        nia.page.get_by_role("checkbox", name="Flat white").uncheck()
        nia.page.get_by_role("checkbox", name="Hot chocolate").uncheck()
        nia.page.locator("#id_cappuccino-0").fill("3.40")
        nia.page.locator("#id_cappuccino-1").fill("4.20")
        nia.judge("ready-menu")
        nia.page.get_by_role("button", name="Put them on the menu").click()
        expect(nia.page.get_by_role("link", name="Cappuccino")).to_be_visible()
    with step("a treat of one's own"):
        nia.page.get_by_role("link", name="Add a treat").click()
        nia.page.get_by_label("Name", exact=True).fill("Zwei Kugeln im Becher")
        nia.page.locator("#id_sizes-0-name").fill("Normal")
        nia.page.locator("#id_sizes-0-amount").fill("4.50")
        nia.page.locator("#id_groups-0-name").fill("Sorte")
        nia.page.locator("#id_groups-0-options").fill("Vanille\nSchokolade\nPistazie +0.50")
        nia.judge("treat")
        nia.page.get_by_role("button", name="Add the treat").click()
        expect(nia.page.get_by_role("link", name="Zwei Kugeln im Becher")).to_be_visible()
        nia.judge("menu")
    with step("payments tried"):
        nia.page.get_by_role("button", name="On to: Payments").click()
        expect_step(nia, 7, "Payments")
        nia.judge("payments")
        nia.page.get_by_role("button", name="Try it").click()
        expect(nia.page.get_by_text("Stripe answers").first).to_be_visible()
        nia.page.get_by_role("button", name="On to: Staff").click()
    with step("a colleague at the counter"):
        expect_step(nia, 8, "Staff")
        nia.page.get_by_label("Name", exact=True).fill("Dana")
        nia.page.get_by_label("Altona").check()
        nia.page.get_by_label("Cashier").check()
        for box in nia.page.locator("input[name^=pin]").all():
            box.fill(PIN)
        nia.page.get_by_role("button", name="Add", exact=True).click()
        expect(nia.page.get_by_role("link", name=re.compile("Dana"))).to_be_visible()
        nia.page.get_by_role("button", name="On to: Device").click()
    with step("a tablet"):
        expect_step(nia, 9, "Device")
        nia.judge("first-device")
        nia.page.locator("form[action$='/devices/'] [name=name]").fill("Theke")
        nia.page.get_by_role("button", name="Show the QR code to scan").click()
        expect(nia.page.locator(".invitation-text dd")).to_have_count(2)
        where, token = nia.page.locator(".invitation-text dd").all_inner_texts()
        nia.page.get_by_role("button", name="Later").click()
    with step("the shop opened"):
        expect_step(nia, 10, "Open")
        nia.judge("can-open")
        nia.page.get_by_role("button", name="Open the shop").click()
        expect(nia.page.get_by_text("Your shop is open").first).to_be_visible()

    with step("a gift is bought"):
        amy = Person(browser, PHONE)
        buy(amy, f"{services.url}/shop/{studio.rstrip('/').rpartition('/')[2]}/")
    with step("and handed over"):
        camera.show_picture(qr_of(letter_to(services, "ben@zwei.example")))
        dana = Person(browser, TABLET, permissions=["camera"])
        hand_over(dana, f"{where}#{token}")
    services.wait_until_counted()
    count_of_one(nia, studio)
    whole = sum(seconds for _name, seconds in STEPS)
    lines = [*STEPS, ("from nothing to a gift handed over", whole)]
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{seconds:6.1f} s  {name}" for name, seconds in lines) + "\n")


def expect_step(nia: Person, number: int, name: str) -> None:
    expect(nia.page.get_by_text(f"Step {number} of 10: {name}")).to_be_visible()


def save_and_go_on(nia: Person) -> None:
    nia.page.get_by_role("button", name="Save and go on").click()
    expect(nia.page.get_by_text("Saved.").first).to_be_visible()


def expect_nothing_sold(browser: Browser, services: Services, studio: str) -> None:
    """Somebody who comes by too early."""
    early = Person(browser, PHONE)
    early.page.goto(f"{services.url}/shop/{studio.rstrip('/').rpartition('/')[2]}/")
    expect(early.page.get_by_text("Opening soon")).to_be_visible()
    expect(early.page.get_by_role("button", name="Give a treat")).to_have_count(0)


def count_of_one(nia: Person, studio: str) -> None:
    """On the owner's overview, which the figures have followed."""
    nia.page.goto(studio)
    redeemed = nia.page.locator(".stat").filter(has_text="Redeemed").first
    expect(redeemed.locator(".stat-value")).to_contain_text("1")


def first_address(services: Services, email: str) -> str:
    """What `open_shop` prints for whoever sits at the server."""
    told = services.manage("open_shop", "--email", email)
    found = re.search(r"http\S+/invitations/\S+", told)
    assert found, told
    return found[0]


def invitation(services: Services, address: str) -> str:
    """Out of the e-mail, once it is there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            found = re.search(r"http\S+/invitations/\S+", letter_to(services, address)["text"])
        except IndexError:  # not there yet
            time.sleep(0.1)
            continue
        assert found
        return found[0]
    raise AssertionError("no invitation came")


def take_up(person: Person, name: str) -> None:
    person.page.get_by_label("Your name").fill(name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="Begin").click()


def buy(amy: Person, shop: str) -> None:
    page = amy.page
    page.goto(shop)
    amy.look("new-shop")
    page.get_by_role("button", name="Give a treat").click()
    page.get_by_label("Name").first.fill("Ben")
    page.get_by_label("E-mail").first.fill("ben@zwei.example")
    page.get_by_role("button", name="Go on to the treats").click()
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name=re.compile(r"^Send ")).click()
    fill_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()
    expect(page.locator(".ticket[data-state=delivered]")).to_have_count(1, timeout=60_000)


def hand_over(dana: Person, pairing_link: str) -> None:
    page = dana.page
    page.goto(pairing_link)
    page.get_by_role("link", name="Start").click()
    page.locator(".people label").first.click()
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New PIN").fill(OWN_PIN)
    page.get_by_label("The same PIN again").fill(OWN_PIN)
    page.get_by_role("button", name="Use this PIN").click()
    expect(page.locator("#panel[data-panel=look]")).to_be_visible()
    for choice in page.locator(".look-choice").all():
        choice.locator("label").first.click()
    expect(page.locator("[data-confirm-button][data-armed]")).to_be_visible()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("#panel[data-panel=ok]")).to_be_visible()
