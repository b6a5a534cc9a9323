"""The role that the product signs in with: it can do the product's work, and edit no fact (I4)."""

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from psycopg import sql

from brands.models import Brand
from giftshop.operator import roles
from redemption.audit import checkpoints
from redemption.audit.actors import Actor
from redemption.codes import expire, hold, void
from redemption.models import Device, StaffMember
from redemption.redeem import redeem, reverse
from tests.cast import Place, pay, symbols
from tests.redemption.books import issued

ROLE = f"giftshop_app_{os.getpid()}"

FACTS = [
    "campaigns_attribution",
    "campaigns_countervisit",
    "campaigns_fact",
    "campaigns_visit",
    "redemption_auditentry",
    "redemption_goodwillgift",
    "redemption_journalentry",
    "redemption_optionlist",
    "redemption_posting",
    "redemption_redemption",
    "redemption_refusedattempt",
    "redemption_reversal",
]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def app_role(db: None) -> Iterator[str]:
    """The whole connection works as the role until the end of the test."""
    roles.grant(ROLE)
    run(f"SET ROLE {ROLE}")
    yield ROLE
    if not connection.needs_rollback:
        run("RESET ROLE")


@pytest.fixture
def own_connection(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Signed in as the role itself, as web and worker are."""
    roles.grant(ROLE)
    where = connection.get_connection_params()
    with psycopg.connect(
        host=where.get("host") or "",
        port=where.get("port") or 5432,
        dbname=where["dbname"],
        user=ROLE,
        autocommit=True,
    ) as own:
        yield own
    run(f"DROP OWNED BY {ROLE}")
    run(f"DROP ROLE {ROLE}")


EDITS = (
    "UPDATE {table} SET brand_id = brand_id",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER {guard}",
    "ALTER TABLE {table} OWNER TO {role}",
    "DROP TRIGGER {guard} ON {table}",
    "DROP TABLE {table} CASCADE",
    "CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION redemption_fact_stands()",
)
"""What would change a table of facts, or take its guard off."""


@pytest.mark.django_db
def test_the_triggers_themselves_say_which_tables_hold_facts() -> None:
    assert roles.fact_tables() == FACTS


def test_no_fact_can_be_edited_nor_its_guard_taken_off(
    own_connection: psycopg.Connection[Any],
) -> None:
    for table in FACTS:
        own_connection.execute(
            f"GRANT ALL ON {table} TO {ROLE}"
        )  # PostgreSQL only warns: nothing to give
        names = {
            "table": sql.Identifier(table),
            "guard": sql.Identifier(f"{table}_is_append_only"),
            "role": sql.Identifier(ROLE),
        }
        for statement in EDITS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own_connection.execute(sql.SQL(statement).format(**names))
                raise AssertionError(statement)


def test_nor_what_stands_behind_it(own_connection: psycopg.Connection[Any]) -> None:
    for statement in (
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION redemption_fact_stands() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
        "DROP FUNCTION redemption_entry_is_balanced() CASCADE",
        "ALTER TABLE redemption_code DROP CONSTRAINT code_balance_between_0_and_amount",
        "CREATE TABLE public.mine (id int)",
        "SET ROLE giftshop",
        "DELETE FROM django_migrations",
        "CREATE ROLE another",
        "COPY redemption_code TO PROGRAM 'cat'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own_connection.execute(statement)
            raise AssertionError(statement)


def test_the_products_work_can_be_done(
    in_brand: Brand,
    device: Device,
    manager: StaffMember,
    place: Place,
    treat: Any,
    app_role: str,
) -> None:
    """From selling to sealing; the checks that wait for the commit are made as the role too."""
    pay(place())
    mo = Actor.staff(manager)
    first, second = issued(in_brand, 1000), issued(in_brand, 500)
    answer = redeem.redeem(device=device, text=symbols(first), key="a", amount=300)
    reverse.reverse(device=device, redemption_id=UUID(answer.body["id"]), reason="spilt")
    assert redeem.redeem(device=device, text="0000", key="b").status_code == 404
    hold.place(code_id=first.pk, actor=mo, reason="stolen?")
    void.void(code_id=second.pk, actor=mo, reason="ordered twice")
    expire.expire_due()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    assert checkpoints.seal_facts(now=timezone.now() + checkpoints.GRACE) == 1
    call_command("verify_ledger")
    call_command("verify_audit")


@pytest.mark.django_db
def test_the_role_may_read_and_change_every_other_table() -> None:
    roles.grant(ROLE)
    others = set(connection.introspection.table_names()) - {*FACTS, *roles.OWNERS_ONLY}
    for table in others:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'SELECT'), has_table_privilege(%s, %s, 'UPDATE'),"
                " has_table_privilege(%s, %s, 'TRUNCATE')",
                [ROLE, table] * 3,
            )
            assert cursor.fetchone() == (True, True, False), table


class TestTheCommand:
    @pytest.mark.django_db
    def test_it_can_be_run_again_and_again(
        self, settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.DATABASE_APP_ROLE, settings.DATABASE_APP_PASSWORD = ROLE, "it's; a secret"
        for _ in range(2):
            call_command("grant_app_role")
            said = capsys.readouterr().out
            assert f"{ROLE} may add to {len(FACTS)} tables of facts, not edit" in said
            assert "secret" not in said

    def test_without_a_role_there_is_nothing_to_do(
        self, settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.DATABASE_APP_ROLE = ""
        call_command("grant_app_role")
        assert "nothing to grant" in capsys.readouterr().out

    @pytest.mark.django_db
    def test_the_owner_is_no_such_role(self, settings: Any) -> None:
        settings.DATABASE_APP_ROLE = connection.get_connection_params().get("user", "giftshop")
        with pytest.raises(CommandError, match="could switch off"):
            call_command("grant_app_role")
