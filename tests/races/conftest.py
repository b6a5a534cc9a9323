from collections.abc import Iterator

import pytest

from redemption.till.devices import PairedDevice
from tests.races.durable import DurablePostgres, durable_postgres
from tests.races.mail_sink import Sink, served
from tests.server import Server, free_port, running


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[Server]:
    """The product as deployed, for tests that leave it alive."""
    with running() as started:
        yield started


@pytest.fixture
def durable(transactional_db: None) -> Iterator[DurablePostgres]:
    """A database that may be crashed, in the place of the one that tests share."""
    with durable_postgres() as server:
        yield server


@pytest.fixture
def paired(till_system: PairedDevice) -> PairedDevice:
    """Who asks here is a program, not a tablet."""
    return till_system


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server."""
    with served(Sink(free_port())) as sink:
        yield sink
