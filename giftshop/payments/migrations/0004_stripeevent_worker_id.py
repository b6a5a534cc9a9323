from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_leases_and_watermarks'),
    ]

    operations = [
        migrations.AddField(
            model_name='stripeevent',
            name='worker_id',
            field=models.UUIDField(null=True),
        ),
    ]
