"""From the real acts to facts: buy, open, redeem, undo, each told by the outbox."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from campaigns.links import links
from campaigns.links.visitor_cookie import COOKIE
from campaigns.models import Fact, Link, Rollup
from giftshop.catalog.models import Treat
from giftshop.gift_page import open as open_page
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption.models import Code, Device, Redemption
from redemption.redeem import redeem as redeem_code
from redemption.redeem import reverse
from tests.access.canaries import found, tables
from tests.campaigns.conftest import BROWSER, NOON, hear
from tests.cast import Place, line, make_free_treat, pay, symbols
from tests.giftshop.giving.steps import walk_to_the_end


@pytest.fixture
def earned_order(in_brand: Brand, link: Link, place: Place) -> Order:
    """Amy followed the link, then bought two gifts an hour later."""
    links.follow(link=link, visitor_id="amy", now=NOON - timedelta(hours=1))
    return pay(place(visitor_id="amy", now=NOON), now=NOON)


def a_day(grain: str = Rollup.Grain.BRAND) -> Rollup:
    return Rollup.objects.seen_by(grain).get()


def test_a_paid_order_is_earned_by_its_link(earned_order: Order, link: Link) -> None:
    hear()
    fact = Fact.objects.get(topic="order.paid")
    assert (fact.link, fact.campaign) == (link, link.campaign)
    assert (fact.quantity, fact.amount, fact.order_id) == (2, 1300, earned_order.pk)
    row = a_day(Rollup.Grain.LINK)
    assert (row.visits, row.orders, row.gifts_sold, row.revenue) == (1, 1, 2, 1300)


def test_a_browser_that_followed_a_link_earns_it_its_order_and_its_id_is_kept_nowhere(
    client: Client, brand: Brand, link: Link, treat: Treat
) -> None:
    """From the link through the forms to the payment, as it is done; the id is in the cookie only."""
    client.get(f"/l/{link.slug}/", headers=BROWSER)
    visitor_id = client.cookies[COOKIE].value
    draft = walk_to_the_end(client, brand, treat)
    client.post(f"/shop/{brand.slug}/give/{draft.pk}/payment/")
    with scope(brand=brand):
        order = draft.orders.get()
        pay(order)
        hear()
        assert Fact.objects.get(topic="order.paid").link == link
        assert bytes(order.visitor) == bytes(link.visits.get().visitor) != visitor_id.encode()
    assert found({"the visitor's id": visitor_id}, tables()) == []


def test_hearing_everything_three_times_changes_nothing(earned_order: Order) -> None:
    hear()
    first = a_day()
    assert hear() == 1
    assert hear() == 1
    again = a_day()
    assert (again.orders, again.gifts_sold, again.revenue) == (
        first.orders,
        first.gifts_sold,
        first.revenue,
    )


def test_a_gift_heard_of_before_its_order_inherits_the_same_link(
    earned_order: Order, link: Link
) -> None:
    gift = earned_order.gifts.first()
    assert gift is not None
    emit(topic=Topic.GIFT_SENT, brand_id=gift.brand_id, payload={"gift_id": str(gift.pk)}, now=NOON)
    hear("gift.sent")
    hear("order.paid")
    assert set(Fact.objects.values_list("topic", "link")) == {
        ("gift.sent", link.pk),
        ("order.paid", link.pk),
    }


def test_opened_redeemed_and_reversed_all_inherit(
    earned_order: Order, link: Link, device: Device
) -> None:
    gift = Gift.objects.select_related("code").filter(order=earned_order).first()
    assert gift is not None
    assert gift.code is not None
    open_page.open_gift(gift_id=gift.pk, now=NOON)
    answer = redeem(device, gift.code, basket_total=1400)
    hear()
    redeemed = Fact.objects.get(topic="code.redeemed")
    assert (redeemed.link, redeemed.store, redeemed.gift_id) == (link, device.store, gift.pk)
    assert (redeemed.amount, redeemed.basket_total, redeemed.spend_over) == (650, 1400, 750)
    assert a_day(Rollup.Grain.CAMPAIGN_STORE).redeemed == 1
    sold = Fact.objects.get(topic="order.paid")
    assert redeemed.sold_at == sold.occurred_at == earned_order.paid_at
    assert (a_day(Rollup.Grain.LINK).redeemed_of_sold, a_day(Rollup.Grain.LINK).given_away) == (
        1,
        0,
    )

    reverse.reverse(
        device=device,
        redemption_id=answer.pk,
        reason="wrong recipient",
        now=NOON + timedelta(seconds=9),
    )
    hear()
    undone = Fact.objects.get(topic="redemption.reversed")
    assert (undone.quantity, undone.amount, undone.spend_over) == (-1, -650, -750)
    row = a_day(Rollup.Grain.LINK)
    assert (row.opened, row.redeemed, row.redeemed_amount) == (1, 0, 0)
    assert row.redeemed_of_sold == 0
    assert (row.spend_over, row.baskets) == (0, 0)


def redeem(device: Device, code: Code, *, basket_total: int | None = None) -> Redemption:
    answer = redeem_code.redeem(
        device=device,
        text=symbols(code),
        key="test",
        picks={"flavour": ["mint"]},
        basket_total=basket_total,
        now=NOON,
    )
    assert answer.status_code == 201, answer.body
    return Redemption.objects.get()


def test_an_order_nobody_led_to_is_a_fact_without_a_link(
    in_brand: Brand, paid_order: Order
) -> None:
    hear()
    assert Fact.objects.get().link is None
    assert not Rollup.objects.seen_by(Rollup.Grain.LINK).exists()


def test_messages_carry_their_own_time(earned_order: Order) -> None:
    hear()
    assert Fact.objects.get().occurred_at == NOON
    assert Message.objects.filter(subscriber="campaigns.order_paid").count() == 1


def test_a_gift_that_is_spent_in_parts_is_one_that_was_redeemed(
    in_brand: Brand, place: Place, device: Device
) -> None:
    treat = make_free_treat(in_brand)
    lines = [line(treat, name, given=3_750) for name in ("Ben", "Cleo")]
    order = pay(place(lines=lines, now=NOON), now=NOON)
    ben, cleo = order.gifts.with_everything()
    assert ben.code
    assert cleo.code
    later = [NOON + timedelta(hours=hours) for hours in range(1, 7)]
    for number, basket in enumerate((1_000, 500, 9_000)):
        redeem_code.redeem(
            device=device,
            text=symbols(ben.code),
            key=f"part:{number}",
            basket_total=basket,
            now=later[number],
        )
    once = redeem_code.redeem(
        device=device, text=symbols(cleo.code), key="c", basket_total=700, now=later[3]
    )
    reverse.reverse(device=device, redemption_id=UUID(once.body["id"]), reason="slip", now=later[3])
    hear()
    row = a_day()
    assert (row.gifts_sold, row.revenue, row.redeemed_of_sold) == (2, 7_500, 1)
    assert (row.redeemed, row.redeemed_amount, row.spend_over) == (3, 3_750, 6_750)
    facts = Fact.objects.filter(gift_id=ben.pk).order_by("occurred_at")
    assert list(facts.values_list("gifts", flat=True)) == [1, 0, 0]


def test_two_tills_with_one_gift_count_it_once_whichever_clock_is_behind(
    in_brand: Brand, place: Place, device: Device
) -> None:
    """The second till took its time before the first did, waited for it, and is heard of after it."""
    order = pay(place(lines=[line(make_free_treat(in_brand), given=3_750)], now=NOON), now=NOON)
    [gift] = order.gifts.with_everything()
    assert gift.code
    parts = []
    for key, seconds in (("first", 9.3), ("second", 9.0)):
        now = NOON + timedelta(seconds=seconds)
        answer = redeem_code.redeem(
            device=device, text=symbols(gift.code), key=key, basket_total=1_000, now=now
        )
        parts.append(UUID(answer.body["id"]))
        hear()
        assert a_day().redeemed_of_sold == 1, key
    gifts = dict(Fact.objects.filter(gift_id=gift.pk).values_list("subject_id", "gifts"))
    assert [gifts[part] for part in parts] == [1, 0]
    undone_at = NOON + timedelta(seconds=10)
    for part, left in zip(parts, (1, 0), strict=True):
        reverse.reverse(device=device, redemption_id=part, reason="slip", now=undone_at)
        hear()
        assert a_day().redeemed_of_sold == left
