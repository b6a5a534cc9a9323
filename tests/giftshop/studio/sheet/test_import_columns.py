"""What the columns of a sheet bring: choices, days, contents, stores, amounts and places."""

from datetime import date

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Option, Treat
from tests.cast import make_store, make_treat
from tests.giftshop.studio.sheet.owner_sheet import (
    IMPORT,
    PLACES,
    SHEET,
    faults,
    looked_at,
    send,
    states,
    take_over,
)

pytestmark = pytest.mark.django_db


def test_choices_and_translations_are_brought(brand: Brand, owner_client: Client) -> None:
    Brand.objects.filter(pk=brand.pk).update(languages=["en", "de"])
    first = "Name,Size,Price,Name (de),Choice 1,Choice 1: one on each line,Choice 1: one on each line (de)"
    row = 'Float,Regular,4.50,Schwimmer,Syrup,"Cola\nRoot beer +0.80","Cola\nWurzelbier"'
    looked_at(owner_client, row, first=first)
    assert take_over(owner_client).status_code == 302
    with scope(brand=brand):
        made = Treat.objects.get()
        options = list(Option.objects.order_by("position"))
    assert made.translations == {"de": {"name": "Schwimmer"}}
    assert [(each.label, each.extra) for each in options] == [("Cola", 0), ("Root beer", 80)]
    assert options[1].translations == {"de": {"label": "Wurzelbier"}}


def test_days_on_sale_are_brought(brand: Brand, treat: Treat, owner_client: Client) -> None:
    first = "ID,Name,Size,Price,On sale from,On sale until"
    told = looked_at(owner_client, "double-scoop,,Regular,6.50,05.12.2026,2026-12-01", first=first)
    assert [fault[:2] for fault in faults(told)] == [(2, "On sale until")]
    looked_at(owner_client, "double-scoop,,Regular,6.50,05.12.2026,2026-12-24", first=first)
    take_over(owner_client)
    with scope(brand=brand):
        kept = Treat.objects.get()
    assert (kept.on_sale_from, kept.on_sale_until) == (date(2026, 12, 5), date(2026, 12, 24))


ALLERGENS = "ID,Name,Size,Price,Contains,Diet,Choice 1,Choice 1: each contains"
TASTES = "Vanilla\nMint\nPistachio +0.50"


def test_allergens_and_diet_are_brought(brand: Brand, treat: Treat, owner_client: Client) -> None:
    told = looked_at(
        owner_client,
        'double-scoop,,Regular,6.50,"Milch, eggs",vegetarian,Flavour,"none\nnot said\nnuts"',
        first=ALLERGENS,
    )
    assert told["lines"][0]["told"] == [
        ["Contains", "not said", "Eggs, Milk"],
        ["Diet", "nothing", "Vegetarian"],
        [
            "Choice 1: each contains",
            "Vanilla: not said, Pistachio: not said",
            "Vanilla: none, Pistachio: Nuts",
        ],
    ]
    take_over(owner_client)
    with scope(brand=brand):
        kept = Treat.objects.get()
        options = Option.objects.order_by("position").values_list("allergens", flat=True)
        assert (kept.allergens, kept.diet) == (["eggs", "milk"], ["vegetarian"])
        assert list(options) == [[], None, ["nuts"]]
    first = "ID,Name,Size,Price,Contains,Choice 1,Choice 1: one on each line"
    looked_at(
        owner_client,
        'double-scoop,,Regular,6.50,,Flavour,"Mint\nPistachio +0.50\nLemon"',
        first=first,
    )
    take_over(owner_client)
    with scope(brand=brand):
        assert Treat.objects.get().allergens is None, "emptied: not said"
        options = Option.objects.order_by("position").values_list("label", "allergens")
        assert list(options) == [("Mint", None), ("Pistachio", ["nuts"]), ("Lemon", None)]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("dairy,,Flavour,", "Contains", "“dairy” is none of these: Gluten"),
        ("none milk,,Flavour,", "Contains", "is none of these"),
        ('"none, milk",,Flavour,', "Contains", "Write either “none”"),
        ("milk,vegan,Flavour,", "Diet", "Not “Vegan” if it contains: Milk."),
        (',vegan,Flavour,"milk\nnone\nnone"', "Diet", "Not “Vegan” with Vanilla, which"),
        (',,Flavour,"milk\nnone"', "Choice 1: each contains", "There are 3 choices"),
    ],
)
def test_contents_are_judged_as_on_their_page(
    treat: Treat, owner_client: Client, cells: str, column: str, words: str
) -> None:
    told = looked_at(owner_client, f"double-scoop,,Regular,6.50,{cells}", first=ALLERGENS)
    [(row, at, said)] = faults(told)
    assert (row, at, words in said) == (2, column, True), said


def test_stores_are_brought_by_name_or_id(brand: Brand, treat: Treat, owner_client: Client) -> None:
    with scope(brand=brand):
        for slug, name in (("pike", "Pike, Street"), ("quay", "Quay"), ("quay-2", "Quay")):
            make_store(brand, slug, name=name)
    first = "ID,Name,Size,Price,Stores"
    told = looked_at(owner_client, "double-scoop,,Regular,6.50,Quay; moon", first=first)
    assert [(at, words[:24]) for _row, at, words in faults(told)] == [
        ("Stores", "Several stores are calle"),
        ("Stores", "There is no store “moon”"),
    ]
    looked_at(owner_client, 'double-scoop,,Regular,6.50,"pike, street\nquay-2"', first=first)
    take_over(owner_client)
    with scope(brand=brand):
        kept = Treat.objects.get()
        assert not kept.all_stores
        assert sorted(store.slug for store in kept.stores.all()) == ["pike", "quay-2"]
    told = looked_at(owner_client, "double-scoop,,Regular,6.50,", first=first)
    assert states(told) == [(2, "unchanged")]
    looked_at(owner_client, "double-scoop,,Regular,6.50,alle", first=first)
    take_over(owner_client)
    with scope(brand=brand):
        assert Treat.objects.get().all_stores


def test_a_row_is_not_refused_more_often_than_somebody_reads(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    with scope(brand=brand):
        for slug in ("one", "two"):
            make_store(brand, slug=slug, name="Quay")
    first = "ID,Name,Size,Price,Stores"
    cell = "Quay," * 2_000 + "\n".join(f"Nowhere {n}" for n in range(100))
    told = looked_at(owner_client, f'double-scoop,,Regular,6.50,"{cell}"', first=first)
    assert [words.split(". ")[0] for _row, _at, words in faults(told)] == [
        "Several stores are called “Quay”",
        *(f"There is no store “Nowhere {n}”" for n in range(5)),
    ]


AMOUNTS = "ID,Name,Size,Price,The most,Amounts to tap,Later price"


def test_a_gift_of_any_amount_is_brought_and_changed(brand: Brand, owner_client: Client) -> None:
    looked_at(owner_client, ",Gift card,,5,200,25; 10.00,", first=AMOUNTS)
    take_over(owner_client)
    with scope(brand=brand):
        made = Treat.objects.get()
        [price] = made.prices.all()
    assert (price.amount, price.most, price.suggested) == (500, 20000, [1000, 2500])
    told = looked_at(owner_client, f"{made.slug},,,10.00,200,25,", first=AMOUNTS)
    assert told["lines"][0]["told"] == [
        ["Price (USD)", "$5.00", "$10.00"],
        ["Amounts to tap (USD)", "10.00, 25.00", "25.00"],
    ]
    take_over(owner_client)
    with scope(brand=brand):
        [kept] = made.prices.all()
    assert (kept.pk, kept.amount, kept.suggested) == (price.pk, 1000, [2500])


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (",Card,,5,4,,", "The most (USD)", "more than the least"),
        (",Card,,5,,10,", "The most (USD)", "missing"),
        (",Card,,5,200,300,", "Amounts to tap (USD)", "from $5.00 to $200.00"),
        (",Card,,5,200,6;7;8;9;10,", "Amounts to tap (USD)", "4 amounts at most"),
        (",Card,Large,5,200,,", "Size", "A gift of any amount has none"),
        (",Card,,5,200,,7", "Later price (USD)", "A gift of any amount has none"),
        ("double-scoop,,Large,8.50,200,,", "The most (USD)", "A treat with sizes stays one"),
    ],
)
def test_amounts_are_judged_as_on_their_page(
    treat: Treat, owner_client: Client, row: str, column: str, words: str
) -> None:
    [(_row, at, said)] = faults(looked_at(owner_client, row, first=AMOUNTS))
    assert (at, words in said) == (column, True), said


def test_a_group_is_known_by_its_name_else_by_its_place(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    first = "ID,Name,Size,Price,Choice 1,Choice 1: one on each line"
    looked_at(
        owner_client,
        'double-scoop,,Regular,6.50,Taste,"Vanilla\nMint\nPistachio +0.50\nLemon"',
        first=first,
    )
    take_over(owner_client)
    with scope(brand=brand):
        [group] = treat.option_groups.all()
        assert (group.key, group.name) == ("flavour", "Taste")
        assert [each.label for each in group.options.all()][-1] == "Lemon"


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        (["d,D,1,,"], "dabc"),
        (["a,A,3,,"], "bcad"),
        (["a,A,99,,"], "bcda"),
        (["a,A,4,,", "d,D,1,,"], "dbca"),
        (["b,B,1,,", "c,C,1,,"], "bcad"),
        (["a,A,1,,", "b,B,2,,"], "abcd"),
        ([",E,2,Regular,4.50"], "aebcd"),
        ([",E,,Regular,4.50", "d,D,1,,"], "dabce"),
    ],
)
def test_a_treat_goes_to_its_place(
    brand: Brand, owner_client: Client, rows: list[str], order: str
) -> None:
    for at, slug in enumerate("abcd"):
        treat = make_treat(brand, slug)
        treat.name, treat.position = slug.upper(), 7 * at
        treat.save()
    told = looked_at(owner_client, *rows, first=PLACES)
    if told["counts"]["new"] + told["counts"]["changed"]:
        assert take_over(owner_client).status_code == 302
    with scope(brand=brand):
        assert "".join(Treat.objects.in_menu_order().values_list("slug", flat=True)) == order
    answer = owner_client.get(f"{SHEET}menu.csv").content.decode()
    assert send(owner_client, answer).status_code == 302
    assert owner_client.get(IMPORT).context["told"]["counts"]["changed"] == 0


@pytest.mark.parametrize("place", ["0", "first", "-1", "1.5"])
def test_a_place_is_a_whole_number(
    brand: Brand, treat: Treat, owner_client: Client, place: str
) -> None:
    told = looked_at(owner_client, f"double-scoop,Double scoop,{place},,", first=PLACES)
    assert faults(told) == [(2, "Place", "Write a whole number: 1 is the first.")]
