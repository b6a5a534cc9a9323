"""One database is migrated for all workers, while they load the tests; each begins with a copy of it.

Where PostgreSQL outlives the tests the template does, too, and serves until a migration changes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import django
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Field
from psycopg.sql import SQL, Identifier
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

LOCK = 0x7E57DB
"""Of PostgreSQL's advisory locks the one that the maker holds."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Whoever shares out the tests has nothing to do until all workers have loaded them."""
    config = session.config
    is_worker = hasattr(config, "workerinput")
    if config.getoption("numprocesses", None) and not is_worker and not config.option.collectonly:
        # tests/conftest.py waits for the tests to be loaded, which nobody does here. All models are made anew
        # some hundred times: to look for garbage in them as often as Python would was a third of it.
        gc.freeze()
        gc.enable()
        gc.set_threshold(10_000, 20, 50)
        Thread(target=make_ahead, args=[config.stash[blocking_manager_key]], daemon=True).start()


def make_ahead(database: DjangoDbBlocker) -> None:
    """For the first worker who asks; if it fails he makes it himself, and is told why he can't."""
    with database.unblock():
        try:
            template(digest())
        finally:
            connection.close()
            connection.close_pool()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """pytest-django asks for this before it makes a worker's database, which so becomes a copy."""
    with django_db_blocker.unblock():
        made = template(digest())
    connection.settings_dict["TEST"].update(TEMPLATE=made, MIGRATE=False)


def digest() -> str:
    """Of everything that is migrated: another one asks for another template."""
    told = sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            told.update(f"{app.label}/{file.name}\0".encode() + file.read_bytes())
    return told.hexdigest()[:16]


def template(version: str) -> str:
    """The name of the migrated database. Whoever comes first makes it, the others wait.

    It has its name only when it is whole: what somebody left who was killed meanwhile is made anew.
    """
    name = f"giftshop_template_{version}"
    with connection._nodb_cursor() as cursor:
        wait_for_turn(cursor)
        if not is_there(cursor, name):
            half = f"{name}_half"
            cursor.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(half)))
            cursor.execute(SQL("CREATE DATABASE {}").format(Identifier(half)))
            with connected_to(half), fields_copied_cheaply():
                call_command("migrate", verbosity=0)
            cursor.execute(
                SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(half), Identifier(name))
            )
    return name


@contextmanager
def fields_copied_cheaply() -> Iterator[None]:
    """Each migration makes its models anew, and for that each field of theirs by all its arguments, which is
    half of the time that all migrations take. A copy says the same (test_template.py). A list of others is
    made anew all the same: it tells them whose they are."""
    anew = Field.clone

    def clone(field: Any) -> Any:
        return anew(field) if hasattr(field, "base_field") else deepcopy(field)

    with patch.object(Field, "clone", clone):
        yield


def wait_for_turn(cursor: Any) -> None:
    """One maker at a time, until his connection ends."""
    cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])


def is_there(cursor: Any, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """Another database for this process, which holds no connection to it afterwards."""
    kept = connection.settings_dict["NAME"]
    try:
        _turn_to(database)
        yield
    finally:
        _turn_to(kept)


def _turn_to(database: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = database
