"""A wire between the product and its database that fails on command."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from tests.server import free_port

Way = Literal["to", "from"]


@dataclass
class Wire:
    """Passes bytes on until it is armed. Then, when so many packets more have passed in one direction,
    it either cuts every connection or swallows everything, until it is mended."""

    path: str
    port: int = field(default_factory=free_port)
    way: Way = "from"
    left: int | None = None
    """Packets that still pass in that direction; None: not armed."""
    swallow: bool = False
    broken: bool = False
    pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, way: Way, after: int, *, swallow: bool = False) -> None:
        with self.lock:
            self.way, self.left, self.swallow = way, after, swallow

    def mend(self) -> bool:
        """Everything passes again, over new connections; whether it had broken."""
        with self.lock:
            broken, self.broken, self.left = self.broken, False, None
        if broken:
            self._cut()
        return broken

    def _cut(self) -> None:
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _passes(self, way: Way) -> bool:
        with self.lock:
            if self.broken:
                return False
            if self.left is None or way != self.way:
                return True
            self.left -= 1
            if self.left >= 0:
                return True
            self.broken = True
        if not self.swallow:
            self._cut()
        return False

    def pump(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65_536):
                if self._passes(way):
                    target.sendall(piece)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.path)
                self.pairs.append((client, server))
                for source, target, way in ((client, server, "to"), (server, client, "from")):
                    threading.Thread(
                        target=self.pump, args=(source, target, way), daemon=True
                    ).start()


@contextmanager
def wire(path: str) -> Iterator[Wire]:
    """Listens on 127.0.0.1 and passes on to a unix socket."""
    line = Wire(path)
    listener = socket.create_server(("127.0.0.1", line.port))
    accepting = threading.Thread(target=line.serve, args=(listener,), daemon=True)
    accepting.start()
    try:
        yield line
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        line._cut()
        accepting.join(5)
        for pair in line.pairs:
            for end in pair:
                end.close()
