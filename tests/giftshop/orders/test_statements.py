"""What an order costs the database does not grow with its gifts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giftshop.catalog.models import Treat
from tests.cast import Place, line, pay

STATEMENTS_MAX = 25
"""Placed and paid, in a test's transaction: there each of the two is in a savepoint, and BEGIN is one too."""


@pytest.mark.usefixtures("in_brand")
def test_twenty_gifts_cost_as_many_statements_as_one(place: Place, treat: Treat) -> None:
    pay(place())  # the terms and choices are written once for all orders
    counts = []
    for gifts in (1, 20):
        lines = [line(Treat.objects.get(pk=treat.pk), f"Friend {n}") for n in range(gifts)]
        with CaptureQueriesContext(connection) as asked:
            pay(place(lines=lines))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= STATEMENTS_MAX
