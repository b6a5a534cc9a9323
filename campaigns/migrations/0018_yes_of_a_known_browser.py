from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0017_discounts")]

    operations = [
        migrations.RemoveConstraint(
            model_name="visit", name="visit_yes_is_no_visit_of_its_own"
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("said_yes", False), ("is_repeat", True), _connector="OR"),
                name="visit_yes_is_no_visit_of_its_own",
            ),
        ),
    ]
