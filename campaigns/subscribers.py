"""What the outbox tells, written down as facts. Each may be told twice: a fact is recorded once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django_scopes import scope

from campaigns import attribution, facts
from campaigns.models import Fact
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import subscribe
from redemption.models import Brand, Code


@contextmanager
def brand_of(message: Message) -> Iterator[Brand]:
    brand = Brand.objects.get(pk=message.brand_id)
    with scope(brand=brand):
        yield brand


@subscribe("order.paid", name="campaigns.order_paid")
def order_paid(message: Message) -> None:
    with brand_of(message) as brand:
        order = Order.objects.get(pk=message.payload["order_id"])
        earned = attribution.of_order(order)
        fact = Fact(
            brand=brand,
            message_id=message.pk,
            topic=Fact.Topic.ORDER_PAID,
            subject_id=order.pk,
            occurred_at=message.occurred_at,
            campaign_id=earned.campaign_id,
            link_id=earned.link_id,
            order_id=order.pk,
            quantity=order.gifts.count(),
            amount=order.total,
            currency=order.currency,
        )
        facts.record(fact, brand=brand)


@subscribe("gift.sent", name="campaigns.gift_sent")
def gift_sent(message: Message) -> None:
    record_gift(message, topic=Fact.Topic.GIFT_SENT)


@subscribe("gift.opened", name="campaigns.gift_opened")
def gift_opened(message: Message) -> None:
    record_gift(message, topic=Fact.Topic.GIFT_OPENED)


def record_gift(message: Message, *, topic: Fact.Topic) -> None:
    with brand_of(message) as brand:
        gift = Gift.objects.select_related("order").get(pk=message.payload["gift_id"])
        earned = attribution.of_order(gift.order)
        fact = Fact(
            brand=brand,
            message_id=message.pk,
            topic=topic,
            subject_id=gift.pk,
            occurred_at=message.occurred_at,
            campaign_id=earned.campaign_id,
            link_id=earned.link_id,
            order_id=gift.order_id,
            gift_id=gift.pk,
            code_id=gift.code_id,
            quantity=1,
            amount=gift.amount,
            currency=gift.order.currency,
        )
        facts.record(fact, brand=brand)


@subscribe("code.redeemed", name="campaigns.code_redeemed")
def code_redeemed(message: Message) -> None:
    record_redemption(message, topic=Fact.Topic.CODE_REDEEMED, sign=1)


@subscribe("redemption.reversed", name="campaigns.redemption_reversed")
def redemption_reversed(message: Message) -> None:
    record_redemption(message, topic=Fact.Topic.REDEMPTION_REVERSED, sign=-1)


def record_redemption(message: Message, *, topic: Fact.Topic, sign: int) -> None:
    told = message.payload
    extra, basket = told.get("extra_amount") or 0, told.get("basket_total")
    over = facts.spend_over(amount=told["amount"], extra_amount=extra, basket_total=basket)
    with brand_of(message) as brand:
        campaign_id, link_id, gift = attribution.of_code(Code.objects.get(pk=told["code_id"]))
        fact = Fact(
            brand=brand,
            message_id=message.pk,
            topic=topic,
            subject_id=told["redemption_id"],
            occurred_at=message.occurred_at,
            campaign_id=campaign_id,
            link_id=link_id,
            store_id=told["store_id"],
            order_id=gift.order_id if gift else None,
            gift_id=gift.pk if gift else None,
            code_id=told["code_id"],
            quantity=sign,
            amount=sign * told["amount"],
            currency=told["currency"],
            extra_amount=sign * extra,
            basket_total=None if basket is None else sign * basket,
            spend_over=sign * over,
        )
        facts.record(fact, brand=brand)
