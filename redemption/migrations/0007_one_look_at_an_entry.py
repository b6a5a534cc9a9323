"""The trigger that looks at an entry's sum finds an entry that is not there by the way, so that no
foreign key has to look once more; and it adds up one currency, that of the posting it fires for."""

import django.db.models.deletion
from django.db import migrations, models

BALANCED = """
CREATE OR REPLACE FUNCTION redemption_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
BEGIN
    SELECT sum(p.amount) INTO total
      FROM redemption_journalentry e JOIN redemption_posting p ON p.entry_id = e.id
     WHERE e.id = NEW.entry_id AND p.currency = NEW.currency;
    IF total IS NULL THEN
        RAISE EXCEPTION 'posting % names no journal entry', NEW.id
              USING ERRCODE = 'foreign_key_violation';
    ELSIF total <> 0 THEN
        RAISE EXCEPTION 'journal entry % is off by % %', NEW.entry_id, total, NEW.currency
              USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION redemption_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    off_by record;
BEGIN
    SELECT currency, sum(amount) AS total INTO off_by
      FROM redemption_posting WHERE entry_id = NEW.entry_id
     GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % is off by % %', NEW.entry_id, off_by.total, off_by.currency
              USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("redemption", "0006_marks_of_expiry")]

    operations = [
        migrations.RunSQL(BALANCED, BEFORE),
        migrations.AlterField(
            model_name="posting",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="redemption.journalentry",
            ),
        ),
    ]
