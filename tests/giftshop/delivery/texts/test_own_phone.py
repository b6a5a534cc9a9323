"""A link that its sender passes on, as a text to their own phone."""

import pytest
from django_scopes import scope

from giftshop.orders.checkout import OrderRefused
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.texts import segments
from tests.cast import line, pay, symbols

pytestmark = pytest.mark.django_db

AMY = "+12065550162"


def test_a_link_that_its_sender_passes_on_is_texted_to_their_own_phone(
    double, text_brand, treat, place
):
    """Also of another country, and in one where nobody else is texted."""
    mailed, own = line(treat, "Cleo"), line(treat, "Ben", channel=Gift.Channel.LINK)
    order = pay(place(lines=[mailed, own], sender_phone=AMY))
    relay.drain()
    relay.drain()
    (sent,) = double.sent_to(AMY)
    with scope(brand=text_brand):
        gift = order.gifts.with_everything().get(channel=Gift.Channel.LINK)
    assert sent["body"].startswith("Frosty Spoon Creamery: your gift for Ben, to pass on: http")
    assert f"/gift/{gift.link_token()}/" in sent["body"]
    assert symbols(gift.code) not in sent["body"].replace("-", "")
    assert segments.count(sent["body"]).is_gsm
    assert gift.sent_at is None


def test_without_a_number_of_theirs_no_link_is_texted(double, text_brand, treat, place):
    pay(place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)]))
    relay.drain()
    assert not double.asked["create"]


@pytest.mark.parametrize("number", ["12", "+4930123456"])
def test_an_order_takes_no_number_that_cannot_be_texted(double, text_brand, treat, place, number):
    with pytest.raises(OrderRefused, match="your own number"):
        place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)], sender_phone=number)
