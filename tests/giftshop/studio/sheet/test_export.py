"""What an owner takes with them: the menu as a file that does nothing but hold it."""

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Treat
from giftshop.studio.sheet import files
from tests.cast import make_user
from tests.giftshop.studio.sheet.owner_sheet import (
    IMPORT,
    SHEET,
    send,
    sheet,
)

pytestmark = pytest.mark.django_db


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
