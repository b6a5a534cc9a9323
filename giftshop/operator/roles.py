"""Who may do what in PostgreSQL: an owner migrates, the product works as somebody lesser.

The triggers that keep facts from being edited belong to whoever owns the tables, who could switch them
off. So web, worker and beat sign in as a role that owns nothing: it reads and adds, changes what may be
changed, and of the tables of facts it was never given UPDATE, DELETE or TRUNCATE in the first place.
Which tables those are is asked of the triggers themselves, so that none can be forgotten here.
"""

from django.db import connection, transaction
from psycopg import sql

OWNERS_ONLY = ("django_migrations",)

_FACTS = """
    SELECT DISTINCT c.relname FROM pg_trigger t
      JOIN pg_proc p ON p.oid = t.tgfoid
      JOIN pg_class c ON c.oid = t.tgrelid
     WHERE p.proname = 'redemption_fact_stands' AND c.relnamespace = 'public'::regnamespace
     ORDER BY c.relname
"""
_STRONGER = """
    SELECT rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication
           OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid
                        AND c.relnamespace = 'public'::regnamespace)
           OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
      FROM pg_roles r WHERE rolname = %s
"""


class UnfitRole(Exception):
    """The role could do more than the product may: it owns tables, or stands above them."""


def fact_tables() -> list[str]:
    """Tables whose rows are only ever added."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS)
        return [name for (name,) in cursor.fetchall()]


def grant(role: str, *, password: str = "") -> None:
    """Make the role if there is none, and give it what the product needs and no more. Run as the owner
    after each migration; changes nothing the second time. Raises UnfitRole.

    `password`: set anew each time; empty leaves it as it is.
    """
    with transaction.atomic():
        _make(role)
        if password:
            _run("ALTER ROLE {role} PASSWORD {password}", role, password=sql.Literal(password))
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ):
            _run(statement, role)
        for table in fact_tables():
            _run("REVOKE UPDATE, DELETE ON {table} FROM {role}", role, table=sql.Identifier(table))
        for table in OWNERS_ONLY:
            _run(
                "REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}",
                role,
                table=sql.Identifier(table),
            )


def _make(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STRONGER, [role])
        known = cursor.fetchone()
    if known is None:
        _run("CREATE ROLE {role} LOGIN", role)
    elif known[0]:
        raise UnfitRole(role)


def _run(statement: str, role: str, **parts: sql.Composable) -> None:
    composed = sql.SQL(statement).format(role=sql.Identifier(role), **parts)
    with connection.cursor() as cursor:
        cursor.execute(composed)
