"""Facts, visits and attributions are only ever added: the database refuses anything else."""

from django.db import migrations

FACTS = ("campaigns_fact", "campaigns_visit", "campaigns_attribution")


def guard(table: str) -> str:
    return f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION redemption_fact_stands();
CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION redemption_fact_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("redemption", "0002_what_the_database_refuses")]

    operations = [
        migrations.RunSQL("".join(guard(table) for table in FACTS))
    ]
