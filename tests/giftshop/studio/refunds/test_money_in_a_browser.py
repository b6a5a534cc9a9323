"""An owner sends a gift's money back, then a bank disputes the payment, gets an answer, and decides for the
shop; judged by axe."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from giftshop.payments.models import Payment
from sandbox.stripe_double import StripeDouble
from tests.browsers import DESK, PHONE, chromium
from tests.camera import FakeCamera
from tests.giftshop.refunds.conftest import Hear, send_asked
from tests.giftshop.studio.refunds.test_dispute import send_written
from tests.journeys.browsers import Person


def beside(act: Callable[..., object]) -> None:
    """What workers do, in a thread of its own: Playwright's is not for the database."""

    def closed() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(closed).result()


pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_sent_back_disputed_answered_and_won(
    site: str, camera: FakeCamera, paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": owner.cookies[name].value, "url": site}
    money_back = f"{site}/studio/{paid.brand.slug}/money/"
    number = paid.order.number
    with chromium(camera) as browser:
        olive = Person(browser, PHONE)
        olive.context.add_cookies([cookie])
        page = olive.page
        page.goto(money_back)
        page.get_by_role("searchbox", name="Order number").fill(number)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=number).first.click()
        expect(page.get_by_role("heading", name="Send money back")).to_be_visible()
        page.get_by_role("checkbox").first.check()
        page.get_by_label("Why?").fill("the wrong friend")
        olive.judge("money-order", picture=True)
        page.get_by_role("button", name="Send it back").click()
        expect(page.get_by_text("$6.50 goes back to the sender.")).to_be_visible()
        beside(send_asked)
        page.reload()
        expect(page.get_by_text("Paid back")).to_be_visible()

        double.issuer.dispute(paid.charge_id, amount=650)
        beside(hear)
        page.goto(money_back)
        olive.judge("money-list", picture=True)
        page.get_by_role("link", name="A bank asks for $6.50").click()
        page.get_by_label("What happened, in your words").fill("winning_evidence")
        olive.judge("money-dispute", picture=True)
        page.get_by_role("button", name="Send it to the bank").click()
        expect(page.get_by_text("You answered on")).to_be_visible()
        beside(send_written)
        page.reload()
        expect(page.get_by_text("Won: the money is back")).to_be_visible()
        for size, see in ((PHONE, olive.judge), (DESK, olive.look)):
            page.set_viewport_size(size)
            see("money-won", picture=True)
