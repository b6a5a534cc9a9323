"""The outbox hears redemption by triggers: a fact and the message about it are one commit, whoever
inserts the fact, and the till's one statement stays one. The relay addresses what they write."""

from django.db import migrations

TELL = """
CREATE FUNCTION outbox_tell_redemption() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_message (id, topic, subscriber, brand_id, payload, available_at, occurred_at,
                                attempts, error)
    VALUES (NEW.id, 'code.redeemed', '', NEW.brand_id, jsonb_build_object(
                'redemption_id', NEW.id, 'code_id', NEW.code_id, 'store_id', NEW.store_id,
                'amount', NEW.amount, 'extra_amount', NEW.extra_amount,
                'basket_total', NEW.basket_total, 'currency', NEW.currency),
            NEW.redeemed_at, NEW.redeemed_at, 0, '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_hears AFTER INSERT ON redemption_redemption
    FOR EACH ROW EXECUTE FUNCTION outbox_tell_redemption();

CREATE FUNCTION outbox_tell_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_message (id, topic, subscriber, brand_id, payload, available_at, occurred_at,
                                attempts, error)
    SELECT NEW.id, 'redemption.reversed', '', r.brand_id, jsonb_build_object(
               'redemption_id', r.id, 'code_id', r.code_id, 'store_id', r.store_id,
               'amount', r.amount, 'extra_amount', r.extra_amount,
               'basket_total', r.basket_total, 'currency', r.currency),
           NEW.reversed_at, NEW.reversed_at, 0, ''
      FROM redemption_redemption r WHERE r.id = NEW.redemption_id;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_hears AFTER INSERT ON redemption_reversal
    FOR EACH ROW EXECUTE FUNCTION outbox_tell_reversal();

CREATE FUNCTION outbox_tell_alarm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_message (id, topic, subscriber, brand_id, payload, available_at, occurred_at,
                                attempts, error)
    VALUES (NEW.id, 'alarm.raised', '', NEW.brand_id, jsonb_build_object('alarm_id', NEW.id),
            NEW.raised_at, NEW.raised_at, 0, '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_hears AFTER INSERT ON redemption_alarm
    FOR EACH ROW WHEN (NEW.brand_id IS NOT NULL) EXECUTE FUNCTION outbox_tell_alarm();
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("redemption", "0002_what_the_database_refuses")]

    operations = [migrations.RunSQL(TELL)]
