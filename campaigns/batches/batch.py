"""Codes that a brand gives away, up to a million at once: all of a batch, or none of it.

The rows of a batch are one transaction. Its codes are handed over once, in a file (code_file.py) or
on the terminal, and cannot be shown again: the database keeps only their digests.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

from django.db import Error, connection, transaction
from django_scopes import scopes_disabled

from brands.models import Brand
from campaigns.batches import code_file
from core.ids import uuid7
from core.templatetags.money import money
from redemption import code_format
from redemption.codes import issue_batch
from redemption.models import JournalEntry

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
    id: UUID = field(default_factory=uuid7)

    @property
    def label(self) -> str:
        """What staff read: "$5.00 to spend"."""
        return f"{money(self.amount, self.brand.currency)} to spend"


def issue(batch: Batch, *, now: datetime) -> Generator[list[str], None, None]:
    """Issue the batch slice by slice; answers each slice's codes as they are printed.

    Memory stays flat. Belongs in one transaction and in the brand's scope.
    """
    slices = issue_batch.issue_batch(
        batch_id=batch.id,
        reference=f"giveaway:{batch.id}",
        brand=batch.brand,
        count=batch.count,
        amount=batch.amount,
        label=batch.label,
        now=now,
        expires_at=batch.expires_at,
        campaign_id=batch.campaign_id,
    )
    with closing(slices):
        for codes in slices:
            yield [code_format.grouped(code) for code in codes]


def write_to(path: Path, batch: Batch, *, now: datetime, tell: Tell) -> None:
    """Issue into a new file that only its owner may read.

    Raises FileExistsError, OSError, code_file.BeingWritten: nothing is issued; code_file.NotNamed: it
    is. A database that is lost over the commit is asked again what became of it.
    """
    try:
        with ExitStack() as last_steps, code_file.draft(path, batch.id) as draft:
            with _whole_batch(batch.id):
                _copy(batch, draft.text, now, tell)
                draft.keep()
                last_steps.enter_context(code_file.undisturbed())
            draft.publish()
    except Error:
        connection.close()
        if not deliver_earlier(path):
            raise


def deliver_earlier(path: Path) -> bool:
    """Whether a batch for this file, whose process died, had been issued and is in the file now.

    Raises code_file.BeingWritten, code_file.NotNamed.
    """
    return code_file.deliver_earlier(path, is_issued=_is_issued)


def print_to(out: TextIO, batch: Batch, *, now: datetime, tell: Tell) -> None:
    """Issue and print. What was printed before an interruption is worth nothing."""
    try:
        with _whole_batch(batch.id):
            _copy(batch, out, now, tell)
            out.flush()
    except Error:
        connection.close()
        if not _is_issued(batch.id):
            raise


@contextmanager
def _whole_batch(batch_id: UUID) -> Iterator[None]:
    """One transaction, which may take its time: whoever reads the codes may do so page by page.

    It ends on the disk whatever the server's habits are, for the file is the only copy of the codes.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout TO 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout TO 0")
            cursor.execute("SET LOCAL synchronous_commit TO on")
        _hold(batch_id)
        yield


def _is_issued(batch_id: UUID) -> bool:
    """What became of a batch, once its transaction has ended: that may outlive a killed process."""
    with transaction.atomic(durable=True), scopes_disabled():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO '60s'")
        _hold(batch_id)
        return JournalEntry.objects.filter(pk=batch_id).exists()


def _hold(batch_id: UUID) -> None:
    """Until the end of the transaction nobody else holds this batch."""
    with connection.cursor() as cursor:
        key = int.from_bytes(batch_id.bytes[8:], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _copy(batch: Batch, out: TextIO, now: datetime, tell: Tell) -> None:
    done = 0
    with closing(issue(batch, now=now)) as slices:
        for codes in slices:
            out.write("\n".join(codes) + "\n")
            done += len(codes)
            tell(done)
