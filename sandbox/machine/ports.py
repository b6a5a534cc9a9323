"""The demo's ports: the web server's is chosen, the others are remembered where they stay free."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from sandbox.environment import read_env, write_env
from sandbox.places import free_port

DEFAULT_PORT = 8000


class PortTakenError(RuntimeError):
    """The web server's port cannot be had."""


def web_port(environment: Mapping[str, str], address: str | None = None) -> int:
    """The port that PORT asks for, 8000 by default; raises PortTakenError with what to do. With an
    address it is to be free there too."""
    word = environment.get("PORT") or str(DEFAULT_PORT)
    if not word.isdigit() or not 0 < int(word) < 65536:
        raise PortTakenError(f"PORT={word} is no port number. Try: make demo PORT=8001")
    port = int(word)
    if is_free(port, address):
        return port
    near = range(port + 1, min(port + 50, 65536))
    other = next((each for each in near if is_free(each, address)), None)
    raise PortTakenError(
        f"Port {port} is taken by another program. Try: make demo PORT={other or free_port()}"
    )


def is_free(port: int, address: str | None = None) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now, and on that of the address."""
    for host in filter(None, ("127.0.0.1", address)):
        with socket.socket() as probe:
            # As servers do: a connection that was closed a moment ago does not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def remembered_port(memory: Path, name: str, address: str | None = None) -> int:
    """The port this part had last time if it is free, so that a bookmark goes on working."""
    ports = read_env(memory) if memory.exists() else {}
    last = int(ports.get(name, "0"))
    if last and is_free(last, address):
        return last
    port = free_port()
    while not is_free(port, address):
        port = free_port()
    write_env(memory, {**ports, name: str(port)})
    return port
