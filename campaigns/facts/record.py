"""The one way facts are written: each once, and their sums with them."""

import json
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from campaigns.facts import rollups
from campaigns.models import Fact

COLUMNS = [str(field.column) for field in Fact._meta.concrete_fields if not field.primary_key]

INSERT = f"""
INSERT INTO campaigns_fact ({", ".join(COLUMNS)})
SELECT {", ".join(COLUMNS)} FROM jsonb_populate_recordset(NULL::campaigns_fact, %s::jsonb)
 ORDER BY topic, subject_id
    ON CONFLICT DO NOTHING
RETURNING id
"""  # nosec B608  # names of our own columns


def record(facts: Sequence[Fact]) -> int:
    """Write the facts, of any brands, and add them to the rollups, in one transaction; how many were
    new. One that is known already, by its message or by what it tells of, is left out and counts nothing.
    Two statements, however many facts; raises IntegrityError, for all, when one makes no sense.

    Several may record at once. Locks are taken in one order (facts by what they tell of, then sums by
    their key), so they may wait for one another but never in a circle.
    """
    if not facts:
        return 0
    now = timezone.now()
    for fact in facts:
        fact.recorded_at = now
    rows = [{column: getattr(fact, column) for column in COLUMNS} for fact in facts]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [json.dumps(rows, default=str)])
        new = [pk for (pk,) in cursor.fetchall()]
        rollups.add_facts(new)
    return len(new)


def spend_over(*, amount: int, extra_amount: int, basket_total: int | None) -> int:
    """What a visit brought beyond the gift: the till's basket less the gift's worth, or, where the till
    told no total, what was paid for extras. Minor units, never negative."""
    return extra_amount if basket_total is None else max(basket_total - amount, 0)
