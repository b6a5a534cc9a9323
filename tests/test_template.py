"""What tests run on is migrated to the last, was made once, and is never a half of it."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg.sql import SQL, Identifier
from pytest_django.plugin import DjangoDbBlocker

from tests import template

VERSION = f"under_test_{os.getpid()}"  # nobody else makes or drops it meanwhile
NAME = f"giftshop_template_{VERSION}"


def test_no_migration_is_missing_in_the_copy(db: None) -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert len(executor.loader.applied_migrations) > 20


def test_the_copy_is_one_of_the_template_for_these_migrations(db: None) -> None:
    assert connection.settings_dict["TEST"]["TEMPLATE"].endswith(template.digest())


def test_a_field_that_is_copied_says_the_same() -> None:
    """So the columns are the same, of whichever model, and none of two models share what they point with."""
    models = MigrationLoader(None).project_state().models
    fields = [field for model in models.values() for field in model.fields.values()]
    assert len(fields) > 300
    with template.fields_copied_cheaply():
        copies = [field.clone() for field in fields]
    say = MigrationAutodetector(ProjectState(), ProjectState()).deep_deconstruct
    assert [say(each) for each in copies] == [say(each) for each in fields]
    for field, made in zip(fields, copies, strict=True):
        assert made is not field
        assert made.remote_field is None or made.remote_field is not field.remote_field


def test_another_migration_asks_for_another_template(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = template.digest()
    (tmp_path / "migrations").mkdir()
    app = apps.get_app_config("orders")
    monkeypatch.setattr(app, "path", str(tmp_path))
    without = template.digest()
    (tmp_path / "migrations" / "0001_initial.py").write_text("operations = []")
    assert len({before, without, template.digest()}) == 3
    monkeypatch.undo()
    assert template.digest() == before


@pytest.fixture
def migrations(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[list[str]]:
    """Which databases were migrated; in the place of migrating it leaves a table there."""
    migrated: list[str] = []

    def migrate(*_words: str, **_options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE migrated ()")
        migrated.append(connection.settings_dict["NAME"])

    monkeypatch.setattr(template, "call_command", migrate)
    drop()
    yield migrated
    drop()


def drop() -> None:
    with connection._nodb_cursor() as cursor:
        for name in (NAME, f"{NAME}_half"):
            cursor.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))


def four_come() -> list[str]:
    """At once, each with a connection of its own, as four workers."""

    def come(_n: int) -> str:
        try:
            return template.template(VERSION)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(come, range(4)))


def test_however_many_come_at_once_one_makes_it(migrations: list[str]) -> None:
    assert four_come() == [NAME] * 4
    assert len(migrations) == 1


def test_it_is_made_ahead_of_whoever_comes(
    migrations: list[str], monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    monkeypatch.setattr(template, "digest", lambda: VERSION)
    maker = Thread(target=template.make_ahead, args=[django_db_blocker])
    maker.start()
    maker.join(60)
    assert migrations == [f"{NAME}_half"]
    assert four_come() == [NAME] * 4
    assert len(migrations) == 1


def test_control_without_taking_turns_they_meet(
    migrations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(4)
    monkeypatch.setattr(template, "wait_for_turn", lambda _cursor: together.wait(30))
    with pytest.raises(DatabaseError):
        four_come()


def test_what_was_left_half_done_is_made_anew(
    migrations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = template.call_command

    def breaks_down(*words: str, **options: Any) -> None:
        whole(*words, **options)
        raise InterruptedError

    monkeypatch.setattr(template, "call_command", breaks_down)
    with pytest.raises(InterruptedError):
        template.template(VERSION)
    monkeypatch.setattr(template, "call_command", whole)
    assert template.template(VERSION) == NAME
    assert template.template(VERSION) == NAME
    assert migrations == [f"{NAME}_half"] * 2
    with connection._nodb_cursor() as cursor:
        assert not template.is_there(cursor, f"{NAME}_half")


def test_tests_go_on_with_their_own_database(migrations: list[str]) -> None:
    own = connection.settings_dict["NAME"]
    template.template(VERSION)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (own,)
    call_command("check")
