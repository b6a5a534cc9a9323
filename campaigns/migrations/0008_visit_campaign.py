"""Visits say for which campaign they came: a link can be moved to another."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
ALTER TABLE campaigns_visit DISABLE TRIGGER campaigns_visit_is_append_only;
UPDATE campaigns_visit AS visit SET campaign_id = link.campaign_id
  FROM campaigns_link AS link WHERE link.id = visit.link_id AND visit.campaign_id IS NULL;
ALTER TABLE campaigns_visit ENABLE TRIGGER campaigns_visit_is_append_only;
"""
"""No link was ever moved before, so each is still of the campaign that it was followed for."""
SAYS = "That of the link when it was followed; the link may be another's by now."


def of_campaign(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        help_text=SAYS,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="campaigns.campaign",
    )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_links_retire")]

    operations = [
        migrations.AddField("visit", "campaign", of_campaign(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("visit", "campaign", of_campaign(null=False)),
        migrations.AddIndex(
            "visit",
            models.Index(fields=["campaign", "-at", "-id"], name="visit_by_campaign"),
        ),
    ]
