from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_room_for_combined_emoji")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state", "paid"), _negated=True),
                fields=["placed_at"],
                name="order_unpaid",
            ),
        ),
    ]
