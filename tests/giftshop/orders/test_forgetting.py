from datetime import timedelta

import pytest
from django.utils import timezone

from giftshop.orders import forgetting
from giftshop.orders.models import Draft, Order
from redemption.models import Brand
from tests.cast import Place


@pytest.mark.usefixtures("every_brand")
def test_a_draft_is_forgotten_after_a_month_and_its_order_stays(brand: Brand, place: Place) -> None:
    draft = Draft.objects.create(brand=brand)
    order = place(draft=draft)
    assert forgetting.forget_old_drafts(now=timezone.now() + timedelta(days=29)) == 0
    assert forgetting.forget_old_drafts(now=timezone.now() + timedelta(days=31)) == 1
    assert Order.objects.get(pk=order.pk).draft is None
