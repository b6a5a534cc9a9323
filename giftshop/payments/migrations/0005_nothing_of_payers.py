import json

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from giftshop.payments.stripe import events
from core import crypto

BATCH = 500


def seal_open_pages(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    payments = apps.get_model("payments", "Payment")
    for payment in payments.objects.filter(state="open").exclude(url="").iterator(BATCH):
        payment.url_ciphertext = crypto.seal(payment.url, context=f"payment:{payment.pk}")
        payment.save(update_fields=["url_ciphertext"])


def forget_payers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    stored = apps.get_model("payments", "StripeEvent")
    batch = []
    for event in stored.objects.only("payload").iterator(BATCH):
        event.payload = events.kept(json.loads(event.payload))
        batch.append(event)
        if len(batch) == BATCH:
            stored.objects.bulk_update(batch, ["payload"])
            batch = []
    stored.objects.bulk_update(batch, ["payload"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_stripeevent_worker_id")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="url_ciphertext",
            field=models.BinaryField(default=b""),
        ),
        migrations.RunPython(seal_open_pages, migrations.RunPython.noop),
        migrations.RemoveField(model_name="payment", name="url"),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("url_ciphertext", b""), _connector="OR"),
                name="payment_page_known_while_open",
            ),
        ),
        migrations.RunPython(forget_payers, migrations.RunPython.noop),
    ]
