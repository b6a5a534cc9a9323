"""Whether anything in the database changed: one digest of every row of every table."""

from django.db import connection

ASIDE = {
    "django_session": "a visit's own memory: what it saw, never what there is",
    "campaigns_visit": "the access log: that a tracking link was followed",
    "campaigns_countervisit": "the access log: that the code of a counter was followed",
    "redemption_ratecount": "the access log: how often an address followed links",
    "redemption_wrongtries": "the access log: that a wrong link was opened",
    "django_migrations": "not ours",
}
"""Tables that a GET may write, and why."""

DIGEST = """
SELECT '{0}', count(*) || ':' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM "{0}" AS t
"""


def digests() -> dict[str, str]:
    """A digest by table, all of them by one query."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - set(ASIDE))
        cursor.execute(" UNION ALL ".join(DIGEST.format(table) for table in tables))
        return dict(cursor.fetchall())
