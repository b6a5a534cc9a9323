"""Goodwill gifts by a part of the name, any code by its last four.

Made beside whoever works with the table, however long it takes: an index that an interrupted run left behind
is made anew."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    TrigramExtension,
)
from django.db import migrations, models
from django.db.models.functions import Upper

from core.database.long_statements import lift

GOODWILL = models.Q(issued_by__isnull=False)
INDEXES = [
    models.Index(
        fields=["brand", "valid_from"], name="code_goodwill_newest_of_brand", condition=GOODWILL
    ),
    GinIndex(
        OpClass(Upper("recipient_name"), name="gin_trgm_ops"),
        name="code_goodwill_by_name",
 gin_pending_list_limit=256,
        condition=GOODWILL,
    ),
    models.Index(fields=["last4"], name="code_by_last_four"),
]


def added(index: models.Index) -> list[migrations.operations.base.Operation]:
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("code", index),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("redemption", "0003_words_of_screens"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunPython(lift, lift),
        *(operation for index in INDEXES for operation in added(index)),
        RemoveIndexConcurrently("code", "code_goodwill_of_brand"),
        migrations.RunSQL("RESET statement_timeout", "RESET statement_timeout"),
    ]
