from django.db import migrations, models

REFUNDED = """
UPDATE redemption_code SET paid_back = least(refunded.total, amount - discount)
  FROM (SELECT p.code_id, -sum(p.amount) AS total
          FROM redemption_posting p JOIN redemption_journalentry e ON e.id = p.entry_id
         WHERE e.kind = 'refund' AND p.account = 'refunds' AND p.code_id IS NOT NULL
           AND e.reference !~ ':(goodwill|came-first)$'
         GROUP BY p.code_id) refunded
 WHERE redemption_code.id = refunded.code_id
"""
"""As ledger/verify.py counts it, and tells of a code that got back a cent more than was paid."""


class Migration(migrations.Migration):
    dependencies = [
        ("redemption", "0010_discount"),
    ]

    operations = [
        migrations.AddField(
            model_name="code",
            name="paid_back",
            field=models.PositiveBigIntegerField(
                db_default=0,
                default=0,
                help_text="Of what was paid for it, as much was taken off it by refunds.",
            ),
        ),
        migrations.AddConstraint(
            model_name="code",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_back__lte", models.F("amount") - models.F("discount"))
                ),
                name="code_paid_back_within_paid",
            ),
        ),
        migrations.RunSQL(REFUNDED, migrations.RunSQL.noop),
    ]
