"""The whole product as `make demo` opens it, once for all journeys."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Browser

from bench.redeem import databases
from giftshop.outbox.outbox import Queue, heard_in
from sandbox.demo.freshness import digest
from sandbox.environment import inherited
from sandbox.places import throwaway_folder
from tests.browsers import chromium
from tests.camera import FakeCamera
from tests.journeys.browsers import SCREENS
from tests.sandbox.demos import Demo, copy_product
from tests.server import wait_for

OPENING_SECONDS = 420
WEEKS = "8" if SCREENS else "1"
"""A picture of the dashboard shows the whole history; a test needs little of it."""
UNCOUNTED = """
SELECT count(*) FROM outbox_message
WHERE done_at IS NULL AND (subscriber = ANY(%s) OR (subscriber = '' AND topic = ANY(%s)))
"""


@dataclass(frozen=True)
class Services:
    """The running demo, what it told on its screen, and what it logged."""

    said: str
    logs: Path
    database: str

    def one(self, pattern: str) -> str:
        found = re.search(pattern, self.said)
        assert found, f"{pattern} was not printed:\n{self.said}"
        return found[1] if found.groups() else found[0]

    @property
    def url(self) -> str:
        return self.one(r"(http://127\.0\.0\.1:\d+)/shop/")

    @property
    def tray(self) -> str:
        return self.one(r"Mail tray +(http://127\.0\.0\.1:\d+)")

    def manage(self, *words: str) -> str:
        """What a command prints to whoever sits at the server."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.logs.parent.parent,
            env=inherited(os.environ),  # the demo's own settings, and not those of our tests
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    def wait_until_counted(self) -> None:
        """Until the figures know all that happened before; what is counted then is a test's own. Asked of the
        database: a command, or a page that shows the figures, takes a hundred times as much."""
        names, topics = (list(map(str, each)) for each in heard_in(Queue.FACTS))
        with psycopg.connect(self.database, autocommit=True) as asking:
            wait_for(
                lambda: asking.execute(UNCOUNTED, [names, topics]).fetchone() == (0,),
                "the figures don't follow",
            )


@pytest.fixture(scope="session")
def services(django_db_setup: None, collected: Path) -> Iterator[Services]:
    """A demo of a copy of this checkout, so that one that is open here is left alone. Its database is a copy
    of what all tests begin with, and its static files are theirs; seeded and served it is for real."""
    folder = throwaway_folder()
    copy_product(folder)
    shutil.copytree(collected, folder / ".local" / "static")
    (folder / ".local" / "static.stamp").write_text(digest(folder))
    with databases.databases("journeys") as [url]:
        databases.create(url, template=connection.settings_dict["TEST"]["TEMPLATE"])
        demo = Demo(folder, "--external=yes", "--weeks", WEEKS, DATABASE_URL=url)
        try:
            demo.wait_until_open(seconds=OPENING_SECONDS)
            yield Services(demo.said, folder / ".local" / "logs", url)
        finally:
            demo.stop()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """The demo ends with its journeys. To the end of all tests its idle workers, and beat that wakes them,
    would take as much as the journeys themselves."""
    if nextitem is None or nextitem.path.parent != item.path.parent:
        for fixture in item._fixtureinfo.name2fixturedefs["services"]:
            fixture.finish(item._request)


@pytest.fixture
def browser(camera: FakeCamera) -> Iterator[Browser]:
    with chromium(camera) as opened:
        yield opened
