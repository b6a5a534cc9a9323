"""Each thing that holds a code has a row, and the code's state agrees with the rows that are open.

The database refuses a commit in which they differ. It locks the code before it looks, so that two
transactions that saw nothing of one another cannot both be right alone and wrong together. Only changes to
and from `on_hold` are looked at: what a redemption does to a code costs nothing here.
"""

import django.db.models.deletion
import core.ids
from django.db import migrations, models

AGREE = """
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
NO_AGREEMENT = """
DROP TRIGGER redemption_hold_agrees_with_state ON redemption_hold;
DROP TRIGGER redemption_code_is_born_with_holds ON redemption_code;
DROP TRIGGER redemption_state_agrees_with_holds ON redemption_code;
DROP FUNCTION redemption_holds_and_state_agree();
"""

STANDS = """
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
STANDS_NOT = """
DROP TRIGGER redemption_hold_is_only_released ON redemption_hold;
DROP TRIGGER redemption_hold_is_never_deleted ON redemption_hold;
DROP TRIGGER redemption_hold_is_never_truncated ON redemption_hold;
DROP FUNCTION redemption_hold_stands();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('redemption', '0019_option_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(choices=[('hand', 'Hand'), ('dispute', 'Dispute'), ('warning', 'Warning'), ('refund', 'Refund')], max_length=7)),
                ('subject', models.CharField(blank=True, help_text='What has to end before it is released: dispute:<id>. Empty: a manager lets go.', max_length=120)),
                ('reason', models.CharField(max_length=200)),
                ('placed_at', models.DateTimeField()),
                ('placed_by_kind', models.CharField(help_text='staff, user or system', max_length=8)),
                ('placed_by', models.UUIDField(null=True)),
                ('placed_by_name', models.CharField(max_length=120)),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by_kind', models.CharField(blank=True, max_length=8)),
                ('released_by', models.UUIDField(null=True)),
                ('released_by_name', models.CharField(blank=True, max_length=120)),
                ('release_reason', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='code',
            name='code_state_and_balance_agree',
        ),
        migrations.AlterField(
            model_name='code',
            name='state',
            field=models.CharField(choices=[('active', 'Active'), ('redeemed', 'Redeemed'), ('on_hold', 'On hold'), ('voided', 'Voided'), ('expired', 'Expired')], default='active', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('balance__gt', 0), ('state__in', ['active', 'on_hold'])), models.Q(('balance', 0), ('state__in', ['redeemed', 'voided', 'expired'])), _connector='OR'), name='code_state_and_balance_agree'),
        ),
        migrations.AddField(
            model_name='hold',
            name='brand',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.brand'),
        ),
        migrations.AddField(
            model_name='hold',
            name='code',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='redemption.code'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('code', 'subject'), name='hold_one_open_per_code_and_subject'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', 'hand'), ('subject', '')), models.Q(models.Q(('cause', 'hand'), _negated=True), models.Q(('subject', ''), _negated=True)), _connector='OR'), name='hold_by_hand_has_no_subject'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('placed_by__isnull', True), ('placed_by_kind', 'system')), models.Q(('placed_by__isnull', False), ('placed_by_kind__in', ['staff', 'user'])), _connector='OR'), name='hold_was_placed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('release_reason', ''), ('released_at__isnull', True), ('released_by__isnull', True), ('released_by_kind', ''), ('released_by_name', '')), models.Q(('released_at__isnull', False), models.Q(('release_reason', ''), _negated=True), models.Q(models.Q(('released_by__isnull', True), ('released_by_kind', 'system')), models.Q(('released_by__isnull', False), ('released_by_kind__in', ['staff', 'user'])), _connector='OR')), _connector='OR'), name='hold_release_has_its_who_when_and_why'),
        ),
        migrations.RunSQL(AGREE + STANDS, STANDS_NOT + NO_AGREEMENT),
    ]
