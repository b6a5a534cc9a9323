"""An embedded PostgreSQL: made on the first start, kept or thrown away as its owner likes."""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from sandbox.machine.identity import server_identity
from sandbox.places import PASSAGE, fits_sockets, free_port, make_private
from sandbox.processes.children import Child, ChildError
from sandbox.processes.guardian import Guardian
from sandbox.servers.wheels import postgres_binaries, postgres_major

ROLE = "giftshop"
DATABASE = "giftshop"
PREDECESSOR_SECONDS = 10.0
ORPHANS_SECONDS = 5.0

EVERYWHERE = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
    "log_error_verbosity": "terse",  # without the rows that were refused: they hold names and addresses
}
# A commit still waits for the operating system, so what was acknowledged survives a killed server;
# only a power cut could lose it, and the data of a test is thrown away anyway.
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "5min",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class Postgres:
    """One server. `state` holds its data; `sockets` the folder for its unix socket, which must be
    short; without room for a socket it listens on a free port of 127.0.0.1."""

    def __init__(self, state: Path, *, sockets: Path, logs: Path, copies: Path, durable: bool):
        self.data = data_folder(state)
        self.log = logs / "postgres.log"
        self.copies = copies
        self.durable = durable
        self.identity = server_identity()
        self.socket_folder = sockets / "postgres" if fits_sockets(sockets) else None
        # With a socket the number is only part of its name.
        self.port = 5432 if self.socket_folder else free_port()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """What the product's DATABASE_URL says."""
        if self.socket_folder:
            host = quote(str(self.socket_folder), safe="/")
            return f"postgresql://{ROLE}@/{DATABASE}?host={host}"
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self, guardian: Guardian) -> Child:
        """Make the database if there is none, start the server and wait until it takes clients."""
        self.prepare()
        child = self.launch(guardian)
        child.wait_until(self.is_ready)
        return child

    def prepare(self) -> None:
        """Make the database if there is none, and let a server that is still stopping stop."""
        binaries = postgres_binaries(self.identity, self.copies)
        if self.socket_folder:
            make_private(self.socket_folder, self.identity)
        if not self.data.exists():
            self._initialise(binaries)
        self._wait_for_predecessor()

    def launch(self, guardian: Guardian) -> Child:
        """Start the prepared server, also right after it was killed: it then repairs its data."""
        end_orphans(self.data)
        settings = {
            "listen_addresses": "" if self.socket_folder else "127.0.0.1",
            "unix_socket_directories": str(self.socket_folder or ""),
            "port": str(self.port),
            **EVERYWHERE,
            **(DURABLE if self.durable else THROWAWAY),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        binaries = postgres_binaries(self.identity, self.copies)
        self.child = Child.start(
            "PostgreSQL",
            [binaries / "postgres", "-D", self.data, *options],
            log=self.log,
            guardian=guardian,
            # PostgreSQL's fast shutdown: clients are cut off, the data is left clean.
            stop_signal=signal.SIGINT,
            run_as=self.identity,
        )
        return self.child

    def stop(self) -> None:
        """Stop the server, if it was started."""
        if self.child:
            self.child.stop()

    def _initialise(self, binaries: Path) -> None:
        """initdb, then our database through single-user mode, so that no driver is needed. Built
        under another name and renamed when whole: an interrupted first run is made again."""
        building = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(building, ignore_errors=True)
        building.parent.mkdir(mode=PASSAGE, parents=True, exist_ok=True)
        make_private(building, self.identity)
        initdb: list[str | Path] = [
            binaries / "initdb",
            f"--pgdata={building}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8" if _has_c_utf8() else "--locale=C",
            "--no-sync",
            "--no-instructions",
        ]
        self._run(initdb)
        single: list[str | Path] = [binaries / "postgres", "--single", "-D", building, "postgres"]
        self._run(single, f"CREATE DATABASE {DATABASE}\n")
        building.rename(self.data)

    def _run(self, command: Sequence[str | Path], text: str = "") -> None:
        with self.log.open("ab") as log:
            words = [*self.identity.named(), *map(str, command)]
            done = subprocess.run(
                words,
                input=text.encode(),
                stdout=log,
                stderr=log,
                cwd="/",
                **self.identity.popen_options(),
            )
        if done.returncode:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            program = Path(command[0]).name
            raise ChildError(f"{program} failed. The last lines of {self.log}:\n{tail}")

    def _wait_for_predecessor(self) -> None:
        """A server whose parent was killed a moment ago needs about a second to shut down."""
        deadline = time.monotonic() + PREDECESSOR_SECONDS
        while time.monotonic() < deadline and self._predecessor_runs():
            time.sleep(0.05)

    def _predecessor_runs(self) -> bool:
        try:
            first_line = (self.data / "postmaster.pid").read_text().splitlines()[0]
        except (FileNotFoundError, IndexError):
            return False
        # A file left by a server that was killed names a process that is gone.
        return _is_alive(int(first_line))

    def is_ready(self) -> bool:
        """postmaster.pid: line 1 is the pid (an old file has another), line 8 the state."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        pid = self.child.process.pid if self.child else None
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def data_folder(state: Path) -> Path:
    """Where the data of this major version lies: another one could not read it."""
    return state / f"postgres-{postgres_major()}"


def end_orphans(data: Path) -> None:
    """End the backends that outlived a killed postmaster: they are in groups of their own, and keep the
    memory that the next one needs. A busy one would go on until its statement ends. They are found by
    the folder they work in, which /proc alone can tell; elsewhere a start is tried until they are gone."""
    deadline = time.monotonic() + ORPHANS_SECONDS
    while (orphans := _working_in(data)) and time.monotonic() < deadline:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _working_in(data: Path) -> list[int]:
    """PostgreSQL's processes on this data, but for a postmaster, which shows its command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes()
            if words.startswith(b"postgres: ") and (folder / "cwd").readlink() == data:
                found.append(int(folder.name))
    return found


def _has_c_utf8() -> bool:
    """PostgreSQL asks the system for its locales; not every system has C.UTF-8."""
    current = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, current)
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
