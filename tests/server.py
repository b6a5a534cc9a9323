"""The product as deployed, on a free port, against the test's own database."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 5


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    """Below the range the system takes its own from, so that nobody is given it meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(**more: str) -> dict[str, str]:
    """This process's, with the database the tests use."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    told = {"DATABASE_URL": database, "LOG_LEVEL": "ERROR", "REFUSALS_PER_MINUTE": "1000000"}
    return {**os.environ, **told, **more}


@contextlib.contextmanager
def own_broker() -> Iterator[str]:
    """The address of a database of the broker that no other test uses meanwhile; it begins empty."""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    address = os.environ["REDIS_URL"].split("?")[0].removesuffix("/0")
    url = f"{address}?db={number}" if address.startswith("unix:") else f"{address}/{number}"
    with redis.Redis.from_url(url) as broker:
        broker.flushdb()
        yield url
        broker.flushdb()


@contextlib.contextmanager
def running(
    *,
    wsgi: str = "giftshop.wsgi:application",
    threads: int = 16,
    options: Sequence[str] = (),
    **env: str,
) -> Iterator[Server]:
    """Granian with two workers, as the demo and the image start it; stopped at the end."""
    server = start(wsgi=wsgi, threads=threads, options=options, **env)
    try:
        yield server
    finally:
        stop(server.process)


def start(
    *,
    wsgi: str = "giftshop.wsgi:application",
    threads: int = 16,
    options: Sequence[str] = (),
    **env: str,
) -> Server:
    """The same, once it answers; in a process group of its own, for the caller to stop."""
    port = free_port()
    process = subprocess.Popen(
        command(port, wsgi=wsgi, threads=threads, options=options),
        cwd=ROOT,
        env=settings(port, threads=threads, **env),
        start_new_session=True,
    )
    try:
        wait_for(lambda: answers(port), f"no server on port {port}", process)
    except BaseException:
        stop(process, signal.SIGKILL)
        raise
    return Server(port, process)


def command(
    port: int,
    *,
    wsgi: str = "giftshop.wsgi:application",
    threads: int = 16,
    options: Sequence[str] = (),
) -> list[str]:
    """Granian with two workers that replaces one which died, on a port of the caller's."""
    return [
        *[sys.executable, "-m", "granian", "--interface", "wsgi", wsgi],
        *["--host", "127.0.0.1", "--port", str(port)],
        *["--workers", "2", "--blocking-threads", str(threads), "--no-ws"],
        *["--respawn-failed-workers", *options],
    ]


def settings(port: int, *, threads: int = 16, **env: str) -> dict[str, str]:
    """What such a server is told."""
    own = {"DATABASE_POOL_SIZE": str(threads), "BASE_URL": f"http://127.0.0.1:{port}"}
    return environment(**{**own, **env})


@contextlib.contextmanager
def plain(wsgi: str, *, port: int, threads: int) -> Iterator[subprocess.Popen[bytes]]:
    """One worker of granian with nothing before it, for controls."""
    process = subprocess.Popen(
        [
            *[sys.executable, "-m", "granian", "--interface", "wsgi", wsgi, "--no-ws"],
            *["--port", str(port), "--workers", "1", "--blocking-threads", str(threads)],
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        wait_for(lambda: answers(port), f"no server on port {port}", process)
        yield process
    finally:
        stop(process, signal.SIGKILL)


def answers(port: int) -> bool:
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection_.request("GET", "/healthz")
        return connection_.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection_.close()


def wait_for(
    holds: object,
    otherwise: str,
    process: subprocess.Popen[bytes] | None = None,
    seconds: float = START_SECONDS,
) -> None:
    """Poll until it holds; fail with `otherwise` when it does not in time or the process ends."""
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"{otherwise}: the process ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise AssertionError(otherwise)
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """Stop a process group that we started; one that does not listen, as a worker of granian that is
    still starting, is killed."""
    if process.poll() is None:
        os.killpg(process.pid, how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
