import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_later_prices")]

    operations = [
        migrations.RemoveConstraint("soldout", "sold_out_once_per_store_day_and_treat"),
        migrations.RenameField("soldout", "day", "until"),
        migrations.AlterField(
            "soldout",
            "until",
            models.DateField(
                help_text="The last day, by the store's clock, see catalog.hours.day_at."
            ),
        ),
        migrations.AddField(
            "soldout",
            "price",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.price",
            ),
        ),
        migrations.AddField(
            "soldout",
            "option",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.option",
            ),
        ),
        migrations.AddConstraint(
            "soldout",
            models.UniqueConstraint(
                fields=("store", "until", "treat", "price", "option"),
                name="sold_out_once_per_store_day_and_thing",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "soldout",
            models.CheckConstraint(
                condition=models.Q(("price", None), ("option", None), _connector="OR"),
                name="sold_out_is_a_treat_a_size_or_a_choice",
            ),
        ),
    ]
