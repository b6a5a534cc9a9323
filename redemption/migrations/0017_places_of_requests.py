"""Where a cancellation was asked for, which the trail tells of earlier ones, and what whoever decided said."""

import django.db.models.deletion
from django.db import migrations, models

READ_THE_TRAIL = """
UPDATE redemption_voidrequest r SET store_id = d.store_id
  FROM redemption_auditentry e JOIN redemption_device d ON d.id = e.device_id
 WHERE e.act = 'void.requested' AND e.details->>'request' = r.id::text
"""


class Migration(migrations.Migration):
    dependencies = [("redemption", "0016_goodwill_gifts")]

    operations = [
        migrations.AddField(
            model_name="voidrequest",
            name="decision_note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="voidrequest",
            name="store",
            field=models.ForeignKey(
                help_text="Where it was asked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="redemption.store",
            ),
        ),
        migrations.RunSQL(READ_THE_TRAIL, migrations.RunSQL.noop),
    ]
