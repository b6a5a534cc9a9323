"""Everything the double remembers: in memory, and in an SQLite file when one is given."""

from __future__ import annotations

import functools
import json
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.stripe_double.errors import no_such

Obj = dict[str, Any]  # JSON as Stripe shows it; keys that begin with "_" are ours and never shown

SHAPES = Path(__file__).with_name("shapes.json")
WITHOUT_CREATED = ("item",)  # and without livemode


@functools.cache
def _shapes() -> dict[str, Obj]:
    shapes: dict[str, Obj] = json.loads(SHAPES.read_text())
    return shapes


def new_id(prefix: str) -> str:
    """An id as long as Stripe's; live and test ids differ by prefix only."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    length = 56 if prefix.startswith("cs_") else 24
    start = "1" if length == 24 else "a1"
    return f"{prefix}_{start}{''.join(secrets.choice(alphabet) for _ in range(length - 1))}"


def clone(value: Any) -> Any:
    """A copy of JSON, all the way down."""
    if isinstance(value, dict):
        return {key: clone(inner) for key, inner in value.items()}
    return [clone(inner) for inner in value] if isinstance(value, list) else value


class Store:
    """Objects by kind, in the order they were made."""

    def __init__(self, path: Path | None = None) -> None:
        self._kinds: dict[str, dict[str, Obj]] = {}
        self._changed: dict[str, Obj] = {}
        self._file: sqlite3.Connection | None = None
        if path:
            self._open(path)

    def make(self, kind: str, prefix: str, created: int, **fields: Any) -> Obj:
        """A new object with every field that Stripe's has, remembered."""
        return self.save(self.draft(kind, prefix, created, **fields))

    @staticmethod
    def draft(kind: str, prefix: str, created: int, **fields: Any) -> Obj:
        """The same, for an object that lives inside another."""
        made: Obj = {"id": new_id(prefix), "object": kind, **clone(_shapes()[kind])}
        if kind not in WITHOUT_CREATED:
            made["created"] = created
        if kind not in (*WITHOUT_CREATED, "refund", "balance_transaction"):
            made["livemode"] = False
        made.update(fields)
        return made

    def save(self, obj: Obj) -> Obj:
        """Remember an object that is new or was changed."""
        self._kinds.setdefault(obj["object"], {})[obj["id"]] = obj
        self._changed[obj["id"]] = obj
        return obj

    def get(self, kind: str, object_id: str, param: str = "id") -> Obj:
        """The object of that id, or Stripe's 404."""
        found = self._kinds.get(kind, {}).get(object_id)
        if found is None:
            raise no_such(kind, object_id, param)
        return found

    def find(self, kind: str, object_id: str) -> Obj | None:
        return self._kinds.get(kind, {}).get(object_id)

    def newest(self, kind: str) -> Iterator[Obj]:
        """All of a kind, the latest first."""
        return reversed(self._kinds.get(kind, {}).values())

    def forget(self, obj: Obj) -> None:
        self._kinds.get(obj["object"], {}).pop(obj["id"], None)
        self._changed.pop(obj["id"], None)
        if self._file:
            self._file.execute("DELETE FROM things WHERE id = ?", [obj["id"]])

    def clear(self) -> None:
        self._kinds.clear()
        self._changed.clear()
        if self._file:
            self._file.execute("DELETE FROM things")
            self._file.commit()

    def flush(self) -> None:
        """Make what changed durable, all of it or nothing."""
        changed, self._changed = self._changed, {}
        if not self._file or not changed:
            return
        rows = [(obj["id"], obj["object"], json.dumps(obj)) for obj in changed.values()]
        with self._file:
            self._file.executemany(
                "INSERT INTO things (id, kind, body) VALUES (?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                rows,
            )

    def close(self) -> None:
        self.flush()
        if self._file:
            self._file.commit()
            self._file.close()
            self._file = None

    def _open(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, check_same_thread=False)  # guarded by the world's lock
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS things "
            "(seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, "
            "kind TEXT NOT NULL, body TEXT NOT NULL)"
        )
        for kind, body in self._file.execute("SELECT kind, body FROM things ORDER BY seq"):
            obj = json.loads(body)
            self._kinds.setdefault(kind, {})[obj["id"]] = obj
