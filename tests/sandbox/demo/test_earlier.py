"""Data of an earlier start is adopted, or told in words; never left to a traceback."""

import os
import re
from pathlib import Path

import psycopg
import pytest

from sandbox.demo import _reset
from sandbox.demo.earlier import UnusableDataError, adopt, known_migrations, refuse_unknown_layout
from sandbox.places import CHECKOUT
from sandbox.servers.postgres import data_folder
from sandbox.servers.wheels import postgres_major


def data_of(version: str, folder: Path) -> Path:
    folder.mkdir()
    (folder / "PG_VERSION").write_text(f"{version}\n")
    return folder


def test_data_lies_under_its_major_version(tmp_path):
    assert re.fullmatch(r"postgres-[1-9]\d", data_folder(tmp_path).name)


def test_a_folder_of_this_major_version_is_adopted(tmp_path):
    data_of(postgres_major(), tmp_path / "postgres")
    assert adopt(tmp_path) == []
    assert (data_folder(tmp_path) / "PG_VERSION").is_file()
    assert adopt(tmp_path) == [], "and nothing is said at the next start either"


def test_data_of_another_major_version_stays_and_that_is_told(tmp_path):
    data_of("9", tmp_path / "postgres")
    (words,) = adopt(tmp_path)
    assert (tmp_path / "postgres-9" / "PG_VERSION").is_file()
    assert f"PostgreSQL is {postgres_major()} now and begins with new data" in words
    assert f"stays in {tmp_path / 'postgres-9'}; make demo RESET=1 removes it" in words
    data_of(postgres_major(), data_folder(tmp_path))
    assert adopt(tmp_path) == []


def test_a_reset_removes_data_of_every_major_version(tmp_path):
    for name in ("postgres", "postgres-9", data_folder(tmp_path).name):
        data_of("9", tmp_path / name)
    (tmp_path / "wheels").mkdir()
    _reset(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["wheels"]


@pytest.fixture
def database():
    """An empty database; gives its address."""
    url, name = os.environ["DATABASE_URL"], f"layout_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield url.replace("/giftshop?", f"/{name}?").removesuffix("/giftshop")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrated(url: str, *rows: tuple[str, str]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (app text, name text)")
        for row in rows:
            connection.execute("INSERT INTO django_migrations VALUES (%s, %s)", row)


def test_a_layout_that_the_code_does_not_know_is_refused_in_words(database):
    refuse_unknown_layout(database, CHECKOUT, remedy="Begin anew.")  # empty: nothing to refuse
    known = known_migrations(CHECKOUT)
    assert ("redemption", "0001_initial") in known
    migrated(database, *known, ("axes", "0099_of_a_package"))
    refuse_unknown_layout(database, CHECKOUT, remedy="Begin anew.")
    migrated(database, ("redemption", "0099_of_tomorrow"))
    with pytest.raises(UnusableDataError, match=r"redemption 0099_of_tomorrow .* Begin anew\.$"):
        refuse_unknown_layout(database, CHECKOUT, remedy="Begin anew.")


@pytest.mark.parametrize(
    "url", ["postgresql://ana:hunter2@127.0.0.1:1/shop", "sqlite:///hunter2", "hunter2"]
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(url):
    with pytest.raises(UnusableDataError, match="DATABASE_URL") as caught:
        refuse_unknown_layout(url, CHECKOUT, remedy="")
    assert "hunter2" not in str(caught.value)
