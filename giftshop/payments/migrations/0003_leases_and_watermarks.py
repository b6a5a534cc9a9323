import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='StripeWatermark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=120, unique=True)),
                ('listed_until', models.DateTimeField()),
                ('listing_until', models.DateTimeField(null=True)),
                ('cursor', models.CharField(blank=True, max_length=255)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='payment',
            name='payment_open',
        ),
        migrations.RemoveIndex(
            model_name='stripeevent',
            name='stripe_event_pending',
        ),
        migrations.AddField(
            model_name='payment',
            name='asked_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='stripeevent',
            name='available_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='stripeevent',
            name='leased_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='stripeevent',
            name='attempts',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='stripeevent',
            name='payload',
            field=models.TextField(),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['asked_at'], name='payment_open'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('fee__isnull', True), ('state', 'paid')), fields=['settled_at'], name='payment_fee_missing'),
        ),
        migrations.AddIndex(
            model_name='stripeevent',
            index=models.Index(condition=models.Q(('processed_at__isnull', True)), fields=['available_at'], name='stripe_event_due'),
        ),
    ]
