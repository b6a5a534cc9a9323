"""Links that nobody opened, told by hand: one of which its sender is asked, one that they left as it is, and
one whose money went back by itself, sold when gifts were good for fewer days."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from demo.brands import HARBOR_BEAN, DemoBrand
from demo.money.double import Double
from demo.replay import Stage
from demo.today import bought, given, person
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Membership
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments.stripe import charge_state
from giftshop.refunds import read, subscribers
from giftshop.reminders import answer
from giftshop.reminders.return_unopened import day_to_tell, return_unopened
from giftshop.reminders.schedule import Kind
from giftshop.studio.rules.changes import Rules, change_rules
from redemption.models import Code

STORIES = {"asked": 61, "left": 75, "returned": 95}
"""How many days ago it was bought."""
SHORT = timedelta(days=90)


def tell(data: DemoBrand, stage: Stage, now: datetime) -> None:
    """As far as the question. Expects the brand's scope. An order that was told of before is left alone."""
    if data is not HARBOR_BEAN:
        return
    _switch_on(stage, now)
    for key, days in STORIES.items():
        if not Order.objects.filter(key=_key(key)).exists():
            _buy(stage, key, now - timedelta(days=days), now)


def give_back(data: DemoBrand, double: Double, now: datetime) -> None:
    """The money of the one whose days are over. Expects its payment; without the double nobody paid."""
    if data is not HARBOR_BEAN or not double.is_there():
        return
    gift = Gift.objects.with_everything().get(order__key=_key("returned"))
    refund = return_unopened(gift_id=gift.pk, now=now)
    if refund is None:
        return
    sending = Message.objects.filter(topic=Topic.REFUND_ASKED, done_at=None)
    for message in sending.filter(payload__refund_id=str(refund.pk)):
        subscribers.send_refund(message)
    if state := charge_state.retrieve(refund.payment.charge_id):
        read.record(state=state, now=now)


def _key(key: str) -> str:
    return f"demo:unopened:{key}"


def _switch_on(stage: Stage, now: datetime) -> None:
    owners = Membership.objects.filter(brand=stage.brand, role=Membership.Role.OWNER)
    owner = owners.select_related("user").order_by("pk")[0].user
    rules = replace(Rules.of(stage.brand), returns_unopened=True)
    change_rules(brand=stage.brand, rules=rules, by=actor_of(owner), now=now)
    stage.brand.refresh_from_db(fields=["returns_unopened"])


def _buy(stage: Stage, key: str, at: datetime, now: datetime) -> None:
    story = bought(
        _key(key),
        person("Hauke", f"unopened.{key}"),
        at,
        given(
            "Ella",
            "Pour-over: Pot for two",
            "For the long table by the window.",
            "just-because",
            channel=Gift.Channel.LINK,
        ),
    )
    for act in stage.acts([story]):
        act.do()
    found = Gift.objects.with_everything()
    gift = found.get(order__key=_key(key))
    if key == "returned":
        day = (at + SHORT).astimezone(stage.brand.tz).date()
        ends = datetime.combine(day, time(), tzinfo=stage.brand.tz)
        Code.objects.filter(gift=gift).update(expires_at=ends)
        gift = found.get(pk=gift.pk)
    asked_at = at + timedelta(days=stage.brand.unopened_days, hours=3)
    Delivery.objects.get_or_create(
        purpose=Kind.ASK_SENDER,
        subject=f"gift:{gift.pk}",
        addressee="",
        version=1,
        defaults={
            "brand": stage.brand,
            "address": gift.order.sender_email,
            "state": Delivery.State.SENT,
            "attempts_made": 1,
            "created_at": asked_at,
            "over_at": asked_at,
        },
    )
    day_told = day_to_tell(gift)
    Gift.objects.filter(pk=gift.pk).update(
        asked_at=asked_at, returns_at=day_told, remind_at=day_told if key == "asked" else None
    )
    if key == "left":
        answer.leave(gift=gift)
