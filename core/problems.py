"""What a program is told of an error."""

from typing import Any


def problem(*, status: int, reason: str, detail: str, **more: Any) -> dict[str, Any]:
    """The body of an error (RFC 9457). `reason` is for programs, `detail` for people."""
    return {
        "type": "about:blank",
        "title": reason.replace("_", " ").capitalize(),
        "status": status,
        "reason": reason,
        "detail": detail,
        **more,
    }
