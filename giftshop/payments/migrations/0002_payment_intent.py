"""A payment by the number that Stripe's dashboard shows. Made beside whoever works with the table; one that an
interrupted run left behind is made anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEX = models.Index(
    fields=["payment_intent_id"],
    name="payment_intent",
    condition=~models.Q(payment_intent_id=""),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "SET statement_timeout = 0"),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS payment_intent", migrations.RunSQL.noop
        ),
        AddIndexConcurrently("payment", INDEX),
        migrations.RunSQL("RESET statement_timeout", "RESET statement_timeout"),
    ]
