"""What waits about one order. Made beside whoever works with the table; one that an interrupted run left behind
is made anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

KEYS = ["order_id", "gift_id", "payment_id"]
INDEX = models.Index(
    Coalesce(*(KeyTextTransform(key, "payload") for key in KEYS)),
    name="outbox_waits_about",
    condition=models.Q(done_at__isnull=True, payload__has_any_keys=KEYS),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("outbox", "0008_email_repeated")]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "SET statement_timeout = 0"),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS outbox_waits_about", migrations.RunSQL.noop
        ),
        AddIndexConcurrently("message", INDEX),
        migrations.RunSQL("RESET statement_timeout", "RESET statement_timeout"),
    ]
