"""The settings that the product is given: addresses of services, and secrets made here."""

from __future__ import annotations

import secrets
from pathlib import Path


def new_secrets() -> dict[str, str]:
    """Secrets for a sandbox. A list of keys is `kid:64 hex digits,...`, the current one first."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "CODE_PEPPERS": f"1:{secrets.token_hex(32)}",
        "CODE_ENCRYPTION_KEYS": f"1:{secrets.token_hex(32)}",
        "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(16)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
    }


def kept_secrets(path: Path) -> dict[str, str]:
    """Secrets made once and kept, so that codes stay readable and sessions valid at the next start.
    Names that came later are added to an older file."""
    kept = read_env(path) if path.exists() else {}
    if missing := new_secrets().keys() - kept.keys():
        made = new_secrets()
        kept |= {name: made[name] for name in sorted(missing)}
        write_env(path, kept)
    return kept


def read_env(path: Path) -> dict[str, str]:
    """KEY=VALUE lines."""
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def write_env(path: Path, values: dict[str, str]) -> None:
    """KEY=VALUE lines that only we can read, never half written."""
    building = path.with_name(path.name + ".new")
    building.unlink(missing_ok=True)
    building.touch(mode=0o600)
    building.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    building.replace(path)
