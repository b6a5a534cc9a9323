"""Counts of how often something was done of late; see redemption/rate_limits.py."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('redemption', '0008_no_index_for_batches'),
    ]

    operations = [
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('key', models.CharField(help_text='door:kind:digest', max_length=80, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField()),
            ],
        ),
    ]
