"""Codes by the hundred thousand: one COPY for all of a batch, and one entry that opens it.

They are like the codes of issuing.issue(), with two differences. The entry's posting stands for the
whole batch, which each code names (models/ledger.py). And no ciphertext is kept: whoever asked for the
batch takes the codes along, and nobody can show them again.

PostgreSQL is the slower side: it takes one slice of rows while the next is made. The rows come in
runs that ascend by digest, so that the index of digests, the only one whose keys are random, is
entered page by page. That and the binary format save it a third of its work.
"""

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from struct import Struct, pack
from typing import Any
from uuid import UUID

from django.db import connection

from brands.models import Brand
from core import crypto, validity
from core.ids import uuid7_many
from redemption import code_format
from redemption.models import Account, Code, JournalEntry, Posting

SLICE = 100
"""Rows made at once: several slices fit into the socket, so that PostgreSQL has the next at hand."""

RUN = 20_000
"""Rows in ascending order of digest; some 10 MB of memory."""


def issue_batch(
    *,
    batch_id: UUID,
    reference: str,
    brand: Brand,
    count: int,
    amount: int,
    label: str,
    now: datetime,
    expires_at: datetime | None = None,
    campaign_id: UUID | None = None,
) -> Generator[list[str], None, None]:
    """Promotional codes worth `amount` minor units each; answers them slice by slice.

    Belongs in the caller's transaction, in which nothing else can be asked until the last slice is
    taken or the iterator is closed. Raises IntegrityError when the batch was issued before.
    """
    validity.check(expires_at, now)
    _open(batch_id, reference, brand, count, count * amount, now)
    pattern = Code(
        brand=brand,
        batch_id=batch_id,
        campaign_id=campaign_id,
        kind=Code.Kind.VALUE,
        origin=Code.Origin.PROMOTIONAL,
        label=label,
        amount=amount,
        balance=amount,
        currency=brand.currency,
        valid_from=now,
        expires_at=expires_at or brand.expiry_for(now),
        state_at=now,
        kid=crypto.current_kid(),
        created_at=now,
    )
    columns, row = _row_like(pattern, reference, count)
    done = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {columns} FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for codes in _ascending(count):
            ids = uuid7_many(len(codes))
            numbered = enumerate(zip(ids, codes, strict=True), done)
            copy.write(
                b"".join(row(pk, number, digest, code) for number, (pk, (digest, code)) in numbered)
            )
            done += len(codes)
            yield [code for _digest, code in codes]
        copy.write(b"\xff\xff")


def _open(
    batch_id: UUID, reference: str, brand: Brand, count: int, total: int, now: datetime
) -> None:
    """The entry that makes the brand owe for the batch."""
    entry = JournalEntry.objects.create(
        id=batch_id,
        brand=brand,
        kind=JournalEntry.Kind.PROMOTION,
        reference=reference,
        occurred_at=now,
    )
    both = {"entry": entry, "brand": brand, "currency": brand.currency}
    Posting.objects.bulk_create(
        [
            Posting(account=Account.PROMO_EXPENSE, amount=total, **both),
            Posting(account=Account.GIFT_LIABILITY, amount=-total, codes=count, **both),
        ]
    )


def _ascending(count: int) -> Iterator[list[tuple[bytes, str]]]:
    """New codes and their digests, in slices of runs. The next run is made while one is taken."""
    slices = _new_codes(count)
    run = [pair for piece in islice(slices, RUN // SLICE) for pair in piece]
    while run:
        run.sort()
        following: list[tuple[bytes, str]] = []
        for start in range(0, len(run), SLICE):
            yield run[start : start + SLICE]
            following += next(slices, [])
        run = following


def _new_codes(count: int) -> Iterator[list[tuple[bytes, str]]]:
    for start in range(0, count, SLICE):
        codes = code_format.generate_many(min(SLICE, count - start))
        yield list(zip(crypto.digest_many(codes), codes, strict=True))


def _row_like(
    pattern: Code, reference: str, count: int
) -> tuple[str, Callable[[bytes, int, bytes, str], bytes]]:
    """The table with the columns of a row, and what makes a row of an id, number, digest and code.

    PostgreSQL's binary COPY: the number of columns, then each value after its length in bytes. What
    all rows have in common is written once, as the pattern has it.
    """
    own = ("id", "reference", "digest", "last4")
    fields = [
        field
        for field in Code._meta.concrete_fields
        if field.name not in own and getattr(pattern, field.attname) is not None
    ]
    common = b"".join(
        _with_length(_BINARY[field.get_internal_type()](getattr(pattern, field.attname)))
        for field in fields
    )
    digits = len(str(count - 1))  # all references are of one length, and sort as they count
    prefix = f"{reference}:".encode()
    width = len(prefix) + digits
    ending = b"%%0%dd" % digits
    layout = Struct(f"!hi16si{width}si32si4s{len(common)}s").pack
    n = len(own) + len(fields)

    def row(pk: bytes, number: int, digest: bytes, code: str) -> bytes:
        name = prefix + ending % number
        return layout(n, 16, pk, width, name, 32, digest, 4, code[-4:].encode(), common)

    columns = ", ".join([*own, *(str(field.column) for field in fields)])
    return f"{Code._meta.db_table} ({columns})", row


def _with_length(value: bytes) -> bytes:
    return pack("!i", len(value)) + value


def _moment(value: datetime) -> bytes:
    """Microseconds since the year 2000."""
    since = value - datetime(2000, 1, 1, tzinfo=UTC)
    return pack("!q", (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def uuids(values: Sequence[UUID]) -> bytes:
    """A uuid[]: how many dimensions, no NULLs, the element's type; how many from 1 on, and each."""
    span = pack("!ii", len(values), 1) if values else b""
    head = pack("!iii", 1 if values else 0, 0, 2950)
    return head + span + b"".join(_with_length(value.bytes) for value in values)


_BINARY: dict[str, Callable[[Any], bytes]] = {
    "UUIDField": lambda value: value.bytes,
    "ForeignKey": lambda value: value.bytes,
    "CharField": str.encode,
    "PositiveBigIntegerField": Struct("!q").pack,
    "PositiveSmallIntegerField": Struct("!h").pack,
    "DateTimeField": _moment,
    "JSONField": lambda value: b"\x01" + json.dumps(value).encode(),
    "ArrayField": uuids,
}
