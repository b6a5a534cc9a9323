"""After a transactional test nothing is left of it, facts included; what migrations wrote is."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

from giftshop.orders.models import Order
from redemption.models import Posting, StaffMember
from tests.conftest import KEPT, filled_tables

pytestmark = pytest.mark.django_db(transaction=True)


def filled() -> set[str]:
    with connection.cursor() as cursor:
        return set(filled_tables(cursor))


def kept() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in KEPT:
            cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table)))
            counts[table] = cursor.fetchone()[0]
        return counts


def test_every_row_goes_but_those_of_the_migrations(
    paid_order: Order, cashier: StaffMember, every_brand: None
) -> None:
    before = kept()
    assert all(before.values())
    assert {
        Posting._meta.db_table,
        Order._meta.db_table,
        "redemption_staffmember_stores",
    } <= filled()

    call_command("flush", interactive=False, verbosity=0)

    assert filled() == set()
    assert all(
        not model._base_manager.exists()
        for model in apps.get_models()
        if model._meta.db_table not in KEPT
    )
    assert kept() == before


def test_the_database_refuses_facts_their_end_again(paid_order: Order) -> None:
    """Its triggers are off for the clearing alone."""
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
