"""The world of the walks over all pages: two brands with all their people."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from giftshop.http import errors
from redemption.till import session
from tests.access.test_matrix import Refusals, World
from tests.messages import account


@contextmanager
def built(database: Any) -> Iterator[World]:
    """In a transaction that is taken back."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        database.unblock(),
        override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}, TWILIO=account()),
        patch.object(session, "IDLE", timedelta(hours=1)),  # a slow run signs nobody out
    ):
        logging.disable(logging.INFO)
        around = transaction.atomic()
        around._from_testcase = True  # as Django's own TestCase: durable acts may run inside
        around.__enter__()
        try:
            made = World()
            connection.check_constraints()  # now, or at the end of each test anew
            yield made
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
            connection.close()
            logging.disable(logging.NOTSET)


_kept: list[tuple[World, ExitStack]] = []
"""At most one."""


def end() -> None:
    while _kept:
        _kept.pop()[1].close()


@pytest.fixture(scope="session")
def as_built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], World]]:
    """Built once for all files in a row that ask for it; it ends before a test of any other kind begins."""

    def ask() -> World:
        if not _kept:
            stack = ExitStack()
            _kept.append((stack.enter_context(built(django_db_blocker)), stack))
        return deepcopy(_kept[0][0])

    yield ask
    end()


@pytest.fixture(scope="module")
def world(as_built: Callable[[], World]) -> Iterator[World]:
    """What tests of a file change in its rows, its people and their browsers ends with them; whatever a
    request changes is taken back after it."""
    made = as_built()
    mark = transaction.savepoint()
    with patch.object(errors, "render_to_string", Refusals()):
        yield made
    transaction.set_rollback(False)
    try:
        transaction.savepoint_rollback(mark)
    except (
        DatabaseError
    ):  # PostgreSQL ends who does nothing amid a transaction, as while a browser looks
        end()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """No other test may find its rows."""
    goes_on = nextitem is not None and (
        nextitem.path == item.path or "world" in getattr(nextitem, "fixturenames", ())
    )
    if not goes_on:
        end()
