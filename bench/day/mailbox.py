"""The mail server: a process of its own that takes every letter and notes when each came.

It prints `port N` when it listens, and appends `seconds Message-ID` to the file it was given.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

MESSAGE_ID = re.compile(rb"(?im)^message-id: *(<[^>]{1,200}>)")


class Mailbox:
    def __init__(self, notes: Path) -> None:
        self.notes = notes.open("a", buffering=1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        found = MESSAGE_ID.search(envelope.content)
        self.notes.write(f"{time.time():.3f} {found[1].decode() if found else '-'}\n")
        return "250 OK"


async def listen(notes: Path) -> None:
    mailbox = Mailbox(notes)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="localhost"), "127.0.0.1", 0)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen(Path(sys.argv[1])))
