from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0010_tells_sender"),
    ]

    operations = [
        migrations.AddField(
            model_name="gift",
            name="opened_by",
            field=models.BinaryField(
                default=b"", help_text="SHA-256 of the key of the page that opened it.", max_length=32
            ),
        ),
        migrations.AddField(
            model_name="gift",
            name="passed_on_at",
            field=models.DateTimeField(
                help_text="When its sender said that they sent the link themselves.", null=True
            ),
        ),
        migrations.AddField(
            model_name="gift",
            name="printed_at",
            field=models.DateTimeField(
                help_text="When a card with its code was first printed: the code left our pages.",
                null=True,
            ),
        ),
    ]
