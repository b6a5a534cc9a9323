"""A real worker keeps its connection from task to task, and loses no task when it was cut."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from giftshop.celery import app
from sandbox.places import throwaway_folder
from sandbox.processes.guardian import Guardian
from tests.giftshop.backend_celery import NOTE
from tests.races.durable import DurablePostgres
from tests.server import ROOT, own_broker, stop, wait_for

TASKS = 1000
CONTROL_TASKS = 10


@pytest.fixture(scope="module")
def postgres() -> Iterator[DurablePostgres]:
    """One that may be crashed; all it needs is the table that a worker's heartbeat writes to."""
    folder, guardian = throwaway_folder(), Guardian()
    guardian.remove_later(folder)
    server = DurablePostgres(folder, guardian)
    with psycopg.connect(server.postgres.url) as plain:
        plain.execute(
            "CREATE TABLE outbox_worker (id uuid PRIMARY KEY, name text, started_at timestamptz,"
            " beat_at timestamptz)"
        )
    yield server
    server.postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)
    guardian.dismiss()


class Worker:
    """A worker with one process for tasks, and what each of them noted."""

    def __init__(self, which: str, postgres: DurablePostgres, notes: Path, broker: str) -> None:
        self.notes, self.broker = notes, broker
        self.process = subprocess.Popen(
            [
                *[sys.executable, "-m", "celery", "-A", f"tests.giftshop.backend_celery:{which}"],
                *["worker", "-c", "1", "--loglevel", "ERROR"],
                *["--without-gossip", "--without-mingle"],
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": postgres.postgres.url,
                "REDIS_URL": self.broker,
                "BACKENDS": str(notes),
                "LOG_LEVEL": "ERROR",
            },
            start_new_session=True,
        )

    def run(self, tasks: int = 1) -> list[str]:
        """Run so many; what they noted, each "backend statement_timeout lock_timeout"."""
        before = len(self.noted())
        url = self.broker.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        with app.connection_for_write(url) as broker:
            for _ in range(tasks):
                app.send_task(NOTE, connection=broker)
        wait_for(lambda: len(self.noted()) >= before + tasks, "a task was lost", self.process)
        return self.noted()[before:]

    def noted(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@contextmanager
def working(which: str, postgres: DurablePostgres, folder: Path) -> Iterator[Worker]:
    with own_broker() as broker:
        worker = Worker(which, postgres, folder / "backends", broker)
        try:
            yield worker
        finally:
            stop(worker.process)


def sessions(postgres: DurablePostgres) -> int:
    """How many were ever opened, this question's own among them."""
    with psycopg.connect(postgres.postgres.url) as plain:
        row = plain.execute(
            "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def backends(noted: list[str]) -> set[str]:
    return {line.split()[0] for line in noted}


def test_a_thousand_tasks_share_one_connection_and_survive_its_end(
    postgres: DurablePostgres, tmp_path: Path
) -> None:
    with working("kept", postgres, tmp_path) as worker:
        first = worker.run()
        before = sessions(postgres)
        assert set(worker.run(TASKS)) == set(first)  # the same backend, and its time-outs
        assert first[0].endswith(" 1min 3s")
        assert (
            sessions(postgres) - before < TASKS / 100
        )  # ours, counted when PostgreSQL comes to it

        [kept] = backends(first)
        with psycopg.connect(postgres.postgres.url) as plain:
            assert plain.execute("SELECT pg_terminate_backend(%s, 5000)", [kept]).fetchone() == (
                True,
            )
        assert kept not in backends(worker.run(20))  # none of them failed

        postgres.crash()  # while the worker is idle
        assert len(backends(worker.run(20))) == 1


@pytest.mark.stress
def test_the_control_with_celerys_own_fixup_opens_one_for_each_task(
    postgres: DurablePostgres, tmp_path: Path
) -> None:
    with working("closing", postgres, tmp_path) as worker:
        assert len(backends(worker.run(CONTROL_TASKS))) == CONTROL_TASKS
