"""The long form of the races: as many tills as will fit, for as long as it takes (make stress)."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from redemption.models import Brand
from redemption.pairing import PairedDevice
from tests.figures import Figure
from tests.races import test_two_tills
from tests.races.tills import Tills
from tests.server import running

ROUNDS = 2000
TILLS = 64

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
