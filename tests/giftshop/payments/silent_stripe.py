"""A Stripe that takes a request and then hangs, or answers one byte at a time for ever."""

import contextlib
import socket
import threading
from collections.abc import Iterator

DRIBBLE_SECONDS = 0.2


class SilentStripe:
    def __init__(self, *, dribbles: bool) -> None:
        self.dribbles = dribbles
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.over = threading.Event()
        self.open: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self.open.append(connection)
                if self.dribbles:
                    threading.Thread(target=self.dribble, args=(connection,), daemon=True).start()

    def dribble(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
            while not self.over.wait(DRIBBLE_SECONDS):
                connection.sendall(b" ")


@contextlib.contextmanager
def silent_stripe(*, dribbles: bool = False) -> Iterator[SilentStripe]:
    stripe = SilentStripe(dribbles=dribbles)
    accepting = threading.Thread(target=stripe.serve, daemon=True)
    accepting.start()
    try:
        yield stripe
    finally:
        stripe.over.set()
        with contextlib.suppress(OSError):
            stripe.listener.shutdown(socket.SHUT_RDWR)
        stripe.listener.close()
        accepting.join(5)
        for connection in stripe.open:
            connection.close()
