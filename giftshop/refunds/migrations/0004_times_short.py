from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("refunds", "0003_evidence")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="times_short",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
