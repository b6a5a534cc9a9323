"""A till that is shown what a gift had before says so: of its code and of its link, and of nobody else's."""

import pytest
from django.utils import timezone
from django_scopes import scope

from giftshop.delivery import mend
from giftshop.delivery.mend import Wanted
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift
from redemption.models import Device, RefusedAttempt, RetiredCode
from redemption.redeem.lookup import look_up
from redemption.redeem.reasons import Reason
from redemption.redeem.redeem import redeem
from redemption.redeem.rules import ReplacedCode, UnknownCode
from tests.cast import symbols

pytestmark = pytest.mark.django_db


def mended(gift: Gift, email: str = "ben@new.example") -> Gift:
    with scope(brand=gift.order.brand):
        wanted = Wanted(**{**Wanted.of(gift).facts, "email": email})
        now = timezone.now()
        assert mend.mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=now)
        return Gift.objects.with_everything().get(pk=gift.pk)


def address(gift: Gift) -> str:
    return f"https://gifts.example.com/gift/{gift.link_token()}/"


@pytest.mark.parametrize("shown", [address, lambda gift: symbols(gift.code)], ids=["link", "code"])
def test_it_says_that_there_is_a_newer_one(gift: Gift, device: Device, shown: object) -> None:
    assert callable(shown)
    olds = [shown(gift)]
    once = mended(gift)
    olds.append(shown(once))
    newest = mended(once, "ben@newest.example")
    for old in olds:
        with pytest.raises(ReplacedCode):
            look_up(device=device, text=old)
        told = redeem(device=device, text=old, key=old[:40])
        assert told.body["reason"] == Reason.REPLACED
        assert "newest e-mail or link" in told.body["detail"]
    assert RefusedAttempt._base_manager.filter(reason=Reason.REPLACED).count() == 4
    assert look_up(device=device, text=shown(newest)).refusal is None


def test_a_link_that_never_was_is_none(gift: Gift, device: Device) -> None:
    mended(gift)
    with pytest.raises(UnknownCode) as refused:
        look_up(device=device, text=f"https://gifts.example.com/gift/{'x' * 43}/")
    assert refused.value.refusal.reason == Reason.UNKNOWN_CODE


def test_another_brands_till_learns_nothing(gift: Gift, eves_device: Device) -> None:
    old = address(gift)
    mended(gift)
    with pytest.raises(UnknownCode) as refused:
        look_up(device=eves_device, text=old)
    assert refused.value.refusal.reason == Reason.UNKNOWN_CODE


def test_what_is_kept_of_it_is_a_digest(gift: Gift) -> None:
    token = gift.link_token()
    mended(gift)
    assert RetiredCode.objects.count() == 2
    for row in RetiredCode.objects.all():
        assert token.encode() not in bytes(row.digest)
        assert len(bytes(row.digest)) == 32


def test_a_link_that_stays_good_is_not_retired(gift: Gift, device: Device) -> None:
    with scope(brand=gift.order.brand):
        open_gift(gift_id=gift.pk)
    assert look_up(device=device, text=address(gift)).refusal is None
    assert not RetiredCode.objects.exists()
