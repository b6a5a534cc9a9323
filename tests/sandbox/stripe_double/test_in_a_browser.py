"""The pages in a real browser, with their scripts and under their content policies."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.stripe_double import StripeDouble
from tests.browsers import chromium

pytestmark = pytest.mark.journey
Make = Callable[..., Any]


@pytest.fixture
def page() -> Iterator[Page]:
    """A phone's page that fails the test when its policy stops something."""
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 390, "height": 844})
        opened.set_default_timeout(5000)
        complaints: list[str] = []
        opened.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        yield opened
        assert complaints == []


def test_a_buyer_is_declined_challenged_and_lands_at_the_shop(
    double: StripeDouble, shop: Any, client: Any, order: Make, page: Page
) -> None:
    thanks = shop.url.replace("webhooks/stripe/", "thanks")
    session = client.v1.checkout.sessions.create(order(success_url=thanks))

    def press(name: str) -> None:
        page.get_by_role("button", name=name).click()

    page.goto(session.url)
    page.get_by_text("Test cards", exact=True).click()
    press("4000 0000 0000 9995")
    press("Pay $13.00")
    expect(page.get_by_role("alert")).to_have_text("Your card has insufficient funds.")
    page.get_by_label("Card number").fill("")
    page.get_by_label("Card number").press_sequentially("4000002500003155")
    expect(page.get_by_label("Card number")).to_have_value("4000 0025 0000 3155")
    page.get_by_label("CVC").fill("123")
    press("Pay")
    press("Fail")
    expect(page.get_by_role("alert")).to_contain_text("unable to authenticate")
    page.get_by_label("CVC").fill("123")
    press("Pay")
    press("Complete")
    page.wait_for_url(thanks)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_the_admin_pages_buttons_work(
    double: StripeDouble, client: Any, paid: Make, page: Page
) -> None:
    intent = paid()

    page.goto(f"{double.url}/_double/")
    page.get_by_role("button", name="Fraud warning").click()
    page.get_by_label("Next API requests answered 429").fill("2")
    page.get_by_role("button", name="Set switches").click()
    expect(page.get_by_label("Next API requests answered 429")).to_have_value("2")
    page.get_by_role("button", name="All well again").click()
    expect(page.get_by_label("Next API requests answered 429")).to_have_value("0")

    assert len(client.v1.radar.early_fraud_warnings.list({"payment_intent": intent.id}).data) == 1
