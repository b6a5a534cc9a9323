from datetime import timedelta

import pytest
from django.utils import timezone

from redemption import redeeming, wiping
from redemption.models import Code, Device
from tests.cast import symbols


@pytest.mark.usefixtures("every_brand")
def test_a_spent_code_is_forgotten_a_day_later(device: Device, code: Code) -> None:
    redeeming.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    assert wiping.wipe_spent_codes(now=timezone.now()) == 0
    assert wiping.wipe_spent_codes(now=timezone.now() + timedelta(days=1, seconds=1)) == 1
    code.refresh_from_db()
    assert code.reveal() is None
    assert code.reveal_grouped().endswith(code.last4)


@pytest.mark.usefixtures("every_brand")
def test_a_code_that_is_still_good_is_kept(code: Code) -> None:
    assert wiping.wipe_spent_codes(now=timezone.now() + timedelta(days=999)) == 0
