from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from redemption.till.devices import PairedDevice
from tests.races.durable import DurablePostgres, durable_postgres
from tests.races.mail_sink import Sink
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
    handler = Sink(free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()
