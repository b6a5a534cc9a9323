from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('refunds', '0006_unopened'),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dispute',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
    ]
