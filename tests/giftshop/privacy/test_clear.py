"""Recipients are forgotten some time after the use of their gift: not before, along indexes, books whole."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.privacy import clear
from redemption.codes import refund
from redemption.models import AuditEntry, Code, Device, Redemption
from redemption.redeem.redeem import redeem
from tests import plans
from tests.cast import Place, line, pay, symbols
from tests.giftshop.privacy.conftest import ADDRESS, CANARIES, NAME, found
from tests.giftshop.privacy.test_erase import books

pytestmark = pytest.mark.django_db

NOW = timezone.now()
A_DAY = timedelta(days=1)


@pytest.fixture
def canary(brand: Brand, place: Place, treat: Treat) -> Gift:
    order = pay(place(lines=[line(treat, NAME, recipient_email=ADDRESS), line(treat, "Ben")]))
    relay.drain()
    with scope(brand=brand):
        return order.gifts.with_everything().get(position=1)


def cleared(now) -> bool:
    clear.run(now=now)
    return not found(*CANARIES)


def test_what_was_used_is_cleared_after_the_brands_days_and_no_sooner(
    canary: Gift, device: Device, brand: Brand
) -> None:
    assert canary.code is not None
    assert redeem(
        device=device, text=symbols(canary.code), key="k", picks={"flavour": "mint"}
    ).redeemed
    used = Redemption._base_manager.get().redeemed_at
    kept = books()
    assert not cleared(used + 90 * A_DAY - timedelta(seconds=1))
    assert found(*CANARIES), "the control"
    assert cleared(used + 90 * A_DAY + timedelta(seconds=1))
    assert books() == kept
    assert "orders_recipient.name" in found("ben"), "whose gift is still good"


def test_a_brand_may_keep_longer_and_then_shorter(
    canary: Gift, device: Device, brand: Brand
) -> None:
    assert canary.code is not None
    redeem(device=device, text=symbols(canary.code), key="k", picks={"flavour": "mint"})
    Brand.objects.update(people_kept_days=400)
    assert not cleared(NOW + 300 * A_DAY)
    Brand.objects.update(people_kept_days=10)
    assert cleared(NOW + 300 * A_DAY)


def test_what_was_voided_or_ran_out_is_cleared(canary: Gift, brand: Brand) -> None:
    assert canary.code is not None
    with scope(brand=brand):
        refund.take_off(brand=brand, refund="refund:1", amounts={canary.code.pk: 650}, now=NOW)
    assert not cleared(NOW + 90 * A_DAY - timedelta(minutes=1))
    assert cleared(NOW + 91 * A_DAY)
    assert found("ben@friends.example")
    until = Code._base_manager.get(pk__in=Gift._base_manager.filter(position=2).values("code"))
    clear.run(now=until.expires_at + 89 * A_DAY)
    assert found("ben@friends.example")
    clear.run(now=until.expires_at + 91 * A_DAY)
    assert not found("ben@friends.example")


def test_a_gift_that_was_given_back_to_and_used_again_counts_from_the_last_use(
    canary: Gift, device: Device, brand: Brand
) -> None:
    assert canary.code is not None
    redeem(device=device, text=symbols(canary.code), key="k", picks={"flavour": "mint"})
    with scope(brand=brand):
        code = Code.objects.get(pk=canary.code.pk)
        code.give_back(650, NOW + A_DAY)
    assert not cleared(NOW + 95 * A_DAY)
    redeem(
        device=device,
        text=symbols(canary.code),
        key="k2",
        picks={"flavour": "mint"},
        now=NOW + 100 * A_DAY,
    )
    assert not cleared(NOW + 189 * A_DAY)
    assert cleared(NOW + 191 * A_DAY)


def test_each_look_is_along_an_index(brand: Brand) -> None:
    with scope(brand=brand):
        redeemed = Redemption.objects.filter(redeemed_at__gt=NOW, redeemed_at__lte=NOW)
        expired = Code.objects.filter(expires_at__gt=NOW, expires_at__lte=NOW)
        audited = AuditEntry.objects.filter(number__gt=5).order_by("number")
        assert plans.along(
            redeemed.filter(brand=brand).values_list("code_id"), "redemption_day_of_brand"
        )
        assert plans.along(expired.filter(brand=brand).values_list("pk"), "code_expiry_of_brand")
        assert plans.along(audited.filter(brand=brand), "audit_number_once_in_brand")
        assert not plans.along(audited.filter(brand=brand), "audit_of_subject")


def test_a_run_that_is_cut_off_is_taken_up_again(
    canary: Gift, device: Device, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert canary.code is not None
    redeem(device=device, text=symbols(canary.code), key="k", picks={"flavour": "mint"})
    assert clear.run(now=NOW + 120 * A_DAY, most=timedelta(seconds=-1)) == 0
    assert found(*CANARIES)
    assert clear.run(now=NOW + 120 * A_DAY) == 1
    assert clear.run(now=NOW + 120 * A_DAY) == 0
