"""A mail server that does nothing but take: a process of its own, so that neither side waits for the other's
Python.

It prints `port N` when it listens, and appends each mail to the file it was given: its bytes' number on a
line, then the bytes as they came.
"""

import asyncio
import sys
from pathlib import Path
from typing import BinaryIO

END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection. Knows what smtplib says, and no more."""

    def __init__(self, kept: BinaryIO) -> None:
        self.kept = kept
        self.buffer = bytearray()
        self.is_in_mail = self.is_over = False
        self.looked = 0
        self.answers = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # nosec B101
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._take_mail() if self.is_in_mail else self._take_line():
            pass
        if self.answers:
            self.transport.write(self.answers)
            self.answers = b""
        if self.is_over:
            self.transport.close()

    def _take_line(self) -> bool:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        word = bytes(self.buffer[:4]).upper()
        del self.buffer[: end + 2]
        if word == b"DATA":
            self.is_in_mail, self.looked = True, 0
            self.answers += b"354 go on\r\n"
        elif word == b"EHLO":
            self.answers += b"250-sink\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n"
        elif word == b"QUIT":
            self.answers += b"221 bye\r\n"
            self.is_over = True
        else:
            self.answers += b"250 OK\r\n"
        return True

    def _take_mail(self) -> bool:
        end = self.buffer.find(END, max(0, self.looked - len(END)))
        if end < 0:
            self.looked = len(self.buffer)
            return False
        mail = bytes(self.buffer[: end + 2])
        del self.buffer[: end + len(END)]
        self.kept.write(b"%d\n" % len(mail) + mail)
        self.kept.flush()
        self.is_in_mail = False
        self.answers += b"250 OK\r\n"
        return True


async def listen(path: Path) -> None:
    """Until the process is ended."""
    with path.open("ab") as kept:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Sink(kept), "127.0.0.1", 0)
        print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


def mails_in(path: Path) -> list[bytes]:
    """What was taken, dots at the beginning of lines still doubled."""
    mails, kept, at = [], path.read_bytes(), 0
    while at < len(kept):
        begins = kept.index(b"\n", at) + 1
        at, length = begins, int(kept[at:begins])
        mails.append(kept[begins : begins + length])
        at += length
    return mails


if __name__ == "__main__":
    asyncio.run(listen(Path(sys.argv[1])))
