from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("friends", "0001_initial"), ("orders", "0001_initial")]

    operations = [
        migrations.RenameModel("Friend", "Recipient"),
        migrations.AlterModelTable("recipient", "orders_recipient"),
    ]
