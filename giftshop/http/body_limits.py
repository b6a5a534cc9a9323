"""How large a body each path takes: one table, and the proxy in front holds the same (deploy/Caddyfile)."""

UPLOADS = "/uploads/"
"""Where pictures come in, from whoever is signed in and may (uploads.py)."""

BODY_LIMITS = (
    (UPLOADS, 25_000_000),
    ("/webhooks/stripe/", 1_000_000),
    ("/webhooks/messages/", 64_000),
    ("/api/", 64_000),
    ("/", 1_000_000),
)
"""What a path begins with, and the bytes of the largest body it takes; the first that fits counts."""

BODY_LIMIT_MAX = max(limit for prefix, limit in BODY_LIMITS if prefix != UPLOADS)
"""Bytes: for Django's own check, which knows no paths. It counts no files."""


def limit_of(path: str) -> int:
    """The bytes of the largest body that this path takes."""
    return next((limit for prefix, limit in BODY_LIMITS if path.startswith(prefix)), BODY_LIMIT_MAX)
