"""What there is to choose is a row that many gifts share; codes and redemptions keep the picks alone."""

import django.db.models.deletion
from django.db import migrations, models

# Digests cannot be made in SQL, and seals over redemptions would break: nothing was released with these.
BEGIN_ANEW = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM redemption_code WHERE choices <> '[]') THEN
        RAISE EXCEPTION 'This database is of an earlier layout of Giftshop, before its first release.'
              USING HINT = 'Begin anew with an empty one; a demo with: make demo RESET=1';
    END IF;
END $$;
"""

STANDS = """
CREATE TRIGGER redemption_optionlist_is_append_only BEFORE UPDATE OR DELETE ON redemption_optionlist
    FOR EACH ROW EXECUTE FUNCTION redemption_fact_stands();
CREATE TRIGGER redemption_optionlist_is_never_truncated BEFORE TRUNCATE ON redemption_optionlist
    FOR EACH STATEMENT EXECUTE FUNCTION redemption_fact_stands();
"""
STANDS_NO_MORE = """
DROP TRIGGER redemption_optionlist_is_append_only ON redemption_optionlist;
DROP TRIGGER redemption_optionlist_is_never_truncated ON redemption_optionlist;
"""

KEEPS_ITS_LIST = """
CREATE FUNCTION redemption_code_keeps_its_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'another option list for code % refused: it offers what was bought', OLD.id
          USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER redemption_code_keeps_its_list BEFORE UPDATE OF option_list_id ON redemption_code
    FOR EACH ROW WHEN (OLD.option_list_id IS DISTINCT FROM NEW.option_list_id)
    EXECUTE FUNCTION redemption_code_keeps_its_list();
"""
KEEPS_ITS_LIST_NO_MORE = """
DROP TRIGGER redemption_code_keeps_its_list ON redemption_code;
DROP FUNCTION redemption_code_keeps_its_list();
"""


def list_of(on: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=on,
        name="option_list",
        field=models.ForeignKey(
            db_constraint=False,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="redemption.optionlist",
            **(
                {"help_text": "What there is to choose, for good: the database refuses another."}
                if on == "code"
                else {}
            ),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("redemption", "0018_token_rotation")]

    operations = [
        migrations.RunSQL(BEGIN_ANEW, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OptionList",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("groups", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="redemption.brand",
                    ),
                ),
            ],
        ),
        migrations.RemoveField(model_name="code", name="choices"),
        migrations.RemoveField(model_name="redemption", name="choices"),
        list_of("code"),
        list_of("redemption"),
        migrations.AddField(
            model_name="code",
            name="picks",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Option keys by choice, see redemption.choices.Picked.",
            ),
        ),
        migrations.AddField(
            model_name="redemption",
            name="picks",
            field=models.JSONField(default=dict, help_text="As they were handed over."),
        ),
        migrations.RunSQL(STANDS, STANDS_NO_MORE),
        migrations.RunSQL(KEEPS_ITS_LIST, KEEPS_ITS_LIST_NO_MORE),
    ]
