"""What every test stands on: no network but loopback, rows that can be cleared, and the cast."""

import gc
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.template.base import Template
from django.test.utils import instrumented_test_render, override_settings
from django.utils import translation
from django_scopes import scopes_disabled
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg.sql import SQL, Identifier, Literal

from tests.hashes import hashing_as_deployed, hashing_cheaply

pytest_plugins = [
    "tests.browsers",
    "tests.cast",
    "tests.figures",
    "tests.release",
    "tests.schedule",
    "tests.seconds",
    "tests.template",
]

# How long an example takes is said by whatever else the machine does.
hypothesis_settings.register_profile(
    "giftshop", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("giftshop")

_connect = socket.socket.connect


gc.disable()


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end. Looking for garbage in all of it, again and again, was a fifth
    of what the tests of pages took, and of what each worker takes to load them; in what tests
    make it was a twentieth, every ten thousand objects."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 100)


class NetworkRefused(Exception):
    """A test tried to leave this machine."""


def connect_here_only(self: socket.socket, address: Any) -> None:
    if self.family in {socket.AF_INET, socket.AF_INET6}:
        host = address[0]
        if host != "localhost" and not ip_address(host).is_loopback:
            raise NetworkRefused(host)
    _connect(self, address)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here_only)
        yield


@pytest.fixture(scope="session", autouse=True)
def open_to_new_owners(django_test_environment: None) -> Iterator[None]:
    """Off unless it is asked for; here its pages shall be walked like all others."""
    with override_settings(SELF_SERVICE=True):
        yield


KEPT = {"django_content_type", "auth_permission"}
"""What migrations wrote, the same for every test."""

MANY = 1000


def clear(self: flush.Command, **options: Any) -> None:
    """What Django does after a transactional test, a tenth of the work: few tables hold anything then.

    The database refuses to lose facts, here too. Only for this it is told, as superuser, to leave its
    triggers aside.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            large = [table for table in filled_tables(cursor) if delete_all(cursor, table) > MANY]
        finally:
            cursor.execute("SET session_replication_role = origin")
        for table in large:  # so that the next test does not wade through what is gone
            cursor.execute(SQL("VACUUM {}").format(Identifier(table)))


def filled_tables(cursor: Any) -> list[str]:
    tables = set(connection.introspection.django_table_names(include_views=False)) - KEPT
    look = SQL("(SELECT {} FROM {} LIMIT 1)")
    looks = [look.format(Literal(table), Identifier(table)) for table in sorted(tables)]
    cursor.execute(SQL(" UNION ALL ").join(looks))
    return [table for (table,) in cursor.fetchall()]


def delete_all(cursor: Any, table: str) -> int:
    cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
    return int(cursor.rowcount)


pytest.MonkeyPatch().setattr(flush.Command, "handle", clear)


@pytest.fixture(scope="session", autouse=True)
def static_files_as_they_are(django_test_environment: None) -> Iterator[None]:
    """No manifest: pages under test need no collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_hashers() -> Iterator[None]:
    """For the PINs and passwords of the cast; servers that a test starts hash as deployed."""
    with hashing_cheaply():
        yield


def render(self: Template, context: Any) -> Any:
    """What Django's test client hears of, as `answer.context`, is the page alone: to be told of each part
    that is put into it was a twentieth of what tests of pages took."""
    if context.template is self:
        return instrumented_test_render(self, context)  # type: ignore[arg-type]
    return self.nodelist.render(context)


@pytest.fixture(scope="session", autouse=True)
def only_pages_are_told(django_test_environment: None) -> None:
    Template._render = render  # type: ignore[attr-defined]


@pytest.fixture
def deployed_hashers(cheap_hashers: None) -> Iterator[None]:
    """For tests of hashing itself: what is set from here on is kept as the product keeps it."""
    with hashing_as_deployed():
        yield


@pytest.fixture(autouse=True)
def language_of_nobody() -> Iterator[None]:
    """A request in German leaves its thread in German until the next one, which may be no request."""
    yield
    translation.deactivate()


@pytest.fixture
def every_brand() -> Iterator[None]:
    """For looking at rows of all brands at once."""
    with scopes_disabled():
        yield
