"""The size is a choice of its own beside the groups; a gift keeps its picks by their keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_drawings_are_drawings")]

    operations = [
        migrations.AddConstraint(
            model_name="optiongroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", "size"), _negated=True),
                name="option_group_is_not_the_size",
            ),
        ),
    ]
