from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("redemption", "0021_amounts_in_64_bits")]

    operations = [migrations.RenameField("code", "bearer_name", "recipient_name")]
