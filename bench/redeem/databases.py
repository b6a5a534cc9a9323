"""Databases of the bench's own, beside the one that DATABASE_URL names; dropped at the end."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextlib.contextmanager
def databases(*names: str) -> Iterator[list[str]]:
    """Addresses of new names; nothing is in them yet, and they may be made from each other."""
    given = os.environ["DATABASE_URL"]
    known = [f"{name}_{os.getpid()}" for name in names]
    try:
        yield [urlunsplit(urlsplit(given)._replace(path=f"/{name}")) for name in known]
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            for name in known:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def create(url: str, template: str = "template0") -> None:
    """Make the database of that address, as a copy of another one that nobody is connected to."""
    name, of = (urlsplit(each).path.lstrip("/") for each in (url, template))
    elsewhere = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {of}")


def settings(url: str) -> str:
    """What PostgreSQL is and how it writes, in words."""
    names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
    with psycopg.connect(url) as connection:
        values = [connection.execute(f"SHOW {name}").fetchone() for name in names]
    return ", ".join(
        f"{name} {value[0]}" for name, value in zip(names, values, strict=True) if value
    )


def analyze(url: str) -> None:
    """Bring the planner's statistics up to date; plans made before are made anew."""
    execute(url, "ANALYZE")


def execute(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())
