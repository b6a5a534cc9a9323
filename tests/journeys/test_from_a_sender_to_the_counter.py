"""The main job, as its people do it: Amy gives, Ben and Cleo receive, Dana hands over, Max looks.

Everything is real: the demo as it is printed, Stripe's page, e-mails from the tray, the QR code out of
Ben's e-mail before the tablet's camera.
"""

import json
import re
import urllib.parse
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browsers import DESK, PHONE, SMALL_PHONE, TABLET
from tests.camera import FakeCamera
from tests.journeys.browsers import Person
from tests.journeys.conftest import Services

pytestmark = pytest.mark.journey

WORDS = "You carried the sofa. This one is on me."


def test_from_a_sender_to_the_counter(
    services: Services, browser: Browser, camera: FakeCamera
) -> None:
    services.wait_until_counted()
    before = gifts_sold(services, browser, judged=True)

    amy = Person(browser, PHONE)
    give(amy, services)
    pay(amy)
    expect(amy.page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()
    expect(amy.page.locator(".ticket[data-state=delivered]")).to_have_count(3, timeout=60_000)
    amy.judge("order", picture=True)
    take_one_back(amy)

    letter = letter_to(services, "ben@friends.example")
    receipt = letter_to(services, "amy@senders.example")
    assert "/orders/" in receipt["text"]
    read_in_the_tray(services, browser, letter)

    cleo = Person(browser, SMALL_PHONE)
    cleo.page.goto(gift_link(letter_to(services, "cleo@friends.example")))
    cleo.judge("wrapped")
    open_choose_and_thank(cleo)

    ben = Person(browser, PHONE)
    ben.page.goto(gift_link(letter))
    code = unwrap(ben)

    camera.show_picture(qr_of(letter))
    first = services.one(r"http\S+/till/pair/#\S+")
    dana = tablet(browser, first, "Dana", services, judged=True)
    look_and_hand_over(dana)
    expect(ben.page.locator(".gift-code").first).to_contain_text(code)
    ben.page.reload()
    expect(ben.page.locator(".gift-word")).to_have_text("Enjoyed")
    ben.judge("enjoyed")

    paired = pairing_link_from_the_studio(services, browser, judged=True)
    second = tablet(browser, paired, "Dana", services)
    expect(second.page.locator("#panel[data-panel=refused]")).to_be_visible()
    expect(second.page.locator("#panel")).to_contain_text("First used at Pike Street")
    second.look("till-refused")

    take_back(dana)
    ben.page.reload()
    expect(ben.page.get_by_text("Show this at the counter").first).to_be_visible()

    expect(amy.page.locator(".ticket:is([data-state=opened], [data-state=chosen])")).to_have_count(
        2, timeout=30_000
    )
    expect(amy.page.locator("blockquote").get_by_text("Best sofa day ever")).to_be_visible()
    amy.judge("order-opened")

    # Three were sold, and one of them was taken back.
    assert gifts_sold(services, browser, picture=True) == before + 2
    nothing_secret_was_logged(services, code, letter)


def give(amy: Person, services: Services) -> None:
    page = amy.page
    page.goto(services.url)
    amy.judge("home")
    page.get_by_role("link", name=re.compile("Frosty Spoon")).first.click()
    expect(page.get_by_role("button", name="Give a treat")).to_be_visible()
    amy.judge("shop", picture=True)
    page.get_by_role("button", name="Give a treat").click()

    page.get_by_role("button", name="Go on to the treats").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    amy.judge("who-empty")
    page.get_by_text("Paste several at once").click()
    page.get_by_label("One friend to a line").fill(
        "Ben <ben@friends.example>\nCleo <cleo@friends.example>\nDora <dora@friends.example>"
    )
    page.get_by_role("button", name="Add these friends").click()
    expect(page.get_by_label("Name").nth(1)).to_have_value("Cleo")
    amy.judge("who")
    page.get_by_role("button", name="Go on to the treats").click()

    page.locator(".pick .choice").first.click()
    go_on = page.get_by_role("button", name="Go on to the card")
    expect(go_on).to_be_visible()
    amy.judge("what")
    go_on.click()

    page.locator("textarea[name=message]").first.fill(WORDS)
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill("amy@senders.example")
    amy.judge("say", picture=True)
    page.get_by_role("button", name="Look it over").click()

    expect(page.get_by_text(WORDS).first).to_be_visible()
    amy.judge("pay", picture=True)


def pay(amy: Person) -> None:
    """Declined, back, a page that ran out, and paid from the same draft with 3-D Secure after all: nothing
    lost, nothing paid twice."""
    page = amy.page
    button = page.get_by_role("button", name=re.compile(r"^Send 3 gifts for \$"))
    button.click()
    fill_card(page, "4000 0000 0000 0002")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    amy.judge("stripe-declined")
    page.get_by_role("link", name=re.compile("Back|Return|Cancel", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Nothing was charged")).to_be_visible()
    amy.judge("pay-cancelled")

    button.click()
    expect(page.locator("#cardNumber")).to_be_visible()
    run_out = page.url
    run_out_at_stripe(run_out)
    page.reload()
    expect(page.get_by_text("This page has expired")).to_be_visible()
    page.get_by_role("link", name=re.compile("Back")).first.click()
    expect(page.get_by_text("Nothing was charged")).to_be_visible()
    button.click()
    expect(page.locator("#cardNumber")).to_be_visible()
    assert page.url != run_out
    fill_card(page, "4000 0025 0000 3155")
    page.get_by_role("button", name=re.compile("Complete")).click()


def run_out_at_stripe(url: str) -> None:
    """As after half an hour."""
    page = urllib.parse.urlsplit(url)
    session = page.path.rsplit("/", 1)[1]
    told = f"{page.scheme}://{page.netloc}/_double/sessions/{session}/expire"
    post = urllib.request.Request(told, b"{}", {"Content-Type": "application/json"}, method="POST")
    urllib.request.urlopen(post, timeout=30).close()


def fill_card(page: Page, number: str) -> None:
    page.locator("#cardNumber").fill(number)
    page.locator("#cardExpiry").fill("12 / 34")
    page.locator("#cardCvc").fill("123")
    page.locator("#billingName").fill("Amy Lind")
    page.get_by_role("button", name=re.compile("^Pay")).click()


def take_one_back(amy: Person) -> None:
    """Dora's of the three: its money is sent, the other two stay good."""
    page = amy.page
    page.get_by_role("link", name="Cancel gifts").click()
    confirm = page.get_by_role("button", name="Confirm the cancellation")
    expect(confirm).to_be_visible()
    boxes = page.locator("form .choice")
    expect(boxes).to_have_count(3)
    for name in ("Ben", "Cleo"):
        boxes.filter(has_text=name).click()
    price = boxes.filter(has_text="Dora").locator(".choice-price").inner_text()
    expect(page.locator("#sum dd")).to_have_text(price)
    amy.judge("withdrawal", picture=True)
    confirm.click()
    expect(page.locator(".money-line[data-state=succeeded]")).to_contain_text(
        f"{price} was sent back to you", timeout=60_000
    )
    expect(page.locator(".ticket[data-state=voided]")).to_contain_text("Dora")
    expect(page.locator(".ticket[data-state=delivered]")).to_have_count(2)
    amy.judge("order-taken-back", picture=True)


def read_in_the_tray(services: Services, browser: Browser, letter: dict[str, Any]) -> None:
    reader = Person(browser, DESK)
    reader.page.goto(f"{services.tray}/messages/{letter['id']}")
    expect(
        reader.page.frame_locator("iframe").first.get_by_role("heading", name=re.compile(WORDS))
    ).to_be_visible()
    reader.judge("email", picture=True)


def unwrap(recipient: Person) -> str:
    """Opens the present; the code in groups, as it is shown."""
    expect(recipient.page.get_by_text(WORDS).first).to_be_visible()
    recipient.page.get_by_role("button", name="Open your gift").click()
    shown = recipient.page.locator(".gift-code")
    expect(shown).to_be_visible()
    recipient.page.locator(".gift-treat").evaluate("treat => treat.scrollIntoView()")
    recipient.judge("gift", picture=True)
    found = re.search(r"[0-9A-Z]{4}", shown.inner_text())
    assert found
    return found[0]


def open_choose_and_thank(cleo: Person) -> None:
    page = cleo.page
    page.get_by_role("button", name="Open your gift").click()
    page.locator("#choices .choice").first.click()
    page.get_by_role("button", name="Save my pick").click()
    expect(page.locator("#choices .gift-said")).to_be_visible()
    page.locator("#thanks textarea").fill("Best sofa day ever")
    page.get_by_role("button", name="Send thanks").click()
    expect(page.get_by_role("heading", name="You thanked Amy")).to_be_visible()
    cleo.judge("gift-thanked")


def tablet(
    browser: Browser, pairing_link: str, name: str, services: Services, *, judged: bool = False
) -> Person:
    """`judged`: by axe, here and below; which need not look at the same page in each journey."""
    staff = Person(browser, TABLET, permissions=["camera"])
    see = staff.judge if judged else staff.look
    staff.page.goto(pairing_link)
    expect(staff.page.get_by_role("link", name="Start")).to_be_visible()
    see("till-paired")
    staff.page.get_by_role("link", name="Start").click()
    people = staff.page.locator(".people label")
    person = people.first.inner_text().strip().splitlines()[-1]
    pin = services.one(rf"{re.escape(person)} (\d{{4,8}})")
    people.first.click()
    staff.page.locator("#pin").fill(pin)
    see("till-sign-in")
    staff.page.get_by_role("button", name="Sign in").click()
    return staff


def look_and_hand_over(dana: Person) -> None:
    page = dana.page
    expect(page.locator("#panel[data-panel=look]")).to_be_visible()
    expect(page.locator(".look-who")).to_have_text("For Ben")
    dana.look("till-look")
    for choice in page.locator(".look-choice").all():
        choice.locator("label").first.click()
    expect(page.locator("[data-confirm-button][data-armed]")).to_be_visible()
    dana.look("till", picture=True)
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("#panel[data-panel=ok]")).to_be_visible()
    dana.look("till-redeemed")


def take_back(dana: Person) -> None:
    page = dana.page
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("button", name="Guest changed their mind").click()
    expect(page.locator("#panel")).to_contain_text("Undone")
    dana.look("till-undone")


def sign_in(
    services: Services,
    browser: Browser,
    role: str,
    size: ViewportSize = DESK,
    *,
    judged: bool = False,
) -> Person:
    person = Person(browser, size)
    see = person.judge if judged else person.look
    email = services.one(rf"(\S+@\S+)  [^\n,]+, {role}")
    person.page.goto(f"{services.url}/studio/frosty-spoon/")
    see(f"sign-in-{role}")
    person.page.locator("input[name=username]").fill(email)
    person.page.locator(".sign-in-password summary").click()
    person.page.locator("input[name=password]").fill(services.one(r"Password of everybody: (\S.*)"))
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    person.page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return person


def pairing_link_from_the_studio(
    services: Services, browser: Browser, *, judged: bool = False
) -> str:
    owner = sign_in(services, browser, "owner")
    owner.page.goto(f"{services.url}/studio/frosty-spoon/devices/")
    owner.page.locator("form[action$='/devices/'] [name=name]").fill("Second tablet")
    owner.page.get_by_role("button", name="Show the QR code to scan").click()
    expect(owner.page.locator(".invitation")).to_be_visible()
    see = owner.judge if judged else owner.look
    see("tablets")
    where, token = owner.page.locator(".invitation-text dd").all_inner_texts()
    owner.context.close()
    return f"{where}#{token}"


def gifts_sold(
    services: Services, browser: Browser, *, judged: bool = False, picture: bool = False
) -> int:
    """What the marketer's first tile says."""
    max_ = sign_in(services, browser, "marketer", judged=judged)
    see = max_.judge if judged else max_.look
    tile = max_.page.locator(".stat").filter(has_text="Gifts sold").first
    expect(tile).to_be_visible()
    see("dashboard", picture=picture)
    figure = int(re.sub(r"\D", "", tile.locator(".stat-value").inner_text()))
    max_.context.close()
    return figure


def nothing_secret_was_logged(services: Services, code: str, letter: dict[str, Any]) -> None:
    """Neither Ben's code nor the link of his gift, nor his address; the product's own logs only."""
    token = gift_link(letter).rstrip("/").rpartition("/")[2]
    for name in ("web", "worker", "beat"):
        [log] = services.logs.glob(f"*{name}*.log")
        told = log.read_text(errors="replace")
        assert "Traceback" not in told
        assert token not in told
        assert "ben@friends.example" not in told
        assert not re.search(rf"\b{code}-?[0-9A-Z]{{4}}", told)


def letter_to(services: Services, address: str) -> dict[str, Any]:
    query = urllib.parse.urlencode({"to": address})
    newest = ask(f"{services.tray}/api/messages?{query}")["messages"][0]
    found: dict[str, Any] = ask(f"{services.tray}/api/messages/{newest['id']}")
    return found


def gift_link(letter: dict[str, Any]) -> str:
    found = re.search(r"http\S+/gift/[\w-]+/", letter["text"])
    assert found, letter["text"]
    return found[0]


def qr_of(letter: dict[str, Any]) -> bytes:
    """The picture of the code, as it lies in the e-mail."""
    [part] = [
        p
        for p in letter["parts"]
        if p.get("content_type") == "image/png" and "qr" in str(p).lower()
    ]
    with urllib.request.urlopen(urllib.parse.urljoin(str(letter["tray"]), part["url"])) as answer:
        return bytes(answer.read())


def ask(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        found.setdefault("tray", url)
        return found
