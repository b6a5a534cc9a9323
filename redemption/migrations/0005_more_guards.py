"""More that the database refuses: edits of the trail, and the removal of who took part in a fact.

The hot tables name brands, stores, devices and staff without foreign keys: a check would lock the same
few rows for every redemption of a brand. In exchange those rows cannot be removed at all.
"""

from django.db import migrations

FACTS = ("redemption_auditentry", "redemption_refusedattempt")
KEPT = ("redemption_brand", "redemption_store", "redemption_staffmember")

STAYS = """
CREATE FUNCTION redemption_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'DELETE of % refused: facts name this row', TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def guard(table: str) -> str:
    return f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION redemption_fact_stands();
CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION redemption_fact_stands();
"""


def unguard(table: str) -> str:
    return (
        f"DROP TRIGGER {table}_is_append_only ON {table};"
        f"DROP TRIGGER {table}_is_never_truncated ON {table};"
    )


def keep(table: str, when: str = "") -> str:
    return f"""
CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}
    FOR EACH ROW {when} EXECUTE FUNCTION redemption_row_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("redemption", "0004_acts_limits_and_lean_rows")]

    operations = [
        migrations.RunSQL(
            STAYS
            + "".join(guard(table) for table in FACTS)
            + "".join(keep(table) for table in KEPT)
            + keep("redemption_device", "WHEN (OLD.paired_at IS NOT NULL)"),
            "".join(unguard(table) for table in FACTS)
            + "".join(
                f"DROP TRIGGER {table}_stays ON {table};" for table in (*KEPT, "redemption_device")
            )
            + "DROP FUNCTION redemption_row_stays();",
        ),
        # Room in each page for the new version of a spent code, beside the old one.
        migrations.RunSQL(
            "ALTER TABLE redemption_code SET (fillfactor = 85);",
            "ALTER TABLE redemption_code RESET (fillfactor);",
        ),
    ]
