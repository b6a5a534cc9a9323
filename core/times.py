"""A moment as a program is told it."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """As RFC 3339 writes it: in UTC, to the second, with a Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
