"""What the database refuses, whatever the code does: an unbalanced entry, any edit of a fact, the removal
of who took part in one, and holds that say otherwise than the state of their code.

The hot tables name brands, stores, devices and staff without foreign keys: a check would lock the same
few rows for every redemption of a brand. In exchange those rows cannot be removed at all.
"""

from django.db import migrations

FACTS = (
    "redemption_journalentry",
    "redemption_posting",
    "redemption_redemption",
    "redemption_reversal",
    "redemption_auditentry",
    "redemption_refusedattempt",
    "redemption_goodwillgift",
    "redemption_optionlist",
)
KEPT = ("brands_brand", "brands_store", "redemption_staffmember")

# Finds an entry that is not there by the way, so that no foreign key has to look once more; and adds up one
# currency, that of the posting it fires for.
BALANCED = """
CREATE FUNCTION redemption_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER redemption_entry_is_balanced
    AFTER INSERT ON redemption_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION redemption_entry_is_balanced();
"""

STANDS = """
CREATE FUNCTION redemption_fact_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % refused: facts are only ever added', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
END $$;
"""

STAYS = """
CREATE FUNCTION redemption_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'DELETE of % refused: facts name this row', TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
END $$;
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

# Locks the code before it looks, so that two transactions that saw nothing of one another cannot both be right
# alone and wrong together. Only changes to and from `on_hold` are looked at: what a redemption does to a code
# costs nothing here.
HOLDS_AGREE = """
CREATE FUNCTION redemption_holds_and_state_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held_code uuid;
    its_state text;
BEGIN
    IF TG_TABLE_NAME = 'redemption_hold' THEN
        held_code := NEW.code_id;
    ELSE
        held_code := NEW.id;
    END IF;
    SELECT state INTO its_state FROM redemption_code WHERE id = held_code FOR NO KEY UPDATE;
    IF (its_state = 'on_hold') <> EXISTS (
           SELECT FROM redemption_hold WHERE code_id = held_code AND released_at IS NULL) THEN
        RAISE EXCEPTION 'code % is %, and its holds say otherwise', held_code, its_state
              USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER redemption_hold_agrees_with_state
    AFTER INSERT OR UPDATE ON redemption_hold DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION redemption_holds_and_state_agree();
CREATE CONSTRAINT TRIGGER redemption_code_is_born_with_holds
    AFTER INSERT ON redemption_code DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'on_hold')
    EXECUTE FUNCTION redemption_holds_and_state_agree();
CREATE CONSTRAINT TRIGGER redemption_state_agrees_with_holds
    AFTER UPDATE OF state ON redemption_code DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state = 'on_hold' OR NEW.state = 'on_hold'))
    EXECUTE FUNCTION redemption_holds_and_state_agree();
"""

HOLDS_STAND = """
CREATE FUNCTION redemption_hold_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % refused: a hold is placed, and released once', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER redemption_hold_is_only_released BEFORE UPDATE ON redemption_hold
    FOR EACH ROW WHEN (
        OLD.released_at IS NOT NULL
        OR (OLD.id, OLD.brand_id, OLD.code_id, OLD.cause, OLD.subject, OLD.reason, OLD.placed_at,
            OLD.placed_by_kind, OLD.placed_by, OLD.placed_by_name)
           IS DISTINCT FROM
           (NEW.id, NEW.brand_id, NEW.code_id, NEW.cause, NEW.subject, NEW.reason, NEW.placed_at,
            NEW.placed_by_kind, NEW.placed_by, NEW.placed_by_name))
    EXECUTE FUNCTION redemption_hold_stands();
CREATE TRIGGER redemption_hold_is_never_deleted BEFORE DELETE ON redemption_hold
    FOR EACH ROW EXECUTE FUNCTION redemption_hold_stands();
CREATE TRIGGER redemption_hold_is_never_truncated BEFORE TRUNCATE ON redemption_hold
    FOR EACH STATEMENT EXECUTE FUNCTION redemption_hold_stands();
"""

# Room in each page for the new version of a spent code, beside the old one.
ROOM = "ALTER TABLE redemption_code SET (fillfactor = 85);"


def guard(table: str) -> str:
    return f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION redemption_fact_stands();
CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION redemption_fact_stands();
"""


def keep(table: str, when: str = "") -> str:
    return f"""
CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}
    FOR EACH ROW {when} EXECUTE FUNCTION redemption_row_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("redemption", "0001_initial"), ("brands", "0001_initial")]

    operations = [
        migrations.RunSQL(BALANCED),
        migrations.RunSQL(STANDS + "".join(guard(table) for table in FACTS)),
        migrations.RunSQL(
            STAYS
            + "".join(keep(table) for table in KEPT)
            + keep("redemption_device", "WHEN (OLD.paired_at IS NOT NULL)")
        ),
        migrations.RunSQL(KEEPS_ITS_LIST),
        migrations.RunSQL(HOLDS_AGREE + HOLDS_STAND),
        migrations.RunSQL(ROOM),
    ]
