"""280 characters as people see them are up to several code points each in many scripts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.AlterField("gift", "message", models.CharField(blank=True, max_length=1120)),
        migrations.AlterField("gift", "thanks", models.CharField(blank=True, max_length=1120)),
    ]
