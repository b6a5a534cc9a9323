"""The long form of the races: as many tills as will fit, for as long as it takes (make stress)."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from redemption.models import Brand
from redemption.pairing import PairedDevice
from tests.figures import Figure
from tests.races import (
    test_linear_balances,
    test_partial_amounts,
    test_survival,
    test_two_tills,
)
from tests.races.durable import DurablePostgres, durable_postgres
from tests.races.tills import Tills
from tests.server import running

ROUNDS = 2000
TILLS = 64
PARTS = 10_000
LINEAR_GIFTS, LINEAR_OPS, LINEAR_KILLS = 50, 200, 5
WEB_KILLS = 20
CRASHES = 10

pytestmark = [pytest.mark.stress, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tills(paired: PairedDevice) -> Iterator[Tills]:
    """Sixty-four, and as many threads in the server's two processes together."""
    with (
        running(threads=TILLS // 2) as server,
        closing(Tills(server, paired.token, TILLS)) as opened,
    ):
        yield opened


def test_sixty_four_tills_and_two_thousand_codes(
    tills: Tills, brand: Brand, figure: Figure
) -> None:
    test_two_tills.press_for_every_code(tills, brand, figure, rounds=ROUNDS)


def test_one_key_sent_by_sixty_four_at_once(tills: Tills, brand: Brand, figure: Figure) -> None:
    test_two_tills.press_one_key(tills, brand, figure, rounds=ROUNDS)


def test_ten_thousand_parts_never_exceed_the_whole(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    test_partial_amounts.take_all(paired, brand, figure, ops=PARTS)


def test_ten_thousand_acts_have_an_order_though_the_server_is_killed(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    brand.reversal_window_seconds = 24 * 3600
    brand.save()
    test_linear_balances.judge(
        paired, brand, figure, gifts=LINEAR_GIFTS, ops_per_gift=LINEAR_OPS, kills=LINEAR_KILLS
    )


def test_what_was_acknowledged_survives_twenty_kills(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    test_survival.web_killed(paired, brand, figure, kills=WEB_KILLS)


@pytest.fixture
def durable(transactional_db: None) -> Iterator[DurablePostgres]:
    with durable_postgres() as server:
        yield server


def test_what_was_acknowledged_survives_ten_crashes_of_the_database(
    durable: DurablePostgres, figure: Figure
) -> None:
    test_survival.database_crashed(durable, figure, crashes=CRASHES)
