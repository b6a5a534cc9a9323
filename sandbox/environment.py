"""The settings that the product is given: addresses of services, and secrets made here."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from sandbox.external import EXTERNAL
from sandbox.places import CHECKOUT

# Stronger than the settings: what libpq takes for a part that a URL leaves out, the broker that
# Celery prefers to the one it is given, another project's settings, options of the web server, and which
# file a demo's settings are read from.
STRONGER = re.compile(r"PG[A-Z]+|(CELERY|DJANGO|GRANIAN)_[A-Z_]+|LOCAL_ENV")
# Settings that lead nowhere else and open nothing: sizes, and how much is logged.
HARMLESS = {
    "DATABASE_POOL_SIZE",
    "LOG_JSON",
    "LOG_LEVEL",
    "MAIL_PORT",
    "PORT",
    "STRIPE_PORT",
    "WEB_WORKERS",
    "WORKER_CONCURRENCY",
}


def inherited(environment: Mapping[str, str], *, libpq: bool = False) -> dict[str, str]:
    """What of the caller's environment our parts get: nothing that is a setting of the product, or
    that would be obeyed in its place. `libpq`: but for PGPASSFILE and its like, which belong to a
    database of the caller's own."""
    ours = {*EXTERNAL, *settings_of(CHECKOUT)} - HARMLESS
    return {
        name: value
        for name, value in environment.items()
        if name not in ours
        and not (STRONGER.fullmatch(name) and not (libpq and name.startswith("PG")))
    }


def keep_environment(kept: Mapping[str, str]) -> None:
    """Go on with these variables alone, for ourselves and for every part that we start."""
    os.environ.clear()
    os.environ.update(kept)


def settings_of(checkout: Path) -> set[str]:
    """The names of the product's settings, as its `.env.example` lists them."""
    example = checkout / ".env.example"
    text = example.read_text() if example.is_file() else ""
    return set(re.findall(r"^#?([A-Z][A-Z_]*)=", text, re.MULTILINE))


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that keep programs from asking a proxy for an address of this machine."""
    asked = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    hosts = [host for host in asked.split(",") if host]
    hosts += [host for host in ("127.0.0.1", "localhost") if host not in hosts]
    return dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join(hosts))


def new_secrets() -> dict[str, str]:
    """Secrets for a sandbox. A list of keys is `kid:64 hex digits,...`, the current one first."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "CODE_PEPPERS": f"1:{secrets.token_hex(32)}",
        "CODE_ENCRYPTION_KEYS": f"1:{secrets.token_hex(32)}",
        "PIN_PEPPERS": f"1:{secrets.token_hex(32)}",
        "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(16)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
    }


def messaging_account(secret: str) -> dict[str, str]:
    """An account with the double of Twilio, the same as long as the secret is."""
    made = {name: hashlib.sha256(f"{name}:{secret}".encode()).hexdigest()[:32] for name in "ATM"}
    return {
        "TWILIO_ACCOUNT_SID": f"AC{made['A']}",
        "TWILIO_AUTH_TOKEN": made["T"],
        "TWILIO_MESSAGING_SERVICE_SID": f"MG{made['M']}",
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
