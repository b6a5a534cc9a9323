from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_amounts_in_64_bits"), ("friends", "0002_recipient")]

    operations = [migrations.RenameField("gift", "friend", "recipient")]
