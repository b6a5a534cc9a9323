"""The counter's tablet in one hand: at both sizes, in light and dark, by touch and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from redemption.models import Redemption
from tests.browsers import SMALL_PHONE, TABLET, TABLET_UPRIGHT, judge
from tests.redemption.till.views.conftest import FLAVOUR, DanasTill, MakeCode
from tests.redemption.till.views.paired_pages import is_at_hand, panel, press, scan_by_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TOPPINGS = {
    "key": "toppings",
    "name": "Toppings",
    "chooser": "recipient",
    "min": 0,
    "max": 2,
    "options": [
        {"key": f"topping-{n}", "label": f"Topping number {n}", "extra": 25} for n in range(14)
    ],
    "picked": [],
}


@pytest.mark.parametrize(
    ("size", "scheme", "motion"),
    [
        pytest.param(TABLET, "dark", "reduce", id="lying and dark", marks=pytest.mark.stress),
        pytest.param(TABLET_UPRIGHT, "light", "no-preference", id="upright and light"),
    ],
)
def test_one_hand_does_it_all(
    danas_till: DanasTill, make_code: MakeCode, size: ViewportSize, scheme: str, motion: str
) -> None:
    code = make_code(choices=(FLAVOUR, TOPPINGS))
    with danas_till(viewport=size, color_scheme=scheme, reduced_motion=motion) as page:
        judge(page, "ready")
        scan_by_hand(page, code)
        panel(page, "look")
        is_at_hand(page, "Choose: Flavour")
        judge(page, "look")

        page.get_by_role("radio", name="Pistachio").check()
        page.get_by_role("checkbox", name="Topping number 13").check()
        expect(page.locator(".look-extra")).to_contain_text("$0.75")
        is_at_hand(page, "Hand it over")
        type_the_basket(page, "980", judged=True)
        judge(page, "chosen")
        press(page, "Hand it over")
        panel(page, "ok")
        expect(page.locator("#panel").get_by_text("Charge $0.75 at the till.")).to_be_in_viewport()
        judge(page, "yes")

        scan_by_hand(page, code)
        panel(page, "refused")
        expect(page.locator("#panel").get_by_text("Undo is in the corner above")).to_be_visible()
        judge(page, "no")
        press(page, "Undo")
        expect(page.get_by_role("button", name="We ran out of it")).to_be_visible()
        judge(page, "undo")
        if size == TABLET_UPRIGHT:
            is_at_hand(page, "We ran out of it")
        press(page, "We ran out of it")
        expect(page.get_by_role("heading", name="Undone")).to_be_visible()

    redemption = Redemption.objects.get()
    assert (redemption.basket_total, redemption.extra_amount) == (980, 75)


def type_the_basket(page: Page, digits: str, *, judged: bool = False) -> None:
    """`judged`: by axe, which need not look at the same pad each time."""
    page.get_by_role("button", name=re.compile("^Bill")).click()
    dialog = page.get_by_role("dialog", name="What did the guest buy in all?")
    if judged:
        judge(page, "bill")
    for digit in digits:
        dialog.get_by_role("button", name=digit, exact=True).click()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()


def test_a_part_of_an_amount_by_the_basket_and_by_keys(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(kind="value", label="Gift of $25", amount=2500, choices=())
    with danas_till() as page:
        scan_by_hand(page, code)
        expect(page.locator("#panel").get_by_text("$25.00 on it")).to_be_visible()
        is_at_hand(page, "Take off $25.00")
        page.get_by_role("button", name="Exactly the bill").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        page.keyboard.press("9")
        page.keyboard.press("8")
        page.keyboard.press("0")
        dialog.get_by_role("button", name="Done").click()
        expect(page.locator(".look-amount output")).to_have_text("$9.80")
        press(page, "Take off $9.80")
        expect(page.get_by_role("heading", name="Take off $9.80")).to_be_visible()
        expect(page.locator("#panel").get_by_text("$15.20 is left on it.")).to_be_visible()

        scan_by_hand(page, code)
        panel(page, "look")
        for key in ["2", "0", "0", "Erase", "0", "0", "0"]:
            page.locator(".look-amount").get_by_role("button", name=key, exact=True).click()
        expect(page.locator(".look-amount output")).to_have_text("$15.20")  # no more than there is
        page.locator(".look-amount").get_by_role("button", name="Clear").click()
        press(page, "Type the amount")
        panel(page, "look")
        page.get_by_role("button", name="All of it").click()
        type_the_basket(page, "2000")
        press(page, "Take off $15.20")
        expect(page.locator("#panel").get_by_text("Charge $4.80 at the till.")).to_be_visible()

    taken = Redemption.objects.order_by("redeemed_at").values_list("amount", "basket_total")
    assert list(taken) == [(980, 980), (1520, 2000)]


def test_no_more_than_the_basket_is_taken_off(danas_till: DanasTill, make_code: MakeCode) -> None:
    code = make_code(kind="value", label="Gift of $20", amount=2000, choices=())
    sum_ = ".look-amount output"
    with danas_till() as page:
        scan_by_hand(page, code)
        type_the_basket(page, "500")
        expect(page.locator("#panel").get_by_text("$20.00 on it")).to_be_visible()
        expect(page.get_by_role("button", name="Bill $5.00")).to_be_visible()
        expect(page.locator(sum_)).to_have_text("$5.00")
        press(page, "Take off $5.00")
        expect(page.get_by_role("heading", name="Take off $5.00")).to_be_visible()
        expect(page.locator("#panel").get_by_text("$15.00 is left on it.")).to_be_visible()

        scan_by_hand(page, code)
        panel(page, "look")
        for key in "300":
            page.locator(".look-amount").get_by_role("button", name=key, exact=True).click()
        type_the_basket(page, "400")
        expect(page.locator(sum_)).to_have_text("$3.00")  # what somebody typed stays
        page.get_by_role("button", name="All of it").click()
        expect(page.locator(sum_)).to_have_text("$4.00")
        type_the_basket(page, "200")
        press(page, "Take off $2.00")
        panel(page, "ok")

    taken = Redemption.objects.order_by("redeemed_at").values_list("amount", "basket_total")
    assert list(taken) == [(500, 500), (200, 200)]


def test_a_code_is_typed_on_the_pad_or_on_a_keyboard(
    danas_till: DanasTill, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    asked: list[str] = []
    with danas_till(viewport=TABLET_UPRIGHT) as page:
        page.on("request", lambda request: asked.append(request.url))
        opener = page.get_by_role("button", name="Type the code")
        opener.click()
        field = page.get_by_role("textbox", name="Type the code")
        expect(field).to_be_focused()
        judge(page, "pad")
        is_at_hand(page, "Look up")
        page.get_by_role("button", name="Look up").click()
        expect(page.get_by_text("Tap the signs below the QR code")).to_be_visible()

        for sign in wrong[:6]:
            key(page, sign)
        expect(field).to_have_value(f"{wrong[:4]}-{wrong[4:6]}")
        page.locator("#scan").get_by_role("button", name="Erase").click()
        expect(field).to_have_value(f"{wrong[:4]}-{wrong[4:5]}")
        page.get_by_role("button", name="Look up").click()
        expect(page.get_by_text("Some are missing")).to_be_visible()
        for sign in wrong[5:]:
            key(page, sign)
        expect(page.get_by_text("That can't be right.")).to_be_visible()
        judge(page, "pad with a typing error")
        assert not [url for url in asked if "lookups" in url], "it is judged here"
        page.locator("#scan").get_by_role("button", name="Clear").click()
        expect(field).to_have_value("")
        page.locator("#scan").get_by_role("button", name="Close").click()
        expect(field).to_be_hidden()

        page.locator("main").focus()
        forgiven = code.lower().replace("0", "o").replace("1", "l")
        page.keyboard.type(forgiven, delay=100)  # as fast as people are, slower than scanners
        expect(page.locator("#panel").get_by_text("For Ben")).to_be_visible()
        expect(field).to_be_hidden()


def key(page: Page, sign: str) -> None:
    page.locator(f"#scan [data-key='{sign}']").click()


def test_a_small_phone_can_be_a_till_too(danas_till: DanasTill, make_code: MakeCode) -> None:
    code = make_code(kind="value", label="Gift of $25", amount=2500, choices=())
    with danas_till(viewport=SMALL_PHONE) as page:
        page.get_by_role("button", name="Type the code").click()
        expect(page.locator("#scan [data-key]").first).to_be_visible()
        judge(page, "pad on a phone")
        scan_by_hand(page, code)
        expect(page.locator("#panel[data-panel=look]")).to_contain_text("Gift of $25")
        judge(page, "amount on a phone")
