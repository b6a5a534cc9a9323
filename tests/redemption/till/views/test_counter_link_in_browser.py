"""What the till shows the recipient's phone, as a tablet draws it: read from there, and gone at a touch."""

import pytest
from playwright.sync_api import Page, expect

from tests.redemption.codes import qr_reader
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SCREENS = {"landscape": (1024, 768), "upright": (768, 1024), "phone": (390, 844)}


def hand_over(page: Page, code: str) -> None:
    scan_by_hand(page, code)
    panel(page, "look")
    press(page, "Hand it over")
    panel(page, "ok")


@pytest.mark.parametrize("screen", SCREENS)
def test_it_is_read_from_the_screen_beside_the_answer(
    danas_till: DanasTill, make_code: MakeCode, screen: str
) -> None:
    width, height = SCREENS[screen]
    code = make_code(choices=())
    with danas_till(viewport={"width": width, "height": height}) as page:
        hand_over(page, code)
        symbol = page.locator("#counter-link .qr")
        expect(symbol).to_be_visible()
        assert "/c/" in qr_reader.read_png(symbol.screenshot())
        expect(page.get_by_role("heading", name="Hand it over")).to_be_visible()
        box = symbol.bounding_box()
        assert box
        assert box["width"] >= 240


def test_it_goes_by_itself_by_a_tap_a_key_and_the_next_scan(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    codes = [make_code(choices=()) for _ in range(4)]
    with danas_till() as page:
        shown = page.locator("#counter-link .qr")

        hand_over(page, codes[0])
        expect(shown).to_be_visible()
        camera = page.locator(".till-camera")
        expect(camera).to_be_hidden()
        shown.click()
        expect(shown).to_have_count(0)
        expect(camera).to_be_visible()

        hand_over(page, codes[1])
        expect(shown).to_be_visible()
        page.keyboard.press("Shift")
        expect(shown).to_have_count(0)

        hand_over(page, codes[2])
        expect(shown).to_be_visible()
        page.clock.install()
        scan_by_hand(page, codes[3])
        expect(shown).to_have_count(0)
        panel(page, "look")
        press(page, "Hand it over")
        panel(page, "ok")
        expect(shown).to_be_visible()
        page.clock.fast_forward(14_000)
        expect(shown).to_be_visible()
        page.clock.fast_forward(2_000)
        expect(shown).to_have_count(0)
        panel(page, "ok")


def test_without_a_network_there_is_none_and_no_error(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    """The answer was on its way when it went."""
    code = make_code(choices=())
    with danas_till(
        script="() => Object.defineProperty(navigator, 'onLine', { value: false })"
    ) as page:
        hand_over(page, code)
        expect(page.locator("#counter-link")).to_be_hidden()
