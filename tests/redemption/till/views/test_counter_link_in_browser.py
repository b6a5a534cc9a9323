"""What the till shows the recipient's phone, as a tablet draws it: read from there, and gone at a touch."""

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from brands.models import Brand
from giftshop.catalog.models import OptionGroup, Treat
from giftshop.orders.models import Order
from tests.cast import Place, pay, symbols
from tests.redemption.codes import qr_reader
from tests.redemption.till.views.conftest import DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SCREENS = {"landscape": (1024, 768), "upright": (768, 1024), "phone": (390, 844)}
LONGEST = "Wolfgang-Maximilian und Wilhelmine Warmuth-Wackernagel-Wummer"[:60]
"""A pair is greeted as it wrote itself."""
IN_SIGHT = """card => [...card.querySelectorAll(".counter-link-turned > *")].map((part) => {
  const { left, right, top, bottom } = part.getBoundingClientRect(), own = card.getBoundingClientRect();
  const corners = [[left, top], [right, top], [left, bottom], [right, bottom]];
  const seen = ([x, y]) => {
    const inside = (at, from, to) => Math.min(Math.max(at, from + 2), to - 2);
    const at = document.elementFromPoint(inside(x, left, right), inside(y, top, bottom));
    return at !== null && (part.contains(at) || at.contains(part));
  };
  const fits = top >= own.top && bottom <= own.bottom && left >= own.left && right <= own.right;
  return { part: part.className, sees: fits ? corners.filter(seen).length : 0, left, right, top, bottom };
})"""
"""Of each part of it how many of its corners are on the card and the screen with nothing before them."""


def hand_over(page: Page, code: str) -> None:
    scan_by_hand(page, code)
    panel(page, "look")
    press(page, "Hand it over")
    panel(page, "ok")


def is_read_beside_the_answer(page: Page) -> None:
    symbol = page.locator("#counter-link .qr")
    expect(symbol).to_be_visible()
    assert "/c/" in qr_reader.read_png(page.screenshot())
    expect(page.get_by_role("heading", name="Hand it over")).to_be_in_viewport()
    box = symbol.bounding_box()
    assert box
    assert box["width"] >= 240


@pytest.mark.parametrize("screen", SCREENS)
def test_all_of_it_is_read_from_the_screen_whoever_sent_the_gift(
    danas_till: DanasTill, place: Place, treat: Treat, brand: Brand, screen: str
) -> None:
    """In the language that says it in most words, beside a hint that takes room."""
    Brand.objects.filter(pk=brand.pk).update(language="de")
    with scope(brand=brand):
        OptionGroup.objects.all().delete()  # nothing to choose at the counter
    order = pay(place(recipients=("Ben",), language="de"))
    with scope(brand=brand):
        Order.objects.filter(pk=order.pk).update(sender_name=LONGEST)
        gift = order.gifts.with_everything().get()
        assert gift.code
        code = symbols(gift.code)
    width, height = SCREENS[screen]
    with danas_till(viewport={"width": width, "height": height}) as page:
        hand_over(page, code)
        card = page.locator("#counter-link")
        expect(card.locator(".counter-link-title")).to_contain_text("Wackernagel")
        assert [part for part in card.evaluate(IN_SIGHT) if part["sees"] < 4] == []
        is_read_beside_the_answer(page)


def test_it_goes_by_itself_by_a_tap_a_key_and_the_next_scan(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    codes = [make_code(choices=()) for _ in range(4)]
    with danas_till() as page:
        shown = page.locator("#counter-link .qr")

        hand_over(page, codes[0])
        is_read_beside_the_answer(page)
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
