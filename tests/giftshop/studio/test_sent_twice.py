"""A form that makes something, sent again as it is, by Back or by reloading: it is made once."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.news.models import News
from redemption.models import Code, GoodwillGift, StaffMember
from redemption.till import devices
from tests.access.matrix import ROWS
from tests.cast import PIN, symbols

ELSEWHERE = {
    "studio_new_store": "studio/test_stores.py: test_a_store_that_is_sent_twice_is_made_once",
    "studio_new_treat": "studio/test_menu.py: test_a_treat_or_a_ready_menu_that_is_sent_twice",
    "studio_ready_menu": "studio/test_menu.py: test_a_treat_or_a_ready_menu_that_is_sent_twice",
    "studio_new_amount": "studio/test_amounts.py",
    "studio_new_offer": "offers/test_pages.py",
    "studio_new_list": "handouts/test_list_pages.py: test_a_second_click_sends_none_twice",
    "studio_new_sheet": "handouts/test_print_sheet.py: test_from_the_offer_to_the_pdf",
    "new_campaign": "campaigns/planning/test_views.py: test_sending_the_form_twice_makes_one",
    "new_link": "campaigns/planning/test_views.py: test_a_link_is_added_once",
    "operator_new_brand": "operator/test_brands.py",
}
"""Where it is tried beside the rest of the form."""
HERE = {"studio_new_news", "studio_staff_new", "till_manager_staff_new", "till_manager_goodwill"}


def test_each_form_that_makes_something_is_sent_twice_somewhere() -> None:
    makes = {route for route in ROWS if re.search(r"(^|_)new(_|$)|goodwill", route)}
    assert makes <= HERE | ELSEWHERE.keys(), "try what happens when it is sent twice"


pytestmark = pytest.mark.django_db


def twice(client: Client, address: str, answers: dict[str, Any]) -> list[int]:
    return [client.post(address, answers).status_code for _time in range(2)]


@pytest.fixture
def console(store: Store, manager: StaffMember) -> Client:
    """A manager at the counter's tablet."""
    client = Client()
    client.cookies["device"] = devices.pair_directly(store=store, name="Front").token
    client.post("/till/sessions/", {"staff": str(manager.pk), "pin": PIN})
    return client


def test_news_is_written_once(owner_client: Client, brand: Brand) -> None:
    today = timezone.localdate(timezone.now(), brand.tz)
    news = {"title": "Spoon week", "words": "Bring your own."}
    news |= {"shown_from": str(today), "shown_until": str(today + timedelta(days=5))}
    address = f"/studio/{brand.slug}/news/new/"
    assert twice(owner_client, address, news) == [302, 302]
    assert owner_client.post(address, {**news, "title": "Cone week"}).status_code == 302
    with scope(brand=brand):
        assert sorted(News.objects.values_list("title", flat=True)) == ["Cone week", "Spoon week"]


def test_somebody_new_is_one_person(owner_client: Client, brand: Brand, store: Store) -> None:
    said = {
        "name": "Kim",
        "role": "cashier",
        "pin": "7391",
        "pin_again": "7391",
        "stores": [str(store.pk)],
    }
    address = f"/studio/{brand.slug}/staff/new/"
    assert twice(owner_client, address, said) == [302, 302]
    assert (
        owner_client.post(address, {**said, "pin": "9173", "pin_again": "9173"}).status_code == 302
    )
    with scope(brand=brand):
        assert StaffMember.objects.filter(name="Kim").count() == 2, "another PIN is another Kim"


def test_somebody_new_at_the_till_is_one_person(console: Client, brand: Brand) -> None:
    said = {"name": "Kim", "role": "cashier", "pin": "7391", "pin_again": "7391"}
    assert twice(console, "/till/manager/staff/new/", said) == [302, 302]
    with scope(brand=brand):
        assert StaffMember.objects.filter(name="Kim").count() == 1


def test_a_goodwill_gift_is_given_once_and_the_answer_shows_it_again(
    console: Client, brand: Brand
) -> None:
    """It is money: whoever reloads the page that shows it once makes no second one."""
    address = "/till/manager/goodwill/"
    [key] = re.findall(r'name="key" value="([0-9a-f-]{36})"', console.get(address).content.decode())
    said = {"amount": "5", "recipient_name": "Ben", "reason": "it melted", "key": key}
    first, again = (console.post(address, said) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    with scope(brand=brand):
        [code] = Code.objects.all()
        assert GoodwillGift.objects.count() == 1
    for answer in (first, again):
        assert symbols(code)[:4] in answer.content.decode()
    assert "It is no second one" in again.content.decode()
    for other in ({"key": str(uuid4())}, {"amount": "4"}, {"recipient_name": "Cleo"}):
        assert console.post(address, said | other).status_code == 201
    with scope(brand=brand):
        assert GoodwillGift.objects.count() == 4
    assert console.post(address, said | {"key": "' OR 1=1"}).status_code == 422
