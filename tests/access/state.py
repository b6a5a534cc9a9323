"""Whether anything in the database changed: one digest of every row of every table."""

from django.db import connection

ASIDE = {
    "django_session": "a visit's own memory: what it saw, never what there is",
    "campaigns_visit": "the access log: that a tracking link was followed",
    "redemption_ratecount": "the access log: how often an address followed links",
    "redemption_wrongtries": "the access log: that a wrong link was opened",
    "django_migrations": "not ours",
}
"""Tables that a GET may write, and why."""

DIGEST = """
SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM "{}" AS t
"""


def digests() -> dict[str, str]:
    """A digest by table. One query a table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - set(ASIDE)):
            cursor.execute(DIGEST.format(table))

            found[table] = cursor.fetchone()[0]
    return found
