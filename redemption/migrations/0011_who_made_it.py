"""Who made a device's token and who gave somebody a PIN, told by the trail for those who are there."""

import django.contrib.postgres.fields
from django.db import migrations, models


def read_the_trail(apps, schema_editor):
    """In the order of the acts: who gave a PIN passes on who could have been they by then."""
    entry, device, staff = (
        apps.get_model("redemption", name) for name in ("AuditEntry", "Device", "StaffMember")
    )
    invited = entry.objects.filter(act="device.invited", actor_id__isnull=False)
    for subject, actor in invited.values_list("subject", "actor_id").iterator():
        device.objects.filter(pk=subject.removeprefix("device:")).update(invited_by=actor)
    known = {}
    given = entry.objects.filter(
        act__in=["staff.added", "staff.pin_reset"], actor_kind="staff"
    ).order_by("brand", "number")
    for subject, actor in given.values_list("subject", "actor_id").iterator():
        member = subject.removeprefix("staff:")
        if member != str(actor):
            could_be = {actor, *known.get(str(actor), set())}
            known.setdefault(member, set()).update(could_be)
    for member, others in known.items():
        others = sorted(other for other in others if str(other) != member)
        staff.objects.filter(pk=member).update(pin_known_to=others)


class Migration(migrations.Migration):
    dependencies = [("redemption", "0010_wrong_tries_by_time")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="invited_by",
            field=models.UUIDField(
                help_text="The staff member or user who made its token; empty: at the server.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="staffmember",
            name="pin_known_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                default=list,
                help_text="Managers who gave them a PIN, and those who gave one to such a manager.",
                size=None,
            ),
        ),
        migrations.RunPython(read_the_trail, migrations.RunPython.noop),
    ]
