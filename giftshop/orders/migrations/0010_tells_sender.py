from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0009_erased_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='gift',
            name='tells_sender',
            field=models.BooleanField(default=True, help_text="Whether its sender sees that it was enjoyed, and where: its recipient's choice."),
        ),
    ]
