"""Codes that a brand gives away, by the thousand: all of a batch, or none of it.

The rows of a batch are one transaction, and the codes reach their file before it commits: the file is
written beside its final name, flushed to the disk, and only takes that name at the end. Whoever is
interrupted is left without a file and without codes (a killed process leaves its hidden draft). Should
the machine die between the file's last step and the commit, the file holds codes that were never
issued; no till takes them.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from redemption import issuing
from redemption.ids import uuid7
from redemption.models import Brand, Code
from redemption.templatetags.money import money

CHUNK = 500

Tell = Callable[[int], None]
"""Hears how many codes are done."""


@dataclass(frozen=True)
class Batch:
    """`amount`: what each code is worth, minor units. `expires_at`: None for as long as paid gifts."""

    brand: Brand
    count: int
    amount: int
    campaign_id: UUID | None = None
    expires_at: datetime | None = None

    @property
    def label(self) -> str:
        """What staff read: "$5.00 to spend"."""
        return f"{money(self.amount, self.brand.currency)} to spend"


def issue(batch: Batch, *, now: datetime) -> Iterator[list[str]]:
    """Issue the batch chunk by chunk; answers each chunk's codes as they are printed.

    Memory stays flat. Belongs in one transaction and in the brand's scope.
    """
    batch_id = uuid7()
    for start in range(0, batch.count, CHUNK):
        codes = issuing.issue(
            brand=batch.brand,
            reference=f"giveaway:{batch_id}:{start}",
            origin=Code.Origin.PROMOTIONAL,
            specs=[
                issuing.CodeSpec(
                    reference=f"giveaway:{batch_id}:{number}",
                    label=batch.label,
                    amount=batch.amount,
                    kind=Code.Kind.VALUE,
                )
                for number in range(start, min(start + CHUNK, batch.count))
            ],
            now=now,
            expires_at=batch.expires_at,
            campaign_id=batch.campaign_id,
        )
        yield [code.reveal_grouped() for code in codes]


def write_to(path: Path, chunks: Iterator[list[str]], *, tell: Tell) -> None:
    """Issue into a new file that only its owner may read. Raises FileExistsError, OSError."""
    if path.exists() or path.is_symlink():
        raise FileExistsError(path)
    try:
        with _whole_batch(), _new_file(path) as file:
            _copy(chunks, file, tell)
    except DatabaseError:
        path.unlink(missing_ok=True)  # the commit itself failed: these codes were never issued
        raise


def print_to(out: TextIO, chunks: Iterator[list[str]], *, tell: Tell) -> None:
    """Issue and print. What was printed before an interruption is worth nothing."""
    with _whole_batch():
        _copy(chunks, out, tell)
        out.flush()


@contextmanager
def _whole_batch() -> Iterator[None]:
    """One transaction, which may wait for whoever reads the codes page by page."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout TO 0")
        yield


def _copy(chunks: Iterator[list[str]], out: TextIO, tell: Tell) -> None:
    done = 0
    for codes in chunks:
        out.writelines(f"{code}\n" for code in codes)
        done += len(codes)
        tell(done)


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """A file that is whole under its name, or not there. Never takes another file's place."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, it fails where somebody was faster
        _settle(path.parent)
    finally:
        os.unlink(draft)


def _settle(folder: Path) -> None:
    """The name itself reaches the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
