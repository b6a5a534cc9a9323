"""A store's only manager asks to cancel a gift, and the owner decides in the studio; judged by axe."""

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scopes_disabled
from playwright.sync_api import expect

from brands.models import Brand
from redemption.models import Code, StaffMember
from redemption.till.devices import PairedDevice
from tests.browsers import PHONE, TABLET, chromium
from tests.camera import FakeCamera
from tests.cast import symbols
from tests.journeys.browsers import Person
from tests.redemption.till.views.paired_pages import pair, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_asked_at_the_console_and_decided_in_the_studio(
    site: str,
    camera: FakeCamera,
    brand: Brand,
    paired: PairedDevice,
    manager: StaffMember,
    code: Code,
    owner_client: Client,
) -> None:
    Brand.objects.filter(pk=brand.pk).update(void_limit=600)
    plain = symbols(code)
    session = owner_client.cookies[settings.SESSION_COOKIE_NAME].value
    with chromium(camera) as browser:
        mo = Person(browser, TABLET, has_touch=True)
        pair(mo.context, site, paired.token)
        mo.page.goto(f"{site}/till/staff/")
        sign_in(mo.page, "Mo")
        expect(mo.page.locator("#panel")).to_be_visible()
        mo.page.goto(f"{site}/till/manager/gifts/")
        mo.page.get_by_label("Code, order number").fill(plain)
        mo.page.keyboard.press("Enter")
        mo.page.get_by_role("heading", name="Cancel it").click()
        mo.page.locator("#void-reason").fill("paid twice at the counter")
        mo.page.get_by_role("button", name="Ask to cancel it").click()
        expect(mo.page.get_by_text("The owner can, in the studio.")).to_be_visible()
        mo.page.get_by_role("link", name="Requests 1").click()
        expect(mo.page.get_by_text("paid twice at the counter")).to_be_visible()
        mo.judge("manager-requests", picture=True)

        olive = Person(browser, PHONE)
        name = settings.SESSION_COOKIE_NAME
        olive.context.add_cookies([{"name": name, "value": session, "url": site}])
        olive.page.goto(f"{site}/studio/frosty-spoon/requests/")
        expect(olive.page.get_by_text("paid twice at the counter")).to_be_visible()
        olive.judge("studio-requests", picture=True)
        olive.page.get_by_label("What do you want to say about it?").fill("refunded at the till")
        olive.page.get_by_role("button", name="Cancel the gift").click()
        expect(olive.page.get_by_text("Nothing waits")).to_be_visible()
        olive.judge("studio-requests-none", picture=True)

        mo.page.reload()
        expect(mo.page.get_by_text("Nothing waits")).to_be_visible()
        mo.judge("manager-requests-none")
    with scopes_disabled():
        assert Code.objects.get(pk=code.pk).state == Code.State.VOIDED
