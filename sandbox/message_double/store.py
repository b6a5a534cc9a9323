"""What was sent and answered, newest last, and which numbers said stop: one file of JSON."""

from __future__ import annotations

import json
import secrets
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

KEPT_MAX = 5_000

Row = dict[str, Any]


class Store:
    """Messages by sid. Rows hold what Twilio's Message resource holds."""

    def __init__(self, path: Path | None) -> None:
        self.path, self.lock = path, threading.RLock()
        self.rows: dict[str, Row] = {}
        self.contents: dict[str, Row] = {}
        """Templates by sid, as the Content API holds them, with what WhatsApp says of each."""
        self.stopped: set[str] = set()
        if path and path.is_file():
            kept = json.loads(path.read_text())
            self.rows, self.stopped = kept["rows"], set(kept["stopped"])
            self.contents = kept.get("contents", {})

    def add(self, row: Row) -> Row:
        """Keep a message under a new sid."""
        with self.lock:
            sid = f"SM{secrets.token_hex(16)}"
            self.rows[sid] = {"sid": sid, "date_created": moment(), **row}
            for oldest in list(self.rows)[:-KEPT_MAX]:
                del self.rows[oldest]
            self.write()
            return self.rows[sid]

    def change(self, sid: str, **told: Any) -> Row | None:
        """What has become of a message; None for one that had to make room for newer ones."""
        with self.lock:
            if sid not in self.rows:
                return None
            self.rows[sid] |= {**told, "date_updated": moment()}
            self.write()
            return dict(self.rows[sid])

    def newest_first(self) -> list[Row]:
        with self.lock:
            return [dict(row) for row in self.rows.values()][::-1]

    def write(self) -> None:
        """Never half a file."""
        if self.path:
            building = self.path.with_name(self.path.name + ".new")
            kept = {"rows": self.rows, "stopped": sorted(self.stopped), "contents": self.contents}
            building.write_text(json.dumps(kept))
            building.replace(self.path)


def moment(at: datetime | None = None) -> str:
    """As Twilio writes it: RFC 2822."""
    return format_datetime(at or datetime.now(UTC))
