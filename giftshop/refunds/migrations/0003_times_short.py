from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("refunds", "0002_may_tell_sender")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="times_short",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
