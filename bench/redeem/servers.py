"""The stacks, each on the command line that the product is deployed with."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.processes.children import die_with_parent
from tests.server import ROOT, free_port, stop, wait_for

APPLICATIONS = {
    "product": "giftshop.wsgi:application",
    "floor": "bench.redeem.floor:application",
    "idiomatic": "bench.redeem.idiomatic:application",
}
DEPLOYED = f"granian:{os.environ.get('WEB_WORKERS') or 2}x4"
"""Server, workers, threads of each: what docker-compose.yml says."""


@dataclass(frozen=True)
class Server:
    stack: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait(self) -> None:
        """Until it answers. Raises when it does not in time, or ended."""
        try:
            wait_for(lambda: _listens(self.port), f"{self.stack} does not start", self.process)
        except AssertionError as failure:
            raise RuntimeError(f"{failure}; its log:\n{self.last_words()}") from None

    def last_words(self) -> str:
        """The end of what it logged, for when something went wrong."""
        return self.log.read_text(errors="replace")[-3000:]


@contextlib.contextmanager
def running(stack: str, url: str, logs: Path, server: str = DEPLOYED) -> Iterator[Server]:
    """A stack's server against that database, behind what looks like a TLS proxy. Starting: wait()."""
    port = free_port()
    written = logs / f"{stack}-{port}.log"
    with written.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command(server, port), APPLICATIONS[stack]],
            cwd=ROOT,
            env=environment(url),
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    try:
        yield Server(stack, port, process, written)
    finally:
        stop(process)


def environment(url: str) -> dict[str, str]:
    """As in production."""
    return {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "DATABASE_URL": url,
        "BASE_URL": "https://gifts.example.com",
        "TRUSTED_PROXY_COUNT": "1",
        "DEBUG": "0",
        "LOG_LEVEL": "INFO",
        "LOG_JSON": "1",
    }


def command(server: str, port: int) -> list[str]:
    """`granian:2x4` -> its words."""
    name, _colon, size = server.partition(":")
    workers, _x, threads = size.partition("x")
    if name == "gunicorn":
        return [
            *["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"],
            *["--workers", workers, "--threads", threads, "--keep-alive", "60"],
        ]
    return [
        *["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)],
        *["--no-ws", "--workers", workers, "--blocking-threads", threads],
    ]


def _listens(port: int) -> bool:
    """Whether a worker takes connections and answers."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: gifts.example.com\r\n\r\n")
        return line.recv(100).startswith(b"HTTP/1.1")
    return False
