"""An owner writes the menu: sizes with prices, what is chosen, order, off and back; what was sold stays."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog import menu
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from redemption.models import AuditEntry
from tests.cast import Place, make_treat, pay

pytestmark = pytest.mark.django_db

MENU = "/studio/frosty-spoon/menu/"


def sent(name: str = "Float", **changed: str) -> dict[str, str]:
    """One size, one choice."""
    form = {
        "name": name,
        "category": "",
        "description": "",
        "art": "",
        "sizes-TOTAL_FORMS": "2",
        "sizes-INITIAL_FORMS": "0",
        "sizes-0-name": "Regular",
        "sizes-0-amount": "4.50",
        "groups-TOTAL_FORMS": "1",
        "groups-INITIAL_FORMS": "0",
        "groups-0-name": "Syrup",
        "groups-0-min_picks": "1",
        "groups-0-max_picks": "1",
        "groups-0-options": "Cola\nRoot beer +0.80\n",
    }
    return {**form, **changed}


def made(brand: Brand) -> Treat:
    with scope(brand=brand):
        return Treat.objects.prefetch_related("prices", "option_groups__options").get(name="Float")


def test_a_treat_is_added_with_its_size_and_choice(brand: Brand, owner_client: Client) -> None:
    assert owner_client.post(f"{MENU}new/", sent()).status_code == 302
    treat = made(brand)
    [price], [group] = treat.prices.all(), treat.option_groups.all()
    assert (treat.slug, price.key, price.amount) == ("float", "regular", 450)
    assert [(each.label, each.extra) for each in group.options.all()] == [
        ("Cola", 0),
        ("Root beer", 80),
    ]
    with scope(brand=brand):
        told = AuditEntry.objects.get(act="treat.added").details
    assert told["changes"]["sizes"] == [None, ["Regular 4.50 USD"]]
    assert "Float" in owner_client.get("/studio/frosty-spoon/audit/").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sizes-0-amount": "", "sizes-0-name": ""}, "A treat needs a price."),
        ({"sizes-0-amount": ""}, "What does this size cost?"),
        ({"sizes-0-name": ""}, "What is this size called?"),
        ({"sizes-0-amount": "0"}, "Nothing is not an amount."),
        ({"sizes-0-amount": "0.49"}, "The least that can be charged is $0.50."),
        ({"sizes-0-amount": "1,000,000"}, "The most that can be charged is $999,999.99."),
        ({"sizes-0-amount": "21474836.47"}, "The most that can be charged is $999,999.99."),
        ({"sizes-0-later_amount": "0.10"}, "The least that can be charged is $0.50."),
        ({"groups-0-options": ""}, "Write at least one choice."),
        ({"groups-0-name": ""}, "What does your guest choose?"),
        ({"groups-0-options": "Cola\nCola"}, "stands there twice"),
        ({"groups-0-options": "Cola +much"}, "behind the plus stands what it costs"),
        ({"groups-0-options": "x" * 61}, "60 characters at most"),
        ({"groups-0-options": "\n".join(map(str, range(41)))}, "40 choices are the most"),
        ({"groups-0-min_picks": "2", "groups-0-max_picks": "1"}, "At most can&#x27;t be less"),
        ({"groups-0-min_picks": "3", "groups-0-max_picks": "3"}, "fewer choices than"),
        ({"art": "art/../secret.svg"}, "Choose one from the list."),
        ({"sizes-TOTAL_FORMS": "2000"}, "Please submit at most"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    brand: Brand, owner_client: Client, changed: dict[str, str], words: str
) -> None:
    answer = owner_client.post(f"{MENU}new/", sent(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scope(brand=brand):
        assert not Treat.objects.exists()


def test_faults_are_told_in_the_order_of_the_fields(brand: Brand, owner_client: Client) -> None:
    wrong = {"name": "", "sizes-0-amount": "x", "groups-0-name": "", "groups-0-min_picks": "x"}
    page = owner_client.post(f"{MENU}new/", sent(**wrong)).content.decode()
    summary = page.split('id="problems"')[1]
    places = [
        summary.index(f'href="#id_{field}"')
        for field in ("name", "sizes-0-amount", "groups-0-name", "groups-0-min_picks")
    ]
    assert places == sorted(places)


def test_a_size_that_is_dropped_takes_no_gift_with_it(
    brand: Brand, treat: Treat, place: Place, owner_client: Client
) -> None:
    pay(place())
    change = sent(treat.name, **{"sizes-0-name": "Only one", "sizes-0-amount": "9.00"})
    assert owner_client.post(f"{MENU}{treat.slug}/", change).status_code == 302
    with scope(brand=brand):
        assert [price.amount for price in treat.prices.all()] == [900]
        assert {gift.amount for gift in Gift.objects.all()} == {650}


def test_saving_what_is_there_changes_nothing(brand: Brand, owner_client: Client) -> None:
    owner_client.post(f"{MENU}new/", sent())
    treat = made(brand)
    keys = {
        "sizes-INITIAL_FORMS": "1",
        "groups-INITIAL_FORMS": "1",
        "sizes-0-key": treat.prices.get().key,
        "groups-0-key": treat.option_groups.get().key,
    }
    again = owner_client.post(f"{MENU}{treat.slug}/", sent(**keys), follow=True).content.decode()
    assert "Nothing had changed." in again
    with scope(brand=brand):
        assert not AuditEntry.objects.filter(act="treat.changed").exists()


def test_off_the_menu_and_back(
    brand: Brand, store: Store, treat: Treat, owner_client: Client
) -> None:
    owner_client.post(f"{MENU}{treat.slug}/archival/", {"sure": "yes"}, follow=True)
    assert treat.name not in owner_client.get("/shop/frosty-spoon/").content.decode()
    owner_client.post(f"{MENU}{treat.slug}/restoration/", follow=True)
    assert treat.name in owner_client.get("/shop/frosty-spoon/").content.decode()
    with scope(brand=brand):
        acts = AuditEntry.objects.filter(act__startswith="treat.").values_list("act", flat=True)
        assert list(acts.order_by("number")) == ["treat.archived", "treat.restored"]


def test_the_last_one_is_asked_about(brand: Brand, treat: Treat, owner_client: Client) -> None:
    other = make_treat(brand, "other")
    address = f"{MENU}{treat.slug}/archival/"
    assert owner_client.post(f"{MENU}{other.slug}/archival/").status_code == 302, "one is left"
    asked = owner_client.post(address)
    assert (asked.status_code, "Nothing is on the menu then" in asked.content.decode()) == (
        409,
        True,
    )
    assert owner_client.get(address).status_code == 200, "a reload asks once more"
    treat.refresh_from_db()
    assert treat.is_active
    assert owner_client.post(address, {"sure": "yes"}).status_code == 302
    treat.refresh_from_db()
    assert not treat.is_active
    assert owner_client.post(address).status_code == 302, "it is off already"


def test_moving_up_and_down_stops_at_the_ends(brand: Brand, owner_client: Client) -> None:
    for number in range(3):
        make_treat(brand, f"t{number}")

    def order() -> list[str]:
        with scope(brand=brand):
            return [treat.slug for treat in Treat.objects.in_menu_order()]

    begun = order()
    owner_client.post(f"{MENU}{begun[0]}/place/", {"up": "1"})
    assert order() == begun
    owner_client.post(f"{MENU}{begun[0]}/place/")
    assert order() == [begun[1], begun[0], begun[2]]
    owner_client.post(f"{MENU}{begun[2]}/place/", {"up": "1"})
    assert order() == [begun[1], begun[2], begun[0]]


def test_a_ready_menu_is_taken_in_the_brands_language(brand: Brand, owner_client: Client) -> None:
    Brand.objects.update(language="de", currency="JPY")
    page = f"{MENU}ready/ice-cream/"
    sent = {"two-scoops": "on", "sundae": "on", "two-scoops-0": "450", "sundae-0": "800"}
    refused = owner_client.post(page, sent)
    assert refused.status_code == 422
    assert "Sundae: what does it cost?" in refused.content.decode()
    refused = owner_client.post(page, {**sent, "sundae-1": "49"})
    assert refused.status_code == 422
    assert "The least that can be charged is ¥50." in refused.content.decode()
    assert owner_client.post(page, {**sent, "sundae-1": "980"}).status_code == 302
    with scope(brand=brand):
        names = [treat.name for treat in Treat.objects.in_menu_order()]
        treat = Treat.objects.prefetch_related("prices", "option_groups").get(name="Eisbecher")
    assert names == ["Zwei Kugeln", "Eisbecher"]
    assert [price.amount for price in treat.prices.all()] == [800, 980]
    assert owner_client.post(page, {}).status_code == 422
    assert owner_client.get(f"{MENU}ready/none/").status_code == 404


def test_the_list_stays_within_its_queries(
    brand: Brand, owner: User, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        make_treat(brand, f"t{number}")
    with django_assert_max_num_queries(9):
        owner_client.get(MENU)
    with scope(brand=brand):
        assert not menu.by_category([])


@pytest.mark.parametrize("count", ["-1", "0", "5000"])
def test_any_number_of_rows_that_is_sent_is_answered_in_words(
    brand: Brand, owner_client: Client, count: str
) -> None:
    wanted = sent(**{"sizes-TOTAL_FORMS": count, "groups-TOTAL_FORMS": count})
    del wanted["sizes-0-name"], wanted["sizes-0-amount"]
    answer = owner_client.post(f"{MENU}new/", wanted)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert ("Please submit at most" if count == "5000" else "A treat needs a price.") in page
    assert page.count('-name" ') < 40


def test_two_sizes_or_groups_of_one_name_are_refused(brand: Brand, owner_client: Client) -> None:
    again = {"sizes-1-name": "regular", "sizes-1-amount": "9"}
    group = {f"groups-1-{field}": sent()[f"groups-0-{field}"] for field in ("name", "options")}
    for more in (again, {**group, "groups-TOTAL_FORMS": "2"}):
        answer = owner_client.post(f"{MENU}new/", sent(**more))
        assert answer.status_code == 422
        assert "stands there twice" in answer.content.decode()


def test_a_row_that_was_copied_with_its_key_is_a_size_of_its_own(
    brand: Brand, owner_client: Client
) -> None:
    owner_client.post(f"{MENU}new/", sent())
    copied = {"sizes-INITIAL_FORMS": "1", "sizes-0-key": "regular", "sizes-1-key": "regular"}
    copied |= {"sizes-1-name": "Large", "sizes-1-amount": "9"}
    assert owner_client.post(f"{MENU}float/", sent(**copied)).status_code == 302
    prices = {price.key: price.amount for price in made(brand).prices.all()}
    assert prices == {"regular": 450, "large": 900}


def test_only_a_plus_before_an_amount_is_a_price(brand: Brand, owner_client: Client) -> None:
    lines = ["7+ herbs", "A+", "Honey + oats", "B+ +0.80", "Shot+0.50"]
    wanted = sent(**{"groups-0-options": "\n".join(lines)})
    assert owner_client.post(f"{MENU}new/", wanted).status_code == 302
    options = made(brand).option_groups.all()[0].options.all()
    assert [(each.label, each.extra) for each in options] == [
        ("7+ herbs", 0),
        ("A+", 0),
        ("Honey + oats", 0),
        ("B+", 80),
        ("Shot", 50),
    ]
    for wrong in ("Cola +", "Cola + 0.80 or so", "Cola +free"):
        answer = owner_client.post(f"{MENU}new/", sent(**{"groups-0-options": wrong}))
        assert "behind the plus stands what it costs" in answer.content.decode()


def test_a_treat_or_a_ready_menu_that_is_sent_twice_is_made_once(
    brand: Brand, owner_client: Client
) -> None:
    ready = {"sundae": "on", "sundae-0": "6", "sundae-1": "8"}
    for address, wanted in ((f"{MENU}new/", sent()), (f"{MENU}ready/ice-cream/", ready)):
        for _time in range(2):
            assert owner_client.post(address, wanted).status_code == 302
    assert owner_client.post(f"{MENU}new/", sent(**{"sizes-0-amount": "5"})).status_code == 302
    with scope(brand=brand):
        names = list(Treat.objects.in_menu_order().values_list("name", flat=True))
        assert names == ["Float", "Sundae", "Float"]
        assert AuditEntry.objects.filter(act="treat.added").count() == 3
