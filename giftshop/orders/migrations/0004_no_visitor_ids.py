from django.db import migrations, models

DIGEST = """
UPDATE orders_order SET visitor = sha256(convert_to(visitor_id, 'UTF8')) WHERE visitor_id <> ''
"""
"""As core.crypto.token_digest, with which campaigns look for it."""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_undeliverable_gifts")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="visitor",
            field=models.BinaryField(
                default=b"",
                help_text="SHA-256 of the visitor id, or empty. Campaigns read it.",
                max_length=32,
            ),
        ),
        migrations.RunSQL(DIGEST, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="order", name="visitor_id"),
        migrations.RemoveField(model_name="draft", name="visitor_id"),
    ]
