"""What a delivery is about, in words instead of four foreign keys, and the address as it was."""

from django.db import migrations, models

NAME_THEM = """
UPDATE delivery_delivery AS delivery
   SET subject = CASE WHEN gift_id IS NOT NULL THEN 'gift:' || gift_id
                      WHEN order_id IS NOT NULL THEN 'order:' || order_id
                      ELSE 'alarm:' || alarm_id END,
       addressee = coalesce('user:' || user_id, ''),
       address = coalesce(
           (SELECT friend.email FROM orders_gift AS gift
              JOIN friends_friend AS friend ON friend.id = gift.friend_id
             WHERE gift.id = delivery.gift_id AND purpose = 'gift'),
           (SELECT sender_email FROM orders_order WHERE id = delivery.order_id),
           (SELECT email FROM accounts_user WHERE id = delivery.user_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0003_workers"),
        ("accounts", "0001_initial"),
        ("friends", "0001_initial"),
        ("orders", "0009_amounts_in_64_bits"),
    ]

    operations = [
        migrations.RemoveConstraint("delivery", "delivery_sent_once_per_version"),
        migrations.RemoveConstraint("delivery", "delivery_purpose_has_its_subject"),
        migrations.AlterField("delivery", "purpose", models.CharField(max_length=20)),
        migrations.AddField(
            "delivery",
            "subject",
            models.CharField(
                default="", help_text="What it is about: gift:<id>.", max_length=60
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "delivery",
            "addressee",
            models.CharField(
                blank=True,
                default="",
                help_text="Which of several who are told the same: user:<id>.",
                max_length=60,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "delivery",
            "address",
            models.EmailField(
                default="", help_text="As it was when it was last tried.", max_length=254
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME_THEM),
        migrations.RemoveField("delivery", "alarm"),
        migrations.RemoveField("delivery", "gift"),
        migrations.RemoveField("delivery", "order"),
        migrations.RemoveField("delivery", "user"),
        migrations.AddConstraint(
            "delivery",
            models.UniqueConstraint(
                fields=("subject", "purpose", "addressee", "version"),
                name="delivery_sent_once_per_version",
            ),
        ),
        migrations.AddConstraint(
            "delivery",
            models.CheckConstraint(
                condition=models.Q(
                    ("purpose__regex", "^[a-z_]+$"),
                    ("subject__regex", "^[a-z_]+:[0-9a-f-]+$"),
                    models.Q(
                        ("addressee", ""),
                        ("addressee__regex", "^[a-z_]+:[0-9a-f-]+$"),
                        _connector="OR",
                    ),
                    models.Q(("address", ""), _negated=True),
                ),
                name="delivery_says_what_about_and_to_whom",
            ),
        ),
    ]
