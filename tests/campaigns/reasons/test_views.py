"""The page on which a team sees what it believes beside what those who came say."""

import csv
import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from campaigns import urls
from giftshop.reasons.models import Answer, Round
from tests.campaigns.dashboard.test_views import queries

pytestmark = pytest.mark.django_db

PAGE = "/studio/frosty-spoon/reasons/"


def say(brand: Brand, side: str, many: int, *ranks: str, **facts: Any) -> None:
    first, second, third = ranks
    with scope(brand=brand):
        Answer.objects.bulk_create(
            Answer(
                brand=brand,
                side=side,
                first=first,
                second=second,
                third=third,
                day=date(2026, 5, 14),
                key=uuid4().bytes * 2,
                **facts,
            )
            for _ in range(many)
        )


@pytest.fixture
def told(brand: Brand) -> None:
    """41 of 63 came for a treat: all 41 senders."""
    with scope(brand=brand):
        asked = Round.objects.create(brand=brand, opened_on=date(2026, 5, 1))
    say(brand, "owner", 1, "community", "close", "event", round=asked)
    say(brand, "sender", 41, "treat", "event", "new", is_returning=False)
    say(brand, "recipient", 22, "discount", "close", "reviews", is_returning=True)


def read(client: Client, query: str = "") -> str:
    return client.get(f"{PAGE}?{query}").content.decode()


def table(client: Client, query: str = "") -> dict[str, list[str]]:
    text = client.get(f"{PAGE}reasons.csv?{query}").content.decode("utf-8-sig")
    return {line[0]: line[1:] for line in csv.reader(io.StringIO(text))}


def test_the_sentence_and_the_gap(owner_client: Client, told: None) -> None:
    page = read(owner_client)
    assert "41 of 63 said “A treat for someone”." in page
    assert "<strong>0%</strong>" not in page
    assert page.count("Nobody named it") == 9 + 6, "of the team, of those who came"
    line = table(owner_client)["Being part of a community"]
    assert line[:4] == ["1", "1", "1", "100.0"]
    assert line[5:8] == ["0", "63", "0.0"]
    assert line[11] == "100", "a hundred points more"


def test_each_group_is_told_for_itself(owner_client: Client, told: None) -> None:
    treat = "A treat for someone"
    assert table(owner_client, "who=senders")[treat][5:8] == ["41", "41", "100.0"]
    assert table(owner_client, "who=recipients")[treat][5:8] == ["0", "22", "0.0"]
    assert table(owner_client, "when=first")[treat][5:8] == ["41", "41", "100.0"]
    assert table(owner_client, "who=senders&when=returning")[treat][5:8] == ["", "", ""]
    assert table(owner_client, "who=nobody")[treat][5:8] == ["41", "63", "65.1"]


def test_under_five_nothing_is_told(owner_client: Client, brand: Brand) -> None:
    say(brand, "sender", 4, "treat", "event", "new")
    page = read(owner_client)
    assert "Cannot tell yet" in page
    assert "100%" not in page
    say(brand, "recipient", 1, "treat", "event", "new")
    assert "100%" in read(owner_client)
    assert "100%" not in read(owner_client, "who=senders"), "the fifth could be told from it"


def test_what_could_not_be_verified_is_marked(owner_client: Client, told: None) -> None:
    page = read(owner_client)
    assert page.count("2011: 61%</span>") == 2, "a discount; and community, of businesses"
    assert page.count("2011: 61%*") == 1
    assert page.count("2011: 73%*") == 1


def test_it_costs_the_same_however_many_answer(
    owner_client: Client, brand: Brand, told: None
) -> None:
    few = queries(owner_client, PAGE)
    say(brand, "sender", 300, "new", "event", "treat", is_returning=True)
    assert len(queries(owner_client, PAGE)) == len(few)
    assert len([sql for sql in few if "reasons_" in sql]) == 3


def test_another_brand_hears_nothing_of_it(eve: Any, told: None) -> None:
    client = Client()
    client.force_login(eve)
    assert client.get(PAGE).status_code == 404


def test_the_same_table_is_there_for_excel(owner_client: Client, told: None) -> None:
    assert f"{PAGE}reasons.xlsx" in read(owner_client)
    answer = owner_client.get(f"{PAGE}reasons.xlsx?who=senders")
    assert 'filename="reasons-senders.xlsx"' in answer["Content-Disposition"]
    from openpyxl import load_workbook

    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    line = next(row for row in rows if row[0] == "A treat for someone")
    assert line[6:9] == (41, 41, 100)
    assert {row[0] for row in rows[1:]} == table(owner_client).keys() - {"reason"}
    assert owner_client.get(f"{PAGE}reasons.pdf").status_code == 404


def test_each_table_of_figures_that_is_there_as_csv_is_there_for_excel() -> None:
    paths = {str(entry.pattern) for entry in [*urls.of_brand, *urls.of_campaign]}
    of_csv = {path for path in paths if path.endswith(".csv")}
    assert of_csv
    assert {path.removesuffix("csv") + "xlsx" for path in of_csv} <= paths
