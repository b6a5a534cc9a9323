"""A file of likes and costs: judged by its content, bounded, read as people write, and looked at before it
counts."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django_scopes import scope
from openpyxl import Workbook

from brands.models import Brand
from campaigns.models import Campaign, Link, LinkDay
from campaigns.path import cells, pasted, uploaded
from campaigns.path.pasted import LINES_MAX, State
from giftshop.accounts.models import User
from giftshop.http import uploads
from tests.campaigns.path.test_pasted import HEAD, PAGE
from tests.cast import today
from tests.page_words import plain_text

UPLOAD = "/uploads/frosty-spoon/campaigns/two-for-the-weekend/likes/"
DAYS_AGO = date(2026, 5, 3)


def send(client: Client, content: bytes | str, **more: str) -> Any:
    body = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("../../likes.exe", body, "image/png")  # counts for nothing
    return client.post(UPLOAD, {"file": file, "whole": "1", **more})


def xlsx(*rows: list[Any]) -> bytes:
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def said(answer: Any) -> list[tuple[int, str, dict[str, int | None]]]:
    return [(line.number, line.state, line.said) for line in answer.context["plan"].lines]


FOUND = {"likes": 1200, "comments": 30, "shares": None, "cost": 1250}


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\nFriday post,2026-05-03,1200,30,,12.50\n".encode(),
        f'\ufeff{HEAD}\r\nFriday post,03.05.2026,"1,200",30,,$12.50\r\n'.encode(),
        f"{HEAD}\nFriday post,2026-05-03 18:30,1 200,30,,12.5".encode("utf-16"),
        "sep=;\nLink;Day;Likes;Comments;Cost\nFriday post;3.5.26;1.200;30;12,50".encode("cp1252"),
        xlsx(
            ["Link", "Day", "Likes", "Comments", "Cost"],
            ["Friday post", DAYS_AGO, 1200, 30.0, 12.5],
        ),
    ],
)
def test_what_programs_save_is_read_and_nothing_is_written_yet(
    owner_client: Client, campaign: Campaign, link: Link, content: bytes
) -> None:
    answer = send(owner_client, content)
    assert answer.status_code == 200
    [line] = answer.context["plan"].lines
    assert (line.state, line.day, line.said) == (State.NEW, DAYS_AGO, FOUND)
    assert "3 May 2026" in plain_text(answer.content.decode()) or (
        "May 3, 2026" in plain_text(answer.content.decode())
    )
    with scope(brand=campaign.brand):
        assert not LinkDay.objects.exists()


def test_it_is_taken_over_from_the_page(
    owner_client: Client, campaign: Campaign, link: Link
) -> None:
    page = send(owner_client, xlsx(["Link", "Day", "Cost"], ["Friday post", DAYS_AGO, 7.25]))
    rows = page.context["form"]["rows"].value()
    taken = {"rows": rows, "take": "1", "version": page.context["plan"].version}
    assert owner_client.post(PAGE, taken).status_code == 302
    with scope(brand=campaign.brand):
        row = LinkDay.objects.get()
    assert (row.day, row.cost, row.likes) == (DAYS_AGO, 725, None)


def test_lines_have_the_numbers_of_the_sheet(
    owner_client: Client, campaign: Campaign, link: Link
) -> None:
    rows = [["Link", "Day", "Likes"], [], [], ["Friday post", DAYS_AGO, 1], ["Nobody", DAYS_AGO, 2]]
    assert [number for number, *_ in said(send(owner_client, xlsx(*rows)))] == [4, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "This is no table."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 500, "old Excel"),
        (b"PK\x03\x04" + b"x" * 500, "damaged"),
        (b"a,b\x00", "can't be read"),
        (b"x" * (uploaded.BYTES_MAX + 1), "larger than 1 MB"),
        (HEAD + "\n" + "Friday post,2026-05-03,1\n" * (LINES_MAX + 1), "Make two of it."),
        (HEAD + "\n" + "x" * 20_000 + "\n" + "x" * 60_000, "characters"),
        (HEAD + "\n" + ("x" * 29_000 + "\n") * 3, "That is more than fits."),
        ("Likes,Cost\n1,2", "has to name the columns"),
        (xlsx(["Link"] * 400), "columns"),
    ],
)
def test_what_is_no_such_table_is_said_and_nothing_is_lost(
    owner_client: Client, campaign: Campaign, link: Link, content: bytes | str, words: str
) -> None:
    answer = send(owner_client, content)
    assert answer.status_code == 422
    assert words in plain_text(answer.content.decode())


def test_a_file_that_did_not_arrive_whole_is_not_read(
    owner_client: Client, campaign: Campaign, link: Link
) -> None:
    file = SimpleUploadedFile("likes.csv", f"{HEAD}\nFriday post,2026-05-03,1".encode())
    answer = owner_client.post(UPLOAD, {"file": file})
    assert (answer.status_code, answer.context["plan"]) == (422, None)
    assert "did not arrive whole" in answer.content.decode()


def test_while_others_are_at_it_one_waits(
    owner_client: Client, campaign: Campaign, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Taken:
        def acquire(self, *, blocking: bool) -> bool:
            return False

    monkeypatch.setattr(uploads, "_slots", Taken())
    answer = send(owner_client, HEAD)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_who_only_reads_campaigns_sends_none(
    campaign: Campaign, link: Link, finance: User, client_of: Any
) -> None:
    assert send(client_of(finance), HEAD).status_code == 404


def test_coming_back_to_its_address_leads_to_the_page(
    owner_client: Client, campaign: Campaign
) -> None:
    assert owner_client.get(UPLOAD)["Location"] == PAGE
    assert owner_client.get(f"{UPLOAD}?page=2")["Location"] == f"{PAGE}?page=2"


def test_a_form_without_its_token_is_refused(campaign: Campaign, owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert send(client, HEAD).status_code == 403


# --- How people write ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1240", 1240),
        *[
            (text, 1240)
            for text in ("1,240", "1.240", "1 240", "1\u202f240", "1'240", "1\u2019240")
        ],
        ("1.240.000", 1_240_000),
        ("0", 0),
        ("12.0", 12),
    ],
)
def test_a_count_is_whole_however_its_thousands_are_parted(text: str, found: int) -> None:
    assert cells.count(text) == found


@pytest.mark.parametrize(
    "text", ["1,24", "1.2", "1.240,000", "0.500", "1.2K", "1e3", "one", "9" * 60]
)
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        cells.count(text)


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize(
    ("text", "found"),
    [("12.50", 1250), ("12,50", 1250), ("1,250.50", 125_050), ("1.250,50", 125_050), ("7", 700)],
)
def test_an_amount_is_read_in_each_language_from_each(text: str, found: int, language: str) -> None:
    with translation.override(language):
        assert cells.amount(text, "USD") == found


@pytest.mark.parametrize(
    ("language", "text", "currency"),
    [("en", "1.250", "USD"), ("de", "1,250", "EUR"), ("en", "1.250", "KWD"), ("en", "-5", "USD")],
)
def test_an_amount_of_two_meanings_is_refused(language: str, text: str, currency: str) -> None:
    with translation.override(language), pytest.raises(ValidationError):
        cells.amount(text, currency)


THIRD_OF_MAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    "text",
    ["2026-05-03", "2026-5-3", "2026-05-03T10:00:00Z", "03.05.2026", "3. 5. 2026", "3.5.26"],
)
@pytest.mark.parametrize("order", [None, *cells.DayOrder])
def test_a_day_that_can_be_read_in_one_way_is(text: str, order: cells.DayOrder | None) -> None:
    assert cells.day(text, order) == THIRD_OF_MAY


@pytest.mark.parametrize(
    ("language", "column", "day"),
    [
        ("en", ["03/05/2026", "14/05/2026"], THIRD_OF_MAY),
        ("en", ["5/3/26", "5/14/26"], THIRD_OF_MAY),
        ("de", ["5/3/2026", "5/14/2026"], THIRD_OF_MAY),  # the column says it, whoever reads
        ("es", ["03/05/2026"], THIRD_OF_MAY),
        ("es", ["3-5-2026"], THIRD_OF_MAY),
        ("en", ["5/5/2026"], date(2026, 5, 5)),
        ("en", ["03/05/2026"], None),
        ("es", ["03/05/2026", "14/05/2026", "05/14/2026"], None),
    ],
)
def test_a_day_of_two_meanings_is_what_its_column_says_or_is_refused(
    language: str, column: list[str], day: date | None
) -> None:
    with translation.override(language):
        order = cells.day_order(column)
        if day:
            assert cells.day(column[0], order) == day
        else:
            with pytest.raises(ValidationError):
                cells.day(column[0], order)


@pytest.mark.parametrize(
    "text", ["", "May", "31.02.2026", "2026-13-01", "1/2", "0/0/2026", "9" * 99]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        cells.day(text, cells.DayOrder.DAY_FIRST)


def test_a_german_sheet_is_read_by_whoever_opens_it(in_brand: Brand, link: Link) -> None:
    text = "Link;Day;Likes;Cost\nFriday post;03.05.2026;1.200;1.250,50"
    for language in ("en", "de", "es"):
        with translation.override(language):
            head = ";".join(str(pasted.COLUMNS[name]) for name in ("link", "day", "likes", "cost"))
            sheet = text.replace("Link;Day;Likes;Cost", head)
            plan = pasted.read(sheet, campaign=link.campaign, today=today(in_brand))
        assert plan.lines[0].problems == []
        assert (plan.lines[0].said["likes"], plan.lines[0].said["cost"]) == (1200, 125_050)
