"""One word for one thing: a redemption is reversed, a gift is goodwill, and a manager holds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("redemption", "0022_recipient_name")]

    operations = [
        migrations.RenameField("brand", "managers_undo_same_day", "managers_reverse_same_day"),
        migrations.RenameIndex("code", new_name="code_goodwill_of_brand", old_name="code_by_hand_of_brand"),
        migrations.RemoveConstraint("hold", "hold_by_hand_has_no_subject"),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=models.Q(cause="hand", subject="")
                | (~models.Q(cause="hand") & ~models.Q(subject="")),
                name="hold_of_manager_has_no_subject",
            ),
        ),
        migrations.AlterField(
            "ratecount",
            "key",
            models.CharField(
                help_text="page:kind:digest", max_length=80, primary_key=True, serialize=False
            ),
        ),
    ]
