"""What: one treat for all or one each, at the menu's prices."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.giving.recipient_rows import new_row
from giftshop.orders.models import Draft
from tests.cast import make_treat
from tests.giftshop.giving.steps import BEN, CLEO, begin, keys, now_in, url, who_form
from tests.page_words import plain_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client: Client, brand: Brand, treat: Treat) -> Draft:
    draft = begin(client, brand)
    client.post(url(draft, "who"), who_form(draft, BEN, CLEO))
    return now_in(draft)


def test_the_treat_tapped_in_the_shop_is_chosen_already(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = begin(client, brand, treat)
    assert draft.data["choice"] == "double-scoop:regular"


def test_a_treat_that_is_not_there_is_simply_not_chosen(client: Client, brand: Brand) -> None:
    client.post(f"/shop/{brand.slug}/give/", {"treat": "no-such"})
    assert "choice" not in begin(client, brand).data


def test_one_for_all_costs_it_for_each(client: Client, draft: Draft) -> None:
    form = {"treats": "all", "choice": "double-scoop:large"}
    assert client.post(url(draft, "what"), form).url == url(draft, "say")
    assert "$17.00" in client.get(url(draft, "what")).content.decode()


def test_one_each_costs_their_sum(client: Client, draft: Draft, brand: Brand) -> None:
    make_treat(brand, "waffle-bowl", 890)
    ben, cleo = keys(draft)
    form = {"treats": "each", "row": [ben, cleo], f"{ben}-choice": "double-scoop:regular"}
    form[f"{cleo}-choice"] = "waffle-bowl:large"
    assert client.post(url(draft, "what"), form).url == url(draft, "say")
    assert "$17.40" in client.get(url(draft, "what")).content.decode()


def test_nothing_chosen_is_said(client: Client, draft: Draft) -> None:
    page = client.post(url(draft, "what"), {"treats": "all"}, follow=True)
    assert "Choose a treat." in page.content.decode()


def test_each_recipient_without_a_treat_is_named(client: Client, draft: Draft) -> None:
    page = client.post(url(draft, "what"), {"treats": "each", "row": keys(draft)}, follow=True)
    assert "Cleo: Choose a treat." in page.content.decode()


def test_a_treat_taken_off_the_menu_is_said(client: Client, draft: Draft, treat: Treat) -> None:
    form = {"treats": "all", "choice": "double-scoop:regular"}
    client.post(url(draft, "what"), form)
    Treat.objects.model._base_manager.filter(pk=treat.pk).update(is_active=False)
    page = client.post(url(draft, "what"), form, follow=True)
    assert "no longer on the menu" in page.content.decode()


def test_a_price_in_the_form_changes_nothing(client: Client, draft: Draft) -> None:
    form = {"treats": "all", "choice": "double-scoop:regular", "amount": "1", "price": "1"}
    client.post(url(draft, "what"), form)
    assert "$13.00" in client.get(url(draft, "what")).content.decode()


def test_it_asks_for_recipients_first(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    assert client.get(url(draft, "what")).url == url(draft, "who") + "?check=1#problems"


def test_the_page_stays_within_its_queries(
    client: Client, draft: Draft, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(11):
        client.get(url(draft, "what"))


def test_a_treat_that_was_tapped_stays_in_sight_and_may_be_changed_first(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = begin(client, brand, treat)
    assert "Double scoop, Regular $6.50" in plain_text(
        client.get(url(draft, "who")).content.decode()
    )
    opened = client.post(url(draft, "who"), {**who_form(draft), "open": "what"})
    assert opened.url == url(draft, "what")
    assert client.get(url(draft, "what")).status_code == 200
    chosen = client.post(url(draft, "what"), {"choice": f"{treat.slug}:large"})
    assert chosen.url == url(draft, "who")
    page = plain_text(client.get(url(draft, "who")).content.decode())
    assert "Double scoop, Large $8.50" in page
    assert "Add at least one friend" not in page
    client.post(url(draft, "who"), who_form(draft, BEN))
    assert "Double scoop, Large $8.50" in plain_text(client.get(url(draft, "say")).content.decode())


def test_of_treats_one_each_the_first_are_in_sight(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = begin(client, brand, treat)
    with scope(brand=brand):
        others = [make_treat(brand, f"cone-{number}", 300) for number in range(4)]
        rows = [{**new_row(), "name": f"B{n}", "by_link": "on"} for n in range(5)]
        for row, given in zip(rows, [treat, *others], strict=True):
            row["choice"] = f"{given.slug}:regular"
        others[0].is_active = False
        others[0].save()
        Draft.objects.filter(pk=draft.pk).update(data={"treats": "each", "rows": rows})
    page = plain_text(client.get(url(draft, "say")).content.decode())
    assert page.count("$3.00") == 2
    assert "and 1 other" in page
