"""An embedded Valkey: the broker that Celery speaks Redis to."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from sandbox.machine.identity import server_identity
from sandbox.places import fits_sockets, free_port, make_private
from sandbox.processes.children import Child
from sandbox.processes.guardian import Guardian
from sandbox.servers.wheels import valkey_binary


class Valkey:
    """One server. It never evicts: eviction would drop tasks without a word. A durable one writes
    what it holds to disk every second."""

    def __init__(self, state: Path, *, sockets: Path, logs: Path, copies: Path, durable: bool):
        self.data = state / "valkey"
        self.log = logs / "valkey.log"
        self.copies = copies
        self.durable = durable
        self.identity = server_identity()
        self.socket_folder = sockets / "valkey" if fits_sockets(sockets) else None
        # Port 0 tells Valkey not to listen on TCP at all.
        self.port = 0 if self.socket_folder else free_port()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """What the product's REDIS_URL says."""
        if self.socket_folder:
            return f"unix://{self.socket_folder}/valkey.sock?db=0"
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, guardian: Guardian) -> Child:
        """Start the server and wait until it answers."""
        self.prepare()
        child = self.launch(guardian)
        child.wait_until(self.is_ready)
        return child

    def prepare(self) -> None:
        """Make its folders."""
        valkey_binary(self.identity, self.copies)
        make_private(self.data, self.identity)
        if self.socket_folder:
            make_private(self.socket_folder, self.identity)

    def launch(self, guardian: Guardian) -> Child:
        """Start the prepared server; a socket that a killed one left is no hindrance to it."""
        binary = valkey_binary(self.identity, self.copies)
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.data)]
        if self.socket_folder:
            options += ["--unixsocket", f"{self.socket_folder}/valkey.sock"]
            options += ["--unixsocketperm", "700"]
        options += ["--maxmemory-policy", "noeviction", "--save", ""]
        options += ["--appendonly", "yes" if self.durable else "no", "--appendfsync", "everysec"]
        self.child = Child.start(
            "Valkey",
            [binary, *options],
            log=self.log,
            guardian=guardian,
            stop_signal=signal.SIGTERM,
            run_as=self.identity,
        )
        return self.child

    def stop(self) -> None:
        """Stop the server, if it was started."""
        if self.child:
            self.child.stop()

    def is_ready(self) -> bool:
        """Whether it answers."""
        family = socket.AF_UNIX if self.socket_folder else socket.AF_INET
        with socket.socket(family) as connection:
            connection.settimeout(1)
            try:
                if self.socket_folder:
                    connection.connect(f"{self.socket_folder}/valkey.sock")
                else:
                    connection.connect(("127.0.0.1", self.port))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
