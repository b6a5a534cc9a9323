"""A database cluster of the test's own, on a folder of its own, that may be killed.

It waits for the disk before it acknowledges (fsync on), unlike the one that tests share, which is never
touched. While it runs, this process and every server that it starts use it instead.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.core.management import call_command
from django.db import connection

from sandbox.machine.identity import server_identity
from sandbox.places import make_passage, state_folder, throwaway_folder
from sandbox.processes.guardian import Guardian
from sandbox.servers.postgres import Postgres
from sandbox.servers.wheels import postgres_binaries, postgres_major
from tests.server import environment, wait_for


class DurablePostgres:
    def __init__(self, folder: Path, guardian: Guardian) -> None:
        make_passage(folder / "run")
        self.guardian = guardian
        self.postgres = Postgres(
            folder,
            sockets=folder / "run",
            logs=folder,
            copies=state_folder() / "wheels",
            durable=True,
        )
        self.postgres.start(guardian)

    def crash(self) -> None:
        """SIGKILL to the postmaster and to all its processes at once; then start it again, which
        recovers from the log. Only ever ours: the folder is new and names the process we started."""
        child = self.postgres.child
        assert child is not None
        pid = child.process.pid
        told = (self.postgres.data / "postmaster.pid").read_text().splitlines()
        assert told[:2] == [str(pid), str(self.postgres.data)], "another server than ours"
        os.kill(pid, signal.SIGSTOP)  # it starts no further backend that would outlive it
        backends = children_of(pid)
        for process in (pid, *backends):
            os.kill(process, signal.SIGKILL)
        child.process.wait()
        wait_for(lambda: not any(map(is_alive, backends)), "a backend outlived its postmaster")
        self.postgres.start(self.guardian)
        connection.close()  # this process was cut off, too
        connection.close_pool()

    def setting(self, name: str) -> str:
        with psycopg.connect(self.postgres.url) as plain:
            row = plain.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row is not None
        return str(row[0])


def children_of(pid: int) -> list[int]:
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = (map(int, line.split()) for line in shown.splitlines())
    return [child for child, parent in pairs if parent == pid]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def durable_postgres() -> Iterator[DurablePostgres]:
    """Started, a copy of the one that tests share, and used by this process until the end."""
    folder = throwaway_folder()
    guardian = Guardian()
    guardian.remove_later(folder)
    server = DurablePostgres(folder, guardian)
    try:
        assert (server.setting("fsync"), server.setting("synchronous_commit")) == ("on", "on")
        copy(environment()["DATABASE_URL"], server.postgres)
        with using(server.postgres.url):
            call_command("migrate", verbosity=0)  # what there is, if it was not copied
            yield server
    finally:
        server.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
        guardian.dismiss()


def copy(url: str, to: Postgres) -> None:
    """Tables, triggers and what migrations wrote: a tenth of the work of migrating anew. A server that is
    newer than our own programs is not read by them."""
    if connection.pg_version // 10_000 > int(postgres_major()):
        return
    programs = postgres_binaries(server_identity(), to.copies)
    subprocess.run(
        [
            "/bin/sh",
            "-euc",
            'pg_dump "$FROM" > "$DUMP"; psql -1 -q -v ON_ERROR_STOP=1 -f "$DUMP" "$TO"',
        ],
        env={
            "PATH": str(programs),
            "FROM": url,
            "DUMP": str(to.data.parent / "dump"),
            "TO": to.url,
        },
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def using(url: str) -> Iterator[None]:
    """Another database for this process and what it starts."""
    kept, kept_url = dict(connection.settings_dict), os.environ["DATABASE_URL"]
    found = environ.Env.db_url_config(url)
    options = {name: value for name, value in kept["OPTIONS"].items() if name != "host"}
    try:
        _connect_to({**found, "OPTIONS": {**options, **found.get("OPTIONS", {})}}, url)
        yield
    finally:
        _connect_to(kept, kept_url)


def _connect_to(settings: dict[str, Any], url: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(settings)
    os.environ["DATABASE_URL"] = url
