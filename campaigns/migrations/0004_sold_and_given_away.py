from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_repeats_and_sources'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='spent',
            field=models.PositiveIntegerField(blank=True, help_text='What was spent so far, in minor units; empty: not told.', null=True),
        ),
        migrations.AddField(
            model_name='fact',
            name='sold_at',
            field=models.DateTimeField(help_text='When the gift was paid for; empty: it was given away.', null=True),
        ),
        migrations.AddField(
            model_name='rollup',
            name='given_away',
            field=models.BigIntegerField(db_default=0, default=0, help_text='Redeemed gifts that nobody had paid for.'),
        ),
        migrations.AddField(
            model_name='rollup',
            name='redeemed_of_sold',
            field=models.BigIntegerField(db_default=0, default=0, help_text='Of the gifts sold on this day, so far.'),
        ),
        migrations.AlterField(
            model_name='rollup',
            name='baskets',
            field=models.BigIntegerField(default=0, help_text='Redemptions of which the till told what else was bought.'),
        ),
        migrations.AlterField(
            model_name='rollup',
            name='delivered',
            field=models.BigIntegerField(default=0, help_text='Of the gifts sold on this day, so far.'),
        ),
        migrations.AlterField(
            model_name='rollup',
            name='opened',
            field=models.BigIntegerField(default=0, help_text='Of the gifts sold on this day, so far.'),
        ),
    ]
