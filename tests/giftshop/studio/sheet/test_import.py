"""An owner brings a sheet: what it would change is shown line by line, and taken over as a whole."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Option, Price, Treat
from giftshop.sheets import read
from giftshop.sheets.models import MenuImport
from giftshop.studio.sheet import files
from redemption.audit.verify import differences
from redemption.models import AuditEntry
from tests.cast import make_store, make_treat, make_user

pytestmark = pytest.mark.django_db

SHEET = "/studio/frosty-spoon/menu/sheet/"
UPLOAD = "/uploads/frosty-spoon/sheet/menu/"
IMPORT = f"{SHEET}import/"
FIRST = "ID,Name,On the menu,Size,Price,Size ID"


def send(client: Client, text: "str | bytes") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("../../menu.exe", content, "image/png")  # counts for nothing
    return client.post(UPLOAD, {"file": file, "whole": "1"})


def sheet(*rows: str, first: str = FIRST) -> str:
    return "\n".join([first, *rows])


def looked_at(client: Client, *rows: str, first: str = FIRST) -> dict[str, Any]:
    answer = send(client, sheet(*rows, first=first))
    assert answer.status_code == 302, answer.content.decode()
    return dict(client.get(IMPORT).context["told"])


def states(told: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line["row"], line["state"]) for line in told["lines"]]


def faults(told: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(line["row"], *fault) for line in told["lines"] for fault in line["faults"]]


def take_over(client: Client, **more: str) -> Any:
    version = client.get(IMPORT).context["told"]["version"]
    return client.post(IMPORT, {"version": version, **more})


def prices(brand: Brand) -> dict[str, tuple[str, int]]:
    with scope(brand=brand):
        return {price.key: (price.name, price.amount) for price in Price.objects.all()}


def test_nothing_is_written_before_the_yes_and_all_of_it_then(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    told = looked_at(
        owner_client,
        "double-scoop,Double scoop,,Regular,7.00,regular",
        "double-scoop,Double scoop,,Huge,8.50,large",
        "double-scoop,Double scoop,,Tiny,3.50,",
        ",Float,,Regular,4.50,",
    )
    assert states(told) == [(2, "changed"), (3, "changed"), (4, "new"), (5, "new")]
    assert told["lines"][0]["told"] == [["Price (USD)", "$6.50", "$7.00"]]
    assert told["lines"][1]["told"] == [["Size", "Large", "Huge"]]
    assert prices(brand)["regular"] == ("Regular", 650)
    page = owner_client.get(IMPORT).content.decode()
    assert "Take over these 4 changes" in page
    assert take_over(owner_client).status_code == 302
    kept = prices(brand)
    assert (kept["large"], kept["tiny"]) == (("Huge", 850), ("Tiny", 350)), "it kept its key"
    with scope(brand=brand):
        assert Treat.objects.get(slug="float").name == "Float"
        assert Option.objects.count() == 3, "no column said anything of them"
        acts = list(AuditEntry.objects.order_by("number").values_list("act", flat=True))
        assert acts == ["treat.changed", "treat.added", "menu.imported"]
        assert AuditEntry.objects.get(act="menu.imported").details == {
            "sheet": "CSV",
            "rows": 4,
            "added": ["Float"],
            "changed": ["Double scoop"],
        }
        assert not MenuImport.objects.exists()
    assert "Float" in owner_client.get("/studio/frosty-spoon/audit/").content.decode()


def test_nothing_goes_by_absence(brand: Brand, treat: Treat, owner_client: Client) -> None:
    with scope(brand=brand):
        make_treat(brand, "sundae")
    told = looked_at(owner_client, "double-scoop,Double scoop,,Large,9.00,large")
    assert states(told) == [(2, "changed")]
    take_over(owner_client)
    with scope(brand=brand):
        assert Treat.objects.filter(is_active=True).count() == 2
        kept = [price.name for price in treat.prices.all()]
    assert kept == ["Regular", "Large"]


def test_a_treat_goes_off_the_menu_by_its_own_word(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    told = looked_at(owner_client, "double-scoop,Double scoop,no,Regular,6.50,regular")
    assert told["lines"][0]["told"] == [["On the menu", "yes", "no"]]
    take_over(owner_client)
    with scope(brand=brand):
        assert not Treat.objects.get().is_active
        assert AuditEntry.objects.filter(act="treat.archived").exists()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (",,,Regular,4.50,", "Name", "still missing"),
        (",Float,,,4.50,", "Size", "What is this size called"),
        (",Float,,Regular,,", "Price (USD)", "What does this size cost?"),
        (",Float,,Regular,0.10,", "Price (USD)", "least that can be charged is $0.50"),
        (",Float,,Regular,1.234,", "Price (USD)", "could be 1234 or 1.234"),
        (",Float,,Regular,much,", "Price (USD)", "Write an amount"),
        (",Float,maybe,Regular,4.50,", "On the menu", "yes or no"),
        (f",{'x' * 81},,Regular,4.50,", "Name", "80 characters"),
        ("nowhere,Float,,Regular,4.50,", "ID", "no treat with this ID"),
        ("double-scoop,Float,,Regular,4.50,nokey", "Size ID", "no size with that ID"),
        (",double SCOOP,,Regular,4.50,", "ID", "write its ID: double-scoop"),
    ],
)
def test_what_cannot_be_is_refused_at_its_line_and_column(
    treat: Treat, owner_client: Client, row: str, column: str, words: str
) -> None:
    told = looked_at(owner_client, row)
    [(number, heading, said)] = faults(told)
    assert (number, heading) == (2, column)
    assert words in said
    page = owner_client.get(IMPORT).content.decode()
    assert "1 row can" in page
    assert "Take over" not in page


def test_one_refused_line_holds_all_of_them(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    looked_at(owner_client, ",Float,,Regular,4.50,", ",Sundae,,Regular,none,")
    assert take_over(owner_client).status_code == 409
    with scope(brand=brand):
        assert Treat.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        (
            [",Float,,Regular,4.50,", ",Float,,regular,5.50,"],
            3,
            "stands there twice",
        ),
        (
            ["double-scoop,,,Regular,4.50,regular", "double-scoop,,,Large,5.50,regular"],
            3,
            "stands there twice",
        ),
        (
            ["double-scoop,A,,Regular,6.50,regular", "double-scoop,B,,Large,8.50,large"],
            3,
            "Row 2 says otherwise",
        ),
    ],
)
def test_rows_that_say_two_things_are_refused(
    treat: Treat, owner_client: Client, rows: list[str], row: int, words: str
) -> None:
    assert [
        (at, words in said) for at, _column, said in faults(looked_at(owner_client, *rows))
    ] == [(row, True)]


def test_a_new_name_in_one_row_is_enough(brand: Brand, treat: Treat, owner_client: Client) -> None:
    looked_at(
        owner_client,
        "double-scoop,Two scoops,,Regular,6.50,regular",
        "double-scoop,Double scoop,,Large,8.50,large",
    )
    take_over(owner_client)
    with scope(brand=brand):
        kept = Treat.objects.get()
    assert (kept.slug, kept.name) == ("double-scoop", "Two scoops")


def test_treats_of_the_same_name_are_meant_once_the_owner_says_so(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    looked_at(owner_client, ",double scoop,,Regular,7.00,")
    assert "Yes, change those" in owner_client.get(IMPORT).content.decode()
    assert owner_client.post(f"{IMPORT}names/").status_code == 302
    assert take_over(owner_client).status_code == 302
    assert prices(brand)["regular"] == ("Regular", 700)
    with scope(brand=brand):
        assert Treat.objects.count() == 1


def test_a_menu_that_changed_meanwhile_is_looked_at_again(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    looked_at(owner_client, "double-scoop,Double scoop,,Regular,7.00,regular")
    seen = owner_client.get(IMPORT).context["told"]["version"]
    with scope(brand=brand):
        treat.prices.filter(key="regular").update(amount=680)
    answer = owner_client.post(IMPORT, {"version": seen})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The menu changed meanwhile" in page
    assert "$6.80" in page
    assert prices(brand)["regular"][1] == 680
    assert take_over(owner_client).status_code == 302
    assert prices(brand)["regular"][1] == 700
    assert owner_client.post(IMPORT, {"version": seen}).status_code == 302, "a second click"


def test_all_or_nothing(
    brand: Brand, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from giftshop.studio.sheet.menu import take_over as module

    looked_at(owner_client, ",Float,,Regular,4.50,", ",Sundae,,Regular,5.50,")

    def failing(**_asked: Any) -> None:
        with scope(brand=brand):
            assert Treat.objects.count() == 2
        raise RuntimeError("pulled the plug")

    monkeypatch.setattr(module, "record_all", failing)
    with pytest.raises(RuntimeError):
        take_over(owner_client)
    with scope(brand=brand):
        assert not Treat.objects.exists()
        assert not AuditEntry.objects.exists()
        assert MenuImport.objects.exists(), "it still waits"


def test_another_owner_sees_their_own_sheet_only(brand: Brand, owner_client: Client) -> None:
    looked_at(owner_client, ",Float,,Regular,4.50,")
    other = Client()
    other.force_login(make_user(brand, "second@frosty-spoon.example", Membership.Role.OWNER))
    assert other.get(IMPORT).status_code == 302
    looked_at(other, ",Sundae,,Regular,5.50,")
    assert [line["name"] for line in owner_client.get(IMPORT).context["told"]["lines"]] == ["Float"]


def test_a_sheet_waits_for_a_day_and_can_be_dropped(brand: Brand, owner_client: Client) -> None:
    looked_at(owner_client, ",Float,,Regular,4.50,")
    with scope(brand=brand):
        MenuImport.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    assert owner_client.get(IMPORT).status_code == 302
    looked_at(owner_client, ",Float,,Regular,4.50,")
    assert owner_client.post(f"{IMPORT}removal/").status_code == 302
    with scope(brand=brand):
        assert not MenuImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (sheet("x", first="Name,Size"), "A column is missing: “Price (USD)”"),
        (sheet("x", first="Name,Size,Price (EUR)"), "A column is missing: “Price (USD)”"),
        (sheet("x", first="Name,Size,Price,price"), "stands there twice: “Price (USD)”"),
        (FIRST, "nothing below the first row"),
        ("", "empty"),
        (b"%PDF-1.4", "This is no table"),
        (b"x" * (read.BYTES_MAX + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_at_its_field(
    brand: Brand, owner_client: Client, content: "str | bytes", words: str
) -> None:
    answer = send(owner_client, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scope(brand=brand):
        assert not MenuImport.objects.exists()


def test_headings_are_read_in_any_of_our_languages_and_others_are_named(
    treat: Treat, owner_client: Client
) -> None:
    told = looked_at(
        owner_client,
        "double-scoop;Double scoop;Regular;7,00;x",
        first="ID;NAME;Größe; preis ;Lieferant",
    )
    assert states(told) == [(2, "changed")]
    assert told["unknown"] == ["Lieferant"]
    page = owner_client.get(IMPORT).content.decode()
    assert "Nobody reads these columns: Lieferant" in page
    assert "UTF-8, parted by semicolon" in page


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


CHOICES = (
    "Name,On the menu,Size,Price,Contains,Stores,Choice 1,Choice 1: one on each line,ID,Size ID"
)


def test_a_take_over_of_many_costs_no_more_statements(brand: Brand, owner_client: Client) -> None:
    """Whether its treats are new, changed, in some stores only or off the menu by now."""
    from django.db import connection

    make_store(brand, "pike")
    make_treat(brand)
    counted: dict[str, list[int]] = {"new": [], "changed": []}

    def taken_over(what: str, rows: list[str]) -> None:
        looked_at(owner_client, *rows, first=CHOICES)
        version = owner_client.get(IMPORT).context["told"]["version"]
        with CaptureQueriesContext(connection) as queries:
            assert owner_client.post(IMPORT, {"version": version}).status_code == 302
        counted[what].append(len(queries))

    for count in (2, 12):
        names = [f"Treat {count} {at}" for at in range(count)]
        flavours = '"Mint\nLemon +0.50"'
        rows = [f"{each},yes,Regular,4.50,milk,pike,Taste,{flavours},," for each in names]
        taken_over("new", rows)
        flavours = '"Mint +0.50\nFig"'
        ids = [each.lower().replace(" ", "-") for each in names]
        rows = [
            f"{name},no,Large,5.50,nuts,all,Taste,{flavours},{slug},regular"
            for name, slug in zip(names, ids, strict=True)
        ]
        taken_over("changed", rows)
    assert counted["new"][1] == counted["new"][0], counted
    assert counted["changed"][1] == counted["changed"][0], counted
    with scope(brand=brand):
        assert Treat.objects.filter(is_active=False, all_stores=True).count() == 14
        assert set(Option.objects.values_list("label", flat=True)) == {
            "Mint",
            "Fig",
            "Vanilla",
            "Pistachio",
        }
        assert list(differences(brand)) == []


PLACES = "ID,Name,Place,Size,Price"


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


def test_a_menu_that_changes_while_it_is_made_out_is_looked_at_again(
    brand: Brand, treat: Treat, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a colleague, after the plan was made and before the menu was held."""
    from giftshop.studio.sheet.menu import take_over as module

    looked_at(owner_client, "double-scoop,Double scoop,,Regular,7.00,regular")
    real = module.hold_menu

    def late(held: Brand) -> None:
        Option.objects.filter(label="Mint").update(extra=40)
        real(held)

    monkeypatch.setattr(module, "hold_menu", late)
    assert take_over(owner_client).status_code == 409
    assert prices(brand)["regular"][1] == 650
    assert MenuImport._base_manager.exists(), "it still waits"
    monkeypatch.setattr(module, "hold_menu", real)
    assert take_over(owner_client).status_code == 302
    assert prices(brand)["regular"][1] == 700


@pytest.mark.parametrize("kind", [files.CSV, files.XLSX])
def test_a_download_is_a_file_for_whoever_sees_the_menu(
    brand: Brand, treat: Treat, kind: str
) -> None:
    reader = Client()
    reader.force_login(make_user(brand, "reader@frosty-spoon.example", Membership.Role.READER))
    answer = reader.get(f"{SHEET}menu.{kind}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == files.TYPES[kind]
    assert f'filename="frosty-spoon-menu.{kind}"' in answer["Content-Disposition"]
    assert "Upload" not in reader.get(SHEET).content.decode()
    assert reader.get(IMPORT).status_code == 404
    assert send(reader, sheet(",Float,,Regular,4.50,")).status_code == 404


def test_a_cell_never_is_a_formula(brand: Brand, treat: Treat, owner_client: Client) -> None:
    with scope(brand=brand):
        Treat.objects.update(name='=HYPERLINK("http://evil.example")')
    text = owner_client.get(f"{SHEET}menu.csv").content.decode()
    assert text.startswith("\ufeff")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text.replace('"', "")
    content = owner_client.get(f"{SHEET}menu.xlsx").content
    from io import BytesIO

    from openpyxl import load_workbook

    shown = load_workbook(BytesIO(content)).worksheets[0]
    assert shown.freeze_panes == "C2"
    assert {cell.data_type for row in shown.iter_rows() for cell in row} <= {"s", "n"}
    price = [cell.value for cell in shown[1]].index("Price (USD)") + 1
    assert [shown.cell(2, price).value, shown.cell(2, price).number_format] == [6.5, "0.00"]
