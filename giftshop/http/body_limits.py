"""How large a body each door takes: one table, and the proxy in front holds the same (deploy/Caddyfile)."""

BODY_LIMITS = (
    ("/webhooks/stripe/", 1_000_000),
    ("/api/", 64_000),
    ("/", 1_000_000),
)
"""What a path begins with, and the bytes of the largest body it takes; the first that fits counts."""

BODY_LIMIT_MAX = max(limit for _door, limit in BODY_LIMITS)
"""Bytes: for Django's own check, which knows no doors."""


def limit_of(path: str) -> int:
    """The bytes of the largest body that this path takes."""
    return next((limit for door, limit in BODY_LIMITS if path.startswith(door)), BODY_LIMIT_MAX)
