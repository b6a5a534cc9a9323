"""The counter in a real browser, with a camera that shows what the guest holds up."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from redemption import code_format, pairing
from redemption.models import Redemption, StaffMember, Store
from redemption.pairing import PairedDevice
from tests import server
from tests.camera import FakeCamera
from tests.cast import PIN, make_staff
from tests.redemption.views.conftest import MakeCode

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@contextmanager
def chromium(camera: FakeCamera) -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=[*sandbox, *camera.launch_args()],
        )
        yield browser
        browser.close()


@pytest.fixture
def camera(tmp_path: Path) -> FakeCamera:
    return FakeCamera(tmp_path / "camera.mjpeg")


@pytest.fixture
def site() -> Iterator[str]:
    with server.running(threads=4, DEBUG="1") as running:
        yield running.url


def open_till(browser: Browser, site: str, token: str, name: str) -> Page:
    """A tablet at the counter, somebody signed in by tapping their PIN."""
    context = browser.new_context(
        viewport={"width": 1024, "height": 768}, permissions=["camera"], has_touch=True
    )
    context.add_cookies([{"name": "device", "value": token, "url": site}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(f"{site}/till/")
    page.get_by_role("radio", name=name).check()
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Ready")).to_be_visible()
    # The camera's state moves on once the page's scripts run.
    expect(page.locator("[data-camera]")).not_to_have_attribute("data-state", "starting")
    return page


def panel(page: Page, kind: str) -> None:
    expect(page.locator(f"#panel[data-panel={kind}]")).to_be_visible(timeout=15_000)


def press(page: Page, name: str) -> None:
    """Taps, as a person does, once the new panel has been seen: it takes no tap before."""
    expect(page.locator("[data-confirm-button]:not([data-armed])")).to_have_count(0)
    page.get_by_role("button", name=name).click()


def test_a_gift_passes_over_the_counter_once(
    site: str,
    camera: FakeCamera,
    paired: PairedDevice,
    store_b: Store,
    cashier: StaffMember,
    make_code: MakeCode,
    every_brand: None,
) -> None:
    ballard = pairing.pair_directly(store=store_b, name="Ballard tablet")
    make_staff(store_b, "Theo")
    camera.show(make_code())
    with chromium(camera) as browser:
        here = open_till(browser, site, paired.token, "Dana")
        panel(here, "look")
        expect(here.get_by_text("For Ben")).to_be_visible()

        press(here, "Choose: Flavour")
        panel(here, "look")
        here.get_by_role("radio", name="Pistachio").check()
        expect(here.get_by_text("Charge at the till $0.50")).to_be_visible()
        press(here, "Hand it over")
        panel(here, "ok")
        expect(here.get_by_text("1 gift today")).to_be_visible()

        there = open_till(browser, site, ballard.token, "Theo")
        panel(there, "refused")
        where = there.locator("#panel").get_by_text(re.compile("First used at Pike Street, today"))
        expect(where).to_be_visible()

        press(here, "Undo")
        press(here, "Guest changed their mind")
        expect(here.get_by_role("heading", name="Undone")).to_be_visible()
        expect(here.get_by_text("0 gifts today")).to_be_visible()

        there.reload()
        panel(there, "look")

    redemption = Redemption.objects.get()
    assert redemption.reversal.reason == "guest changed their mind"


def test_a_lost_answer_is_asked_for_again_and_counts_once(
    site: str,
    camera: FakeCamera,
    paired: PairedDevice,
    cashier: StaffMember,
    make_code: MakeCode,
    every_brand: None,
) -> None:
    code = make_code(choices=())
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().text())
        return route.abort()

    with chromium(camera) as browser:
        page = open_till(browser, site, paired.token, "Dana")
        page.route("**/till/redemptions/", lose_the_first_answer)
        page.get_by_label("Or type the code").fill(code.lower())
        panel(page, "look")
        press(page, "Hand it over")
        expect(page.get_by_text("No answer yet")).to_be_visible()
        panel(page, "ok")

    assert "Hand it over" in lost[0], "the server had done it the first time"
    assert Redemption.objects.count() == 1


def test_typing_a_hand_scanner_and_a_pause(
    site: str,
    camera: FakeCamera,
    paired: PairedDevice,
    cashier: StaffMember,
    make_code: MakeCode,
    every_brand: None,
) -> None:
    code, second = make_code(choices=()), make_code(choices=(), bearer_name="Cleo")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    asked: list[str] = []
    with chromium(camera) as browser:
        page = open_till(browser, site, paired.token, "Dana")
        page.on("request", lambda request: asked.append(request.url))
        field = page.get_by_label("Or type the code")
        field.press_sequentially(wrong.lower())
        expect(field).to_have_value(code_format.grouped(wrong))
        expect(page.get_by_text("One sign is wrong.")).to_be_visible()
        assert not [url for url in asked if "lookups" in url]

        field.fill("")
        page.get_by_role("button", name="Sound").focus()
        scan_by_hand(page, second)
        expect(page.get_by_text("For Cleo")).to_be_visible()

        page.context.clear_cookies(name="staff")
        press(page, "Hand it over")
        dialog = page.locator("#pin-dialog")
        expect(dialog).to_be_visible()
        dialog.get_by_role("radio", name="Dana").check()
        dialog.get_by_label("PIN", exact=True).fill("0000")
        dialog.get_by_role("button", name="Sign in").click()
        expect(dialog.get_by_text("4 more tries")).to_be_visible()
        dialog.get_by_label("PIN", exact=True).fill(PIN)
        dialog.get_by_role("button", name="Sign in").click()
        panel(page, "ok")
        expect(dialog).to_be_hidden()

    assert Redemption.objects.count() == 1


def scan_by_hand(page: Page, text: str) -> None:
    """All keys in one breath, then Enter, on whatever has the focus."""
    page.evaluate(
        """(keys) => keys.forEach((key) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))""",
        [*text, "Enter"],
    )


def test_the_browser_judges_codes_as_the_server_does(site: str, camera: FakeCamera) -> None:
    whole = [code_format.generate() for _ in range(400)]
    texts = [*whole, *map(code_format.grouped, whole[:50]), *map(damaged, whole), "", "hello"]
    texts += [code.replace("0", "o").replace("1", "l") for code in whole[:100]]
    with chromium(camera) as browser:
        page = browser.new_page()
        page.goto(f"{site}/till/pair/")
        verdicts = page.evaluate(
            """async (texts) => {
                const { judge, clean, checkSymbol } = await import("/static/js/till/code_format.js");
                return texts.map((text) => [judge(text) === "ok", clean(text)]);
            }""",
            texts,
        )

    assert verdicts == json.loads(json.dumps([judged(text) for text in texts]))


def damaged(code: str) -> str:
    """One symbol changed, or two neighbours swapped."""
    place = secrets.randbelow(16)
    if secrets.randbelow(2):
        return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    return code[:place] + secrets.choice(code_format.ALPHABET) + code[place + 1 :]


def judged(text: str) -> tuple[bool, str]:
    try:
        return True, code_format.normalise(text)
    except code_format.MalformedCode:
        loose = text.upper().replace("-", "")
        return False, loose.replace("O", "0").replace("L", "1").replace("I", "1")
