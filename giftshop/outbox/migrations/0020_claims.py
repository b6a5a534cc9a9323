"""What claims are read along. Made beside whoever works with the table; one that an interrupted run left behind
is made anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEXES = [
    models.Index(
        fields=["available_at"],
        name="outbox_untaken",
        condition=models.Q(done_at__isnull=True, leased_until__isnull=True),
    ),
    models.Index(
        fields=["leased_until"],
        name="outbox_lapses",
        condition=models.Q(done_at__isnull=True, leased_until__isnull=False),
    ),
    models.Index(
        fields=["worker_id"],
        name="outbox_holders",
        condition=models.Q(done_at__isnull=True, worker_id__isnull=False),
    ),
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("outbox", "0019_code_voided")]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "SET statement_timeout = 0"),
        *(
            operation
            for index in INDEXES
            for operation in (
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop
                ),
                AddIndexConcurrently("message", index),
            )
        ),
        migrations.RunSQL("RESET statement_timeout", "RESET statement_timeout"),
    ]
