from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from redemption.codes import wipe
from redemption.models import Code, Device
from redemption.redeem import redeem
from tests.cast import Place, pay, symbols


@pytest.mark.usefixtures("every_brand")
def test_a_spent_code_is_forgotten_a_day_later(device: Device, code: Code) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    assert wipe.wipe_spent_codes(now=timezone.now()) == 0
    assert wipe.wipe_spent_codes(now=timezone.now() + timedelta(days=1, seconds=1)) == 1
    code.refresh_from_db()
    assert code.reveal() is None
    assert code.reveal_grouped().endswith(code.last4)


@pytest.mark.usefixtures("every_brand")
def test_a_code_that_is_still_good_is_kept(code: Code) -> None:
    assert wipe.wipe_spent_codes(now=timezone.now() + timedelta(days=999)) == 0


@pytest.mark.usefixtures("every_brand")
def test_a_run_that_is_cut_off_keeps_what_it_did(
    device: Device, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day may spend more codes than one statement has time for: then no later one had either."""
    codes = [gift.code for _ in range(2) for gift in pay(place()).gifts.order_by("pk")]
    for code in codes:
        assert code
        redeem.redeem(
            device=device, text=symbols(code), key=str(code.pk), picks={"flavour": "mint"}
        )
    monkeypatch.setattr(wipe, "REDEMPTIONS_AT_ONCE", 1)
    later, plain, cut = timezone.now() + timedelta(days=2), QuerySet.update, [0]

    def update(rows: QuerySet[Code], **values: Any) -> int:
        cut[0] += "ciphertext" in values
        if cut[0] == 3:
            raise OperationalError("canceling statement due to statement timeout")
        return plain(rows, **values)

    monkeypatch.setattr(QuerySet, "update", update)
    with pytest.raises(OperationalError):
        wipe.wipe_spent_codes(now=later)
    assert [
        code.reveal() is None for code in Code.objects.order_by("redemptions__redeemed_at")
    ] == [
        *[True] * 2,
        *[False] * (len(codes) - 2),
    ]
    assert wipe.wipe_spent_codes(now=later) == len(codes) - 2
