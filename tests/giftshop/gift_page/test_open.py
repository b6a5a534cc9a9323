import pytest
from django.utils import timezone

from brands.models import Brand
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message

pytestmark = pytest.mark.usefixtures("in_brand")


def topics() -> set[str]:
    names = ("gift.sent", "gift.opened")
    return set(Message.objects.filter(topic__in=names).values_list("topic", flat=True))


@pytest.mark.parametrize(
    "passed_on", [{"channel": Gift.Channel.LINK}, {"undeliverable_at": "2026-05-03T12:00:00Z"}]
)
def test_a_link_that_is_opened_has_arrived(
    in_brand: Brand, gift: Gift, passed_on: dict[str, str]
) -> None:
    Gift.objects.filter(pk=gift.pk).update(**passed_on)
    assert open_gift(gift_id=gift.pk)
    gift.refresh_from_db()
    assert gift.sent_at == gift.opened_at
    assert topics() == {"gift.sent", "gift.opened"}


def test_an_email_that_arrived_before_arrives_only_once(in_brand: Brand, gift: Gift) -> None:
    sent_at = timezone.now()
    Gift.objects.filter(pk=gift.pk).update(sent_at=sent_at)
    assert open_gift(gift_id=gift.pk)
    gift.refresh_from_db()
    assert gift.sent_at == sent_at
    assert topics() == {"gift.opened"}


def test_it_is_opened_once(in_brand: Brand, gift: Gift) -> None:
    assert open_gift(gift_id=gift.pk)
    assert not open_gift(gift_id=gift.pk)
    assert Message.objects.filter(topic="gift.opened").count() == 1
