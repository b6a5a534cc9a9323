"""The counter in a real browser, with a camera that shows what the recipient holds up."""

import json
import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from brands.models import Store
from giftshop.orders.models import Gift
from redemption import code_format
from redemption.models import Redemption, StaffMember
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.browsers import chromium
from tests.camera import FakeCamera
from tests.cast import PIN, make_staff
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import open_till, panel, press, scan_by_hand

CODE_TEXTS = Path(__file__).parents[2] / "code_texts.json"

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_gift_passes_over_the_counter_once(
    site: str,
    camera: FakeCamera,
    paired: PairedDevice,
    store_b: Store,
    cashier: StaffMember,
    make_code: MakeCode,
    every_brand: None,
) -> None:
    ballard = devices.pair_directly(store=store_b, name="Ballard tablet")
    make_staff(store_b, "Theo")
    camera.show(make_code())
    with chromium(camera) as browser:
        here = open_till(browser, site, paired.token, "Dana", sees=True)
        panel(here, "look")
        expect(here.locator("#panel").get_by_text("For Ben")).to_be_visible()

        press(here, "Choose: Flavour")
        panel(here, "look")
        here.get_by_role("radio", name="Pistachio").check()
        expect(here.locator(".look-extra")).to_contain_text("$0.50")
        press(here, "Hand it over")
        panel(here, "ok")
        expect(here.get_by_text("1 gift today")).to_be_visible()

        there = open_till(browser, site, ballard.token, "Theo", sees=True)
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
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().text())
        return route.abort()

    with danas_till() as page:
        page.route("**/till/redemptions/", lose_the_first_answer)
        page.get_by_role("button", name="Type the code").click()
        page.get_by_role("textbox", name="Type the code").fill(code.lower())
        panel(page, "look")
        press(page, "Hand it over")
        expect(page.get_by_text("No answer yet")).to_be_visible()
        panel(page, "ok")

    assert "Hand it over" in lost[0], "the server had done it the first time"
    assert Redemption.objects.count() == 1


def test_typing_a_hand_scanner_and_a_pause(danas_till: DanasTill, make_code: MakeCode) -> None:
    code, second = make_code(choices=()), make_code(choices=(), recipient_name="Cleo")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    asked: list[str] = []
    with danas_till() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("button", name="Type the code").click()
        field = page.get_by_role("textbox", name="Type the code")
        field.press_sequentially(wrong.lower())
        expect(field).to_have_value(code_format.grouped(wrong))
        expect(page.get_by_text("That can't be right.")).to_be_visible()
        assert not [url for url in asked if "lookups" in url]

        field.fill("")
        field.press_sequentially(
            second[:8], delay=100
        )  # a person, who then types as fast as a scanner
        page.keyboard.type(second[8:])
        page.keyboard.press("Enter")
        expect(page.locator("#panel").get_by_text("For Cleo")).to_be_visible()
        scan_by_hand(page, code)
        expect(page.locator("#panel").get_by_text("For Ben")).to_be_visible()

        page.get_by_role("button", name="Sound").focus()
        scan_by_hand(page, second)
        expect(page.locator("#panel").get_by_text("For Cleo")).to_be_visible()

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


def test_the_browser_judges_codes_as_the_server_does(
    site: str, collected: Path, camera: FakeCamera
) -> None:
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    whole = [code_format.generate() for _ in range(400)]
    texts = [*whole, *map(code_format.grouped, whole[:50]), *map(damaged, whole), "", "hello"]
    texts += [code.replace("0", "o").replace("1", "l") for code in whole[:100]]
    cases = json.loads(CODE_TEXTS.read_text())
    with chromium(camera) as browser:
        page = browser.new_page()
        page.goto(f"{site}/till/pair/")
        verdicts, read = page.evaluate(
            """async ([module, texts, pasted]) => {
                const { judge, clean, codeIn } = await import(`/static/${module}`);
                return [texts.map((text) => [judge(text) === "ok", clean(text)]), pasted.map(codeIn)];
            }""",
            [paths["js/till/scan/code_format.js"], texts, [case["text"] for case in cases]],
        )

    assert verdicts == json.loads(json.dumps([judged(text) for text in texts]))
    assert dict(zip([case["what"] for case in cases], read, strict=True)) == {
        case["what"]: case["code"] for case in cases
    }


def test_a_pasted_message_is_looked_up_by_its_code(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    with danas_till() as page:
        page.get_by_role("button", name="Type the code").click()
        field = page.get_by_role("textbox", name="Type the code")
        field.fill(f"Your code: {code_format.grouped(code).replace('-', chr(0x2013))}.")
        panel(page, "look")
        scan_by_hand(page, f"]Q1{code}")
        panel(page, "look")


def test_the_address_of_a_gifts_page_is_looked_up_too(
    danas_till: DanasTill, gift: Gift, every_brand: None
) -> None:
    address = f"https://gifts.example.com/gift/{gift.link_token()}/"
    with danas_till() as page:
        page.get_by_role("button", name="Type the code").click()
        page.get_by_role("textbox", name="Type the code").fill(address)
        panel(page, "look")
        expect(page.locator("#panel").get_by_text("For Ben")).to_be_visible()
        scan_by_hand(page, address)
        panel(page, "look")


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
