"""Orders and recipients by address, number and a part of the name.

Made beside whoever works with the tables, however long it takes: an index that an interrupted run left behind
is made anew."""

import django.db.models.deletion
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Cast, Upper

from core.database.long_statements import lift

INDEXES = [
    ("order", models.Index(Upper("sender_email"), "placed_at", name="order_by_address")),
    (
        "order",
        models.Index(
            models.Func(Cast("id", models.TextField()), template="RIGHT(%(expressions)s, 8)"),
            name="order_by_number",
        ),
    ),
    ("order", GinIndex(OpClass(Upper("sender_name"), name="gin_trgm_ops"), name="order_by_name", gin_pending_list_limit=256)),
    ("recipient", models.Index(fields=["brand", "created_at"], name="recipient_newest_of_brand")),
    (
        "recipient",
        models.Index(
            Upper("email"),
            "created_at",
            name="recipient_by_address",
            condition=models.Q(email__gt=""),
        ),
    ),
    ("recipient", GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="recipient_by_name", gin_pending_list_limit=256)),
]


def added(model: str, index: models.Index) -> list[migrations.operations.base.Operation]:
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop),
        AddIndexConcurrently(model, index),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0004_translations"),
        ("redemption", "0004_search_indexes"),
    ]

    operations = [
        migrations.RunPython(lift, lift),
        *(operation for model, index in INDEXES for operation in added(model, index)),
        migrations.RunSQL("RESET statement_timeout", "RESET statement_timeout"),
        migrations.AlterField(
            model_name="order",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="brands.brand",
            ),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="brands.brand",
            ),
        ),
    ]
