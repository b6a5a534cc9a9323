"""What a gift offers is a row that many gifts share, as it is for codes."""

import django.db.models.deletion
from django.db import migrations, models

BEGIN_ANEW = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM orders_gift WHERE choices <> '[]') THEN
        RAISE EXCEPTION 'This database is of an earlier layout of Giftshop, before its first release.'
              USING HINT = 'Begin anew with an empty one; a demo with: make demo RESET=1';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0007_unpaid_by_time"),
        ("redemption", "0019_option_lists"),
    ]

    operations = [
        migrations.RunSQL(BEGIN_ANEW, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="gift", name="choices"),
        migrations.AddField(
            model_name="gift",
            name="option_list",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="redemption.optionlist",
            ),
        ),
        migrations.AddField(
            model_name="gift",
            name="picks",
            field=models.JSONField(default=dict, help_text="What the sender fixed: the size."),
        ),
    ]
