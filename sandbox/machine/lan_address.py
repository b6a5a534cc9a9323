"""This machine's address in the local network, for `make demo LAN=1`.

Standard library only: asked before anything is installed.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from ipaddress import AddressValueError, IPv4Address

# For documentation only (RFC 5737): the way there is the default route, and nothing is sent.
FAR_AWAY = "203.0.113.1"
SIOCGIFADDR = 0x8915
REMEDY = "Name one of this machine's: make demo LAN=192.168.1.20"


class LanAddressError(RuntimeError):
    """There is no such address; says what to do."""


def lan_address(word: str | None) -> str | None:
    """The address that LAN asks for: None for nothing asked, `yes` or `1` for the one that this machine
    speaks from, else itself if it is this machine's. IPv4; raises LanAddressError."""
    if not word or word in ("0", "no"):
        return None
    if word not in ("1", "yes"):
        return _named(word)
    found = (each for each in (source_towards(FAR_AWAY), *of_interfaces()) if is_local(each))
    if address := next(found, None):
        return address
    raise LanAddressError(f"This machine has no address in a local network. {REMEDY}")


def _named(word: str) -> str:
    try:
        address = str(IPv4Address(word))
    except AddressValueError:
        raise LanAddressError(f"LAN={word} is no IPv4 address. {REMEDY}") from None
    if source_towards(address) != address:
        raise LanAddressError(f"LAN={address} is no address of this machine. {REMEDY}")
    if not is_local(address):
        raise LanAddressError(
            f"LAN={address} is no address of a local network: "
            f"the demo's passwords are known to everybody. {REMEDY}"
        )
    return address


def is_local(address: str) -> bool:
    """Whether others in a local network reach it, and nobody else."""
    known = IPv4Address(address or "127.0.0.1")
    return not (known.is_global or known.is_loopback or known.is_unspecified or known.is_multicast)


def source_towards(address: str) -> str:
    """Where packets to that address would come from; empty if there is no way. An address of this
    machine is its own source. Connecting by UDP chooses a route and sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect((address, 9))
        source: str = probe.getsockname()[0]
        return source
    return ""


def of_interfaces() -> list[str]:
    """The first address of each network interface, where the system tells (Linux)."""
    if sys.platform != "linux":
        return []
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _number, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # this interface has no address
                asked = struct.pack("256s", name.encode())
                told = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, asked)
                found.append(socket.inet_ntoa(told[20:24]))
    return found
