"""An owner puts a gift of any amount on the menu."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Price, Treat
from redemption.models import AuditEntry
from tests.cast import make_free_treat

pytestmark = pytest.mark.django_db

MENU = "/studio/frosty-spoon/menu/"


def sent(**changed: str) -> dict[str, str]:
    form = {"name": "Ice cream money", "category": "", "description": "", "art": ""}
    form |= {
        "amount": "5",
        "most": "200",
        "first": "50",
        "second": "10",
        "third": "",
        "fourth": "10",
    }
    return {**form, **changed}


def made(brand: Brand) -> Price:
    with scope(brand=brand):
        [price] = Treat.objects.get(name="Ice cream money").prices.all()
        return price


def test_it_is_added_with_its_limits(brand: Brand, owner_client: Client) -> None:
    assert owner_client.post(f"{MENU}new/amount/", sent()).status_code == 302
    price = made(brand)
    assert (price.amount, price.most, price.suggested) == (500, 20_000, [1_000, 5_000])
    with scope(brand=brand):
        told = AuditEntry.objects.get(act="treat.added").details
    assert told["changes"]["sizes"] == [None, ["5.00 to 200.00 USD"]]
    shown = owner_client.get(MENU).content.decode()
    assert "Any amount from $5.00 to $200.00" in shown
    owner_client.post(f"{MENU}new/amount/", sent())  # a second click
    assert made(brand)
    assert "Any amount from $5.00 to $200.00" in owner_client.get("/").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": "", "most": ""}, ["The least: ", "The most: "]),
        ({"most": "5"}, ["The most has to be more than the least."]),
        ({"amount": "0.10"}, ["The least that can be charged is $0.50."]),
        ({"most": "1,000,000"}, ["The most that can be charged is $999,999.99."]),
        (
            {"name": "", "first": "4", "second": "201"},
            [
                "A first amount to tap: Write an amount from $5.00 to $200.00.",
                "A second: Write",
                "Name: ",
            ],
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once(
    brand: Brand, owner_client: Client, changed: dict[str, str], words: list[str]
) -> None:
    answer = owner_client.post(f"{MENU}new/amount/", sent(**changed))
    assert answer.status_code == 422
    told = answer.content.decode()
    assert [word for word in words if word not in told] == []
    with scope(brand=brand):
        assert not Treat.objects.exists()


def test_it_is_changed_and_an_older_tab_is_told(brand: Brand, owner_client: Client) -> None:
    owner_client.post(f"{MENU}new/amount/", sent())
    page = f"{MENU}ice-cream-money/"
    first = owner_client.get(page)
    assert "The least" in first.content.decode()
    version = first.context["entry"].treat["version"].value()
    key = made(brand).key
    changed = sent(most="300", version=version)
    assert owner_client.post(page, changed).status_code == 302
    assert (made(brand).most, made(brand).key) == (30_000, key)
    older = owner_client.post(page, sent(most="400", version=version))
    assert older.status_code == 409
    assert made(brand).most == 30_000
    same = owner_client.post(page, sent(most="300", version=version), follow=True)
    assert "Nothing had changed." in same.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"most": 500}, {"later_amount": 600, "later_from": "2027-01-01"}, {"most": None}],
)
def test_the_database_refuses_what_makes_no_sense(brand: Brand, wrong: dict[str, object]) -> None:
    treat = make_free_treat(brand)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.filter(treat=treat).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(treat=treat, key="two", amount=100, most=200)
