"""What the database refuses, whatever the code does: an unbalanced entry, and any edit of a fact."""

from django.db import migrations

FACTS = (
    "redemption_journalentry",
    "redemption_posting",
    "redemption_redemption",
    "redemption_reversal",
)

BALANCED = """
CREATE FUNCTION redemption_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER redemption_entry_is_balanced
    AFTER INSERT ON redemption_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION redemption_entry_is_balanced();
"""

APPEND_ONLY = """
CREATE FUNCTION redemption_fact_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % refused: facts are only ever added', TG_OP, TG_TABLE_NAME
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


class Migration(migrations.Migration):
    dependencies = [("redemption", "0001_initial")]

    operations = [
        migrations.RunSQL(
            BALANCED + APPEND_ONLY + "".join(guard(table) for table in FACTS),
            "".join(unguard(table) for table in FACTS)
            + "DROP TRIGGER redemption_entry_is_balanced ON redemption_posting;"
            + "DROP FUNCTION redemption_entry_is_balanced(); DROP FUNCTION redemption_fact_stands();",
        )
    ]
