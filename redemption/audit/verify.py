"""Proving the audit log: that no entry was changed, taken out, put in, swapped or cut off, and no fact since;
nor what a gift offered when it was bought.

Each entry is sealed to the one before it with a key that is not in the database (log.py). What that
cannot show is an end that was cut off cleanly: for this the head is kept elsewhere, as an *anchor*, and
looked for again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from brands.models import Brand
from redemption.audit import checkpoints
from redemption.audit.log import GENESIS, Act, seal_of
from redemption.ledger.verify import Difference
from redemption.models import AuditEntry, OptionList

ROWS_AT_ONCE = 2000

Anchors = dict[int, str]
"""Of one brand: the seal, in hex, that an entry of that number had."""


@dataclass
class Walk:
    """How far it got: after the last difference was given, the head."""

    number: int = 0
    seal: bytes = GENESIS


def differences(
    brand: Brand,
    *,
    anchors: Anchors | None = None,
    walk: Walk | None = None,
    tell: Callable[[int], None] = lambda number: None,
) -> Iterator[Difference]:
    """What is wrong with a brand's audit log, in its order; nothing, if it is whole. Expects the brand's
    scope. Memory stays flat; `tell` hears each entry's number."""
    walk = walk or Walk()
    missing = dict(anchors or {})
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=ROWS_AT_ONCE):
        yield from _differences(brand, entry, walk)
        kept = missing.pop(entry.number, None)
        if kept is not None and kept != bytes(entry.seal).hex():
            yield _difference("entry is not the one that was anchored", brand, entry.number)
        walk.number, walk.seal = entry.number, bytes(entry.seal)
        tell(entry.number)
    for number in sorted(missing):
        yield _difference("anchored entry is gone", brand, number)
    for offered in OptionList.objects.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        if not offered.fits():
            yield Difference(
                "option list does not fit its digest", f"{brand.slug} {offered.pk}", str(offered)
            )


def _differences(brand: Brand, entry: AuditEntry, walk: Walk) -> Iterator[Difference]:
    if entry.number != walk.number + 1:
        first, last = walk.number + 1, entry.number - 1
        yield _difference("entries are missing", brand, first, f"up to {last}")
    if entry.kid not in settings.CODE_PEPPERS:
        yield _difference("entry's key is not in CODE_PEPPERS", brand, entry.number, str(entry.kid))
    elif seal_of(entry) != bytes(entry.seal):
        yield _difference("entry does not fit its seal", brand, entry.number, str(entry))
    if bytes(entry.previous) != walk.seal:
        yield _difference("entry does not follow the one before", brand, entry.number, str(entry))
    if entry.act == Act.FACTS_SEALED:
        yield from _differences_of_facts(brand, entry)


def _differences_of_facts(brand: Brand, entry: AuditEntry) -> Iterator[Difference]:
    kept = checkpoints.Sealed(**entry.details)
    if kept.kid not in settings.CODE_PEPPERS:
        yield _difference("entry's key is not in CODE_PEPPERS", brand, entry.number, str(kept.kid))
        return
    after, until = datetime.fromisoformat(kept.after), datetime.fromisoformat(kept.until)
    found = checkpoints.digest(brand, after, until, kept.kid)
    if found == kept:
        return
    counts = (
        f"{kept.redemptions} redemptions and {kept.reversals} reversals were sealed,"
        f" {found.redemptions} and {found.reversals} are there"
    )
    span = f"between {kept.after} and {kept.until}"
    yield _difference("facts differ from what was sealed", brand, entry.number, f"{counts}, {span}")


def _difference(kind: str, brand: Brand, number: int, detail: str = "") -> Difference:
    return Difference(kind, f"{brand.slug} {number}", detail)
