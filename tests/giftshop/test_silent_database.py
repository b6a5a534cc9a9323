"""PostgreSQL takes connections and answers nothing: whoever asks is sent away in time, and served after."""

import http.client
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from brands.models import Brand
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.races.gifts import issue
from tests.races.proxies import wire
from tests.races.tills import LOOKUPS, Till
from tests.server import Server, running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4
PATIENCE_SECONDS = 6.0
"""Of a statement that was sent: PostgreSQL's own limit, here 1 s, and 5 s more (settings.DATABASES)."""
WAIT_SECONDS = 3.0
"""For a connection."""
SLACK = 3.0


def get(server: Server, path: str) -> tuple[int, float]:
    """Its status, and after how many seconds it came."""
    started = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as line:
        line.request("GET", path)
        return line.getresponse().status, time.monotonic() - started


def test_everybody_is_answered_in_time_and_served_once_it_is_back(
    till_system: PairedDevice, brand: Brand
) -> None:
    folder = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query).get("host", [""])[0]
    if not folder:
        pytest.skip("the database has no unix socket here")
    code = symbols(issue(brand, 1)[0])

    def look_up(server: Server) -> tuple[int, float]:
        started = time.monotonic()
        with closing(Till(server, till_system.token, 30)) as till:
            reply = till.ask(LOOKUPS, {"code": code})
        return reply.status, time.monotonic() - started

    with (
        wire(f"{folder}/.s.PGSQL.5432") as line,
        running(
            threads=THREADS,
            options=["--workers", "1"],
            DATABASE_URL=(
                f"postgresql://giftshop@127.0.0.1:{line.port}/{connection.settings_dict['NAME']}"
                "?sslmode=disable"
            ),
            DATABASE_STATEMENT_TIMEOUT_SECONDS="1",
            LOG_LEVEL="CRITICAL",
        ) as server,
        ThreadPoolExecutor(THREADS) as callers,
    ):
        assert look_up(server)[0] == 200
        assert get(server, "/readyz")[0] == 200

        line.arm("to", 0, swallow=True)
        tills = [callers.submit(look_up, server) for _ in range(THREADS - 1)]
        assert get(server, "/healthz") < (200, 1.0)
        status, seconds = get(server, "/readyz")
        assert status == 503
        assert seconds < 2.0 + SLACK
        for till in tills:
            status, seconds = till.result()
            assert status == 503
            assert seconds < PATIENCE_SECONDS + WAIT_SECONDS + SLACK

        assert line.mend()
        wait_for(lambda: look_up(server)[0] == 200, "tills are not served again", seconds=10)
        wait_for(lambda: get(server, "/readyz")[0] == 200, "it is not ready again", seconds=10)
