"""The messages on disk: `<id>.eml` as it came, `<id>.json` with what the list shows."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sandbox.mail_tray.message import Message

KEPT_MAX = 2_000


@dataclass(frozen=True)
class Summary:
    """One line of the list."""

    id: int
    to: list[str]
    sender: str
    subject: str
    preview: str
    received_at: str
    size: int

    def concerns(self, words: str) -> bool:
        """Whether a recipient or the subject contains the words, in any case."""
        return any(words in text.casefold() for text in [*self.to, self.subject])


class Store:
    """Newest last in memory, one pair of files for each message; the oldest make room."""

    def __init__(self, folder: Path, *, kept_max: int = KEPT_MAX) -> None:
        self.folder = folder
        self.kept_max = kept_max
        self.lock = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.summaries = {summary.id: summary for summary in self._load()}
        self.last_id = max(self.summaries, default=0)

    def add(self, raw: bytes, recipients: list[str]) -> Summary:
        """Keep a message; `recipients` are those of the envelope, hidden copies among them."""
        message = Message(raw)
        with self.lock:
            self.last_id += 1
            summary = Summary(
                id=self.last_id,
                to=recipients,
                sender=message.header("From"),
                subject=message.header("Subject"),
                preview=message.preview,
                received_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
                size=len(raw),
            )
            self._path(summary.id, "eml").write_bytes(raw)
            # The line of the list comes last: a message that was half written is never listed.
            self._path(summary.id, "json").write_text(json.dumps(asdict(summary)))
            self.summaries[summary.id] = summary
            for oldest in list(self.summaries)[: -self.kept_max]:
                self._forget(oldest)
        return summary

    def newest_first(self, words: str = "") -> list[Summary]:
        """The messages whose recipient or subject contains `words`; all of them without."""
        words = words.strip().casefold()
        with self.lock:
            found = [each for each in self.summaries.values() if each.concerns(words)]
        return found[::-1]

    def get(self, message_id: int) -> tuple[Summary, Message] | None:
        """One message, if it is still here."""
        with self.lock:
            summary = self.summaries.get(message_id)
            if summary is None:
                return None
            return summary, Message(self._path(message_id, "eml").read_bytes())

    def clear(self) -> None:
        """Forget every message. Ids go on from where they were."""
        with self.lock:
            for message_id in list(self.summaries):
                self._forget(message_id)

    def _forget(self, message_id: int) -> None:
        self._path(message_id, "json").unlink(missing_ok=True)
        self._path(message_id, "eml").unlink(missing_ok=True)
        del self.summaries[message_id]

    def _load(self) -> list[Summary]:
        files = sorted(self.folder.glob("*.json"))
        return [Summary(**json.loads(file.read_text())) for file in files]

    def _path(self, message_id: int, kind: str) -> Path:
        return self.folder / f"{message_id:08d}.{kind}"
