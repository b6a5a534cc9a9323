from collections.abc import Iterator

import pytest

from tests.races.durable import DurablePostgres, durable_postgres


@pytest.fixture
def durable(transactional_db: None) -> Iterator[DurablePostgres]:
    """A database that may be crashed, in the place of the one that tests share."""
    with durable_postgres() as server:
        yield server
