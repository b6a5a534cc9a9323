"""A passkey is found by an index, a used recovery code is told, and operators have a time for a second factor."""

from django.db import migrations, models
from django.utils import timezone


def begin(apps, _schema):
    """Who ran the installation before has the same time as whoever begins now."""
    apps.get_model("accounts", "User").objects.filter(is_staff=True, grace_from=None).update(
        grace_from=timezone.now()
    )


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0009_opening_codes"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="grace_from",
            field=models.DateTimeField(
                help_text="Of a role that they left, or as an operator: a second factor's time is not given twice.",
                null=True,
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="accountletter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign_in_code", "Sign In Code"),
                    ("new_password", "New Password"),
                    ("new_browser", "New Browser"),
                    ("address_code", "Address Code"),
                    ("proof_code", "Proof Code"),
                    ("factor_changed", "Factor Changed"),
                    ("opening_code", "Opening Code"),
                    ("recovery_code_used", "Recovery Code Used"),
                ],
                max_length=20,
            ),
        ),
        # As giftshop/sign_in/factors/passkeys.py asks. Of codes it is nothing, which is not unique.
        migrations.RunSQL(
            "CREATE UNIQUE INDEX passkey_by_credential ON mfa_authenticator ((data #>> '{credential,id}'))",
            "DROP INDEX passkey_by_credential",
        ),
    ]
