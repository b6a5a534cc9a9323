"""The demo's proxy: Caddy with the same file as under docker compose, in front of a unix socket."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path

from sandbox.demo.lan import Lan
from sandbox.places import CHECKOUT, fits_sockets, free_port, make_passage
from sandbox.servers.wheels import caddy_binary

SOCKET = "web.sock"


class Proxy:
    """Where the web server listens, so that only the proxy reaches it, and how the proxy is started."""

    def __init__(self, *, state: Path, sockets: Path, port: int, lan: Lan | None = None) -> None:
        self.port = port
        self.lan = lan
        self.state = state / "proxy"
        self.socket = sockets / SOCKET if fits_sockets(sockets) else None
        self.inner_port = 0 if self.socket else free_port()

    def web_options(self) -> list[str]:
        """What granian is told: our own socket, which other users cannot open, or a loopback port."""
        if self.socket:
            return ["--uds", str(self.socket), "--uds-permissions", "600"]
        return ["--host", "127.0.0.1", "--port", str(self.inner_port)]

    def clear_socket(self) -> None:
        """A web server that was killed leaves its socket behind, and the next one cannot take its place."""
        if self.socket:
            self.socket.unlink(missing_ok=True)

    def finds_web(self) -> bool:
        """Whether the web server answers, asked without the proxy, which would wait for it."""
        family = socket.AF_UNIX if self.socket else socket.AF_INET
        with socket.socket(family) as connection, contextlib.suppress(OSError):
            connection.settimeout(1)
            connection.connect(str(self.socket) if self.socket else ("127.0.0.1", self.inner_port))
            connection.sendall(
                b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            return connection.recv(64).startswith(b"HTTP/1.1 200")
        return False

    def listens(self) -> bool:
        """Whether the proxy itself is there."""
        with socket.socket() as connection:
            connection.settimeout(1)
            there = connection.connect_ex(("127.0.0.1", self.port)) == 0
        return there and (self.lan is None or self.lan.answers(self.state))

    def command(self) -> list[str]:
        """What starts the proxy."""
        make_passage(self.state)
        config = self.lan.caddyfile(self.state) if self.lan else CHECKOUT / "deploy" / "Caddyfile"
        return [str(caddy_binary()), "run", "--adapter", "caddyfile", "--config", str(config)]

    def environment(self) -> Mapping[str, str]:
        """The placeholders of the Caddyfile. Certificates and all that Caddy keeps stay in our state."""
        make_passage(self.state)
        alone = {
            "SITE_ADDRESS": f"http://:{self.port}",
            "SITE_OPTIONS": "",
            "PROXY_OPTIONS": "auto_https off\ndefault_bind 127.0.0.1",
        }
        return {
            **(self.lan.placeholders(self.state) if self.lan else alone),
            "UPSTREAM": f"unix/{self.socket}" if self.socket else f"127.0.0.1:{self.inner_port}",
            "PAGES": str(CHECKOUT / "deploy" / "pages"),
            "HOME": str(self.state),
            "XDG_DATA_HOME": str(self.state),
            "XDG_CONFIG_HOME": str(self.state),
        }
