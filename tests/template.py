"""One database is migrated for all workers; each begins with a copy of it.

Where PostgreSQL outlives the tests the template does, too, and serves until a migration changes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

LOCK = 0x7E57DB
"""Of PostgreSQL's advisory locks the one that the maker holds."""


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
            with connected_to(half):
                call_command("migrate", verbosity=0)
            cursor.execute(
                SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(half), Identifier(name))
            )
    return name


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
