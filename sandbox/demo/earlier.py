"""Data that an earlier start left: of another PostgreSQL, or of another version of the product."""

from __future__ import annotations

from pathlib import Path

import psycopg

from sandbox.servers.postgres import data_folder
from sandbox.servers.wheels import postgres_major

CONNECT_SECONDS = 10


class UnusableDataError(RuntimeError):
    """This version cannot go on with the data that is there."""


def adopt(state: Path) -> list[str]:
    """Bring data to where this version looks for it; gives words about data that it cannot read."""
    ours, flat = data_folder(state), state / "postgres"
    if major(flat) and not (state / f"postgres-{major(flat)}").exists():
        flat.rename(state / f"postgres-{major(flat)}")  # before 0.1.0 it lay there
    if ours.exists():
        return []
    return [
        f"PostgreSQL is {postgres_major()} now and begins with new data. That of PostgreSQL "
        f"{major(other)} stays in {other}; make demo RESET=1 removes it."
        for other in sorted(state.glob("postgres-*"))
        if major(other)
    ]


def major(data: Path) -> str:
    """The major version that made this data folder; empty if it is none."""
    told = data / "PG_VERSION"
    return told.read_text().strip() if told.is_file() else ""


def refuse_unknown_layout(url: str, checkout: Path, *, remedy: str) -> None:
    """Raise UnusableDataError if the database has migrations that this code doesn't: it was laid
    out by another version, which this one cannot bring up to date."""
    applied, known = applied_migrations(url), known_migrations(checkout)
    apps = {app for app, _ in known}
    unknown = sorted(f"{app} {name}" for app, name in applied - known if app in apps)
    if unknown:
        raise UnusableDataError(
            f"The data was laid out by another version of Giftshop ({unknown[0]} is unknown to "
            f"this one), and cannot be brought up to date. {remedy}"
        )


def applied_migrations(url: str) -> set[tuple[str, str]]:
    """App and name of what Django noted as applied; raises UnusableDataError without a database."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
                return set()
            rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
            return {(app, name) for app, name in rows}
    except psycopg.OperationalError as error:
        raise UnusableDataError(f"DATABASE_URL does not answer: {error}") from None
    except psycopg.ProgrammingError:  # whose text may hold a password
        raise UnusableDataError("DATABASE_URL is no address of a PostgreSQL database.") from None


def known_migrations(checkout: Path) -> set[tuple[str, str]]:
    """The same of the files in the checkout."""
    places = ("*/migrations/[0-9]*.py", "*/*/migrations/[0-9]*.py")
    files = [path for place in places for path in checkout.glob(place)]
    return {(path.parent.parent.name, path.stem) for path in files}
