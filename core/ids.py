"""Identifiers (RFC 9562). Public ones are UUIDs of version 7: they sort by time and reveal no sequence."""

import hashlib
import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def uuid8(content: bytes) -> uuid.UUID:
    """The same for the same content, another for any other: 122 bits of its SHA-256 (5.8 and B.2)."""
    value = int.from_bytes(hashlib.sha256(content).digest()[:16], "big")
    value = value & ~(0xF << 76) | (0x8 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def uuid7_many(count: int) -> list[bytes]:
    """As many ids as 16 bytes each, in ascending order, also from call to call.

    An index takes ascending keys at its end. The twelve bits after the version count up within a
    millisecond (RFC 9562, 6.2, method 1), 62 bits stay random.
    """
    global _last_milliseconds
    ids: list[bytes] = []
    while len(ids) < count:
        _last_milliseconds = max(time.time_ns() // 1_000_000, _last_milliseconds + 1)
        head = _last_milliseconds.to_bytes(6, "big")
        here = min(count - len(ids), len(_COUNTERS))
        tails = os.urandom(8 * here)
        ids += [
            b"%b%b%c%b" % (head, counter, 0x80 | tails[at] & 0x3F, tails[at + 1 : at + 8])
            for counter, at in zip(_COUNTERS, range(0, 8 * here, 8), strict=False)
        ]
    return ids


_COUNTERS = [(0x7000 | number).to_bytes(2, "big") for number in range(4096)]
_last_milliseconds = 0
