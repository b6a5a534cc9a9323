"""SECURITY.md says of every column that holds text or bytes what is in it, or that it is nobody's."""

import re

from django.apps import apps
from django.db import models

from tests.server import ROOT

HOLDS_TEXT = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
)
SECTION = (
    (ROOT / "SECURITY.md")
    .read_text()
    .partition("## What is kept, and what it opens\n")[2]
    .partition("\n## ")[0]
)
COLUMN = re.compile(r"`([a-z_]+\.[a-z0-9_]+)`")


def kept() -> set[str]:
    """Every column for free text or bytes; one whose values are a list of ours holds nobody's."""
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, HOLDS_TEXT) and not field.choices
    }


def told() -> tuple[list[str], list[str]]:
    """The columns of the table, and those that hold nothing secret and nobody's data."""
    table, _, rest = SECTION.partition("Nothing secret and nobody's:")
    return COLUMN.findall(table), COLUMN.findall(rest)


def test_every_column_is_told_of_once_and_exists() -> None:
    secret, plain = told()
    assert len(secret) > 40
    assert len(secret + plain) == len(set(secret + plain))
    assert set(secret + plain) == kept()


def test_each_row_says_who_how_what_and_until_when() -> None:
    rows = [line for line in SECTION.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 6, row
        assert all(cells), row


def test_what_opens_something_is_not_kept_as_it_is() -> None:
    """Whatever the row says to open is a digest, a hash or a ciphertext."""
    for row in [line for line in SECTION.splitlines() if line.startswith("| ")][1:]:
        what, columns, _who, at_rest, opens, _ends = (
            each.strip() for each in row.strip("|").split("|")
        )
        if not opens.startswith(("nothing", "opens")):
            assert re.search(
                "SHA|HMAC|GCM|Argon2|digest|plain, without|same answer", at_rest + opens
            ), what
        assert COLUMN.findall(columns), what
