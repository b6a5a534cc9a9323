"""An owner brings a sheet: what it would change is shown line by line, and taken over as a whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Option, Treat
from giftshop.sheets import read
from giftshop.sheets.models import MenuImport
from redemption.audit.verify import differences
from redemption.models import AuditEntry
from tests.cast import make_store, make_treat, make_user
from tests.giftshop.studio.sheet.owner_sheet import (
    CHOICES,
    FIRST,
    IMPORT,
    faults,
    looked_at,
    prices,
    send,
    sheet,
    states,
    take_over,
)

pytestmark = pytest.mark.django_db


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
