from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_count_anew"),
        ("redemption", "0021_amounts_in_64_bits"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="attribution",
            name="attribution_is_whole_or_none",
        ),
        migrations.AlterField(
            model_name="attribution",
            name="visit",
            field=models.UUIDField(db_column="visit_id", null=True),
        ),
        migrations.RenameField(
            model_name="attribution",
            old_name="visit",
            new_name="visit_id",
        ),
        migrations.AlterField(
            model_name="attribution",
            name="visit_id",
            field=models.UUIDField(
                help_text="The visit that earned it, which need not be kept as long.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="budget",
            field=models.PositiveBigIntegerField(
                blank=True,
                help_text="What is to be spent, in minor units; empty: not kept track of.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="spent",
            field=models.PositiveBigIntegerField(
                blank=True,
                help_text="What was spent so far, in minor units; empty: not told.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("campaign__isnull", True),
                        ("link__isnull", True),
                        ("visit_id__isnull", True),
                    ),
                    models.Q(
                        ("campaign__isnull", False),
                        ("link__isnull", False),
                        ("visit_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="attribution_is_whole_or_none",
            ),
        ),
    ]
