"""Lets the other containers reach a server that listens on its own 127.0.0.1 only.

    python -m sandbox.forward --listen 12111 --to 12110 -- COMMAND ...

starts the command and passes connections on to it; ends when the command ends. It listens on every
address, so it is for a container whose port is published on the host's 127.0.0.1 and no further.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

CHUNK_BYTES = 64 * 1024


async def forward(listen: int, to: int, command: list[str]) -> int:
    """Serve until the command ends or a signal comes; returns the command's status."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", to)
        except OSError:
            writer.close()  # the command does not listen yet
            return
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))

    process = await asyncio.create_subprocess_exec(*command)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, process.send_signal, number)
    async with await asyncio.start_server(connected, "0.0.0.0", listen):  # nosec B104
        return await process.wait()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction of a connection, until its sender is done."""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(ConnectionError):
        writer.close()


def main(words: list[str]) -> int:
    """Split our words from the command's, and serve."""
    cut = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(prog="python -m sandbox.forward")
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--to", type=int, required=True)
    options = parser.parse_args(words[:cut])
    return asyncio.run(forward(options.listen, options.to, words[cut + 1 :]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
