"""Gifts by hand are facts of their own: of which store, by whom, and why. Earlier ones are on the trail."""

import django.db.models.deletion
from django.db import migrations, models

import core.ids

GUARD = """
CREATE TRIGGER redemption_goodwillgift_is_append_only BEFORE UPDATE OR DELETE ON redemption_goodwillgift
    FOR EACH ROW EXECUTE FUNCTION redemption_fact_stands();
CREATE TRIGGER redemption_goodwillgift_is_never_truncated BEFORE TRUNCATE ON redemption_goodwillgift
    FOR EACH STATEMENT EXECUTE FUNCTION redemption_fact_stands();
"""
UNGUARD = """
DROP TRIGGER redemption_goodwillgift_is_append_only ON redemption_goodwillgift;
DROP TRIGGER redemption_goodwillgift_is_never_truncated ON redemption_goodwillgift;
"""
READ_THE_TRAIL = """
INSERT INTO redemption_goodwillgift
       (id, brand_id, code_id, store_id, staff_id, amount, reason, given_at)
SELECT c.id, c.brand_id, c.id, d.store_id, e.actor_id, c.amount, left(e.details->>'reason', 200), e.at
  FROM redemption_auditentry e
  JOIN redemption_device d ON d.id = e.device_id
  JOIN redemption_code c ON e.subject = 'code:' || c.id::text
 WHERE e.act = 'code.issued' AND e.actor_kind = 'staff'
"""


class Migration(migrations.Migration):
    dependencies = [("redemption", "0015_by_hand_is_found")]

    operations = [
        migrations.AddField(
            model_name="brand",
            name="goodwill_person_limit",
            field=models.PositiveIntegerField(
                default=10_000,
                help_text="Minor units; what one person may give by hand in a day.",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="goodwill_store_limit",
            field=models.PositiveIntegerField(
                default=20_000,
                help_text="Minor units; what all together may give by hand at a store in a day.",
            ),
        ),
        migrations.CreateModel(
            name="GoodwillGift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amount", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="redemption.brand",
                    ),
                ),
                (
                    "code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goodwill",
                        to="redemption.code",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="redemption.staffmember",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="redemption.store",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "given_at"], name="goodwill_day_of_store"),
                    models.Index(fields=["staff", "given_at"], name="goodwill_day_of_staff"),
                ]
            },
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("wrong_tries", "Many wrong codes"),
                    ("wrong_pins", "Many wrong PINs"),
                    ("goodwill", "Many gifts by hand"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(READ_THE_TRAIL, migrations.RunSQL.noop),
    ]
