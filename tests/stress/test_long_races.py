"""The long form of the races: as many tills as will fit, for as long as it takes (make stress)."""

import pytest

from redemption.models import Brand
from redemption.pairing import PairedDevice
from tests.races import test_two_tills
from tests.races.tills import Tills
from tests.server import running

ROUNDS = 2000
TILLS = 64

pytestmark = [pytest.mark.stress, pytest.mark.django_db(transaction=True)]


def test_sixty_four_tills_and_two_thousand_codes(paired: PairedDevice, brand: Brand) -> None:
    with running(threads=32) as server:
        tills = Tills(server.port, paired.token, TILLS)
        test_two_tills.press_for_every_code(tills, brand, rounds=ROUNDS)
        tills.close()


def test_one_key_sent_by_sixty_four_at_once(paired: PairedDevice, brand: Brand) -> None:
    with running(threads=32) as server:
        tills = Tills(server.port, paired.token, TILLS)
        test_two_tills.press_one_key(tills, brand, rounds=ROUNDS)
        tills.close()
