"""Money that goes back, told by hand: an order for each state that a refund or a dispute can be in.

Paid at Stripe's double, where its dashboard and its banks do the rest; what comes of it is the product's own.
Where the demo runs without the double nothing of this is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from demo.brands import FROSTY_SPOON, DemoBrand
from demo.money.double import Double
from demo.replay import Stage
from demo.today import bought, given, person
from demo.visits import Enjoyed
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Membership
from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import charge_state
from giftshop.refunds import read, subscribers
from giftshop.refunds.ask import ask, lock
from giftshop.refunds.credit.give import give_credit
from giftshop.refunds.models import Refund
from redemption.audit.actors import SYSTEM, Actor

RETURNED_FOR = "expired_or_canceled_card"


@dataclass
class Case:
    """A paid order of two gifts, and what happens to its money."""

    double: Double
    order: Order
    payment: Payment
    now: datetime

    def ask(
        self,
        *,
        goodwill: bool = False,
        actor: Actor = SYSTEM,
        outcome: str = "",
        is_sent: bool = True,
    ) -> Refund:
        """The first gift's money, asked for and sent; `outcome`: how far Stripe gets with it."""
        if outcome:
            self.double.do("faults", refunds=outcome)
        made = ask(
            order=self.order,
            amounts={self.order.gifts.get(position=1).pk: None},
            origin=Refund.Origin.BRAND if goodwill else Refund.Origin.SENDER,
            actor=actor,
            reason="The party was called off." if goodwill else "",
            now=self.now,
            goodwill=goodwill,
        )
        if is_sent:
            self.send()
        self.double.do("faults", refunds="succeeded")
        made.refresh_from_db()
        return made

    def send(self) -> None:
        mine = {str(pk) for pk in self.payment.refunds.values_list("pk", flat=True)}
        for message in Message.objects.filter(topic=Topic.REFUND_ASKED, done_at=None):
            if message.payload["refund_id"] in mine:
                subscribers.send_refund(message)

    def fail(self, refund: Refund) -> None:
        self.double.do(f"refunds/{refund.refund_id}/fail", reason=RETURNED_FOR)

    def dispute(self, *, outcome: str = "", **told: str) -> str:
        opened = self.double.do("disputes", charge=self.payment.charge_id, **told)
        if outcome:
            self.double.do(f"disputes/{opened['id']}/close", outcome=outcome)
        return str(opened["id"])

    def hear(self) -> None:
        state = charge_state.retrieve(self.payment.charge_id)
        if state:
            read.record(state=state, now=self.now)


def play(data: DemoBrand, stage: Stage, now: datetime) -> None:
    """Expects the brand's scope. An order that was told of before is left alone."""
    double = Double(settings.STRIPE_API_BASE)
    if data is not FROSTY_SPOON or not double.is_there():
        return
    for number, (key, tell) in enumerate(STORIES.items()):
        at = now - timedelta(minutes=115) + timedelta(minutes=number)
        if not Order.objects.filter(key=_key(key)).exists():
            _live(double, stage, key, tell, at)


def _live(
    double: Double, stage: Stage, key: str, tell: Callable[[Case], object], at: datetime
) -> None:
    """Placed and paid at the double, redeemed if the story wants it so, then what happens to the money."""
    spent = at + timedelta(minutes=3)
    story = bought(
        _key(key),
        person(NAMES[len(key) % len(NAMES)], f"money.{key}"),
        at,
        given(
            "Noor",
            "Ice cream money",
            "For all the times you drove.",
            "thank-you",
            amount=6_000,
            opened_at=at + timedelta(seconds=80),
            visits=(Enjoyed("pike-street", spent, 0, 6_500, None),) if key == "waiting" else (),
        ),
        given("Ines", "Double scoop: Regular", "And for the songs on the way.", "thank-you"),
    )
    order = stage.place(story)
    checkout_session.open_page(order=order)
    payment = Payment.objects.get(order=order)
    double.do(f"sessions/{payment.session_id}/pay")
    if key == "refused":  # in another tab the order was changed meanwhile
        order.state, order.cancelled_at = Order.State.CANCELLED, at
        order.save(update_fields=["state", "cancelled_at"])
    settle.settle(session_id=str(payment.session_id), now=story.paid_at)
    payment.refresh_from_db()
    if payment.state == Payment.State.PAID:
        for act in stage.acts([story]):
            act.do()
    case = Case(double, order, payment, now=spent + timedelta(minutes=1))
    tell(case)
    case.hear()


def _key(key: str) -> str:
    return f"demo:money:{key}"


def _wait(case: Case) -> None:
    """What was enjoyed goes back out of goodwill, above what one person may decide."""
    owners = Membership.objects.filter(brand=case.order.brand_id, role=Membership.Role.OWNER)
    owner = owners.select_related("user").order_by("pk")[0].user
    case.ask(goodwill=True, actor=actor_of(owner))


def _send_back(case: Case) -> None:
    for message in Message.objects.filter(topic=Topic.PAYMENT_REFUSED, done_at=None):
        subscribers.send_back(message)
    case.send()


def _ask_later(case: Case) -> None:
    """A moment ago. A worker of the demo would send it at once, so that nobody saw it: it is told to come
    tomorrow."""
    case.now = timezone.now()
    made = case.ask(is_sent=False)
    asked = Message.objects.filter(subscriber="refunds.send", payload__refund_id=str(made.pk))
    asked.update(available_at=case.now + timedelta(days=1))


def _send_back_for_warning(case: Case) -> None:
    charge = case.payment.charge_id
    case.double.do("fraud_warnings", charge=charge)
    case.hear()
    case.double.do("refunds", charge=charge)


def _credit(case: Case) -> None:
    """As where the brand's rules say so: this one's say money."""
    with transaction.atomic():
        payment = lock(case.order)
        gift = case.order.gifts.with_everything().get(position=1)
        give_credit(gift=gift, payment=payment, may_tell=True, now=case.now)


def _part(case: Case) -> None:
    charge = case.payment.charge_id
    case.double.do("refunds", charge=charge, amount=650)


NAMES = ("Mara", "Jonah", "Priya", "Tom", "Leila")
STORIES: dict[str, Callable[[Case], object]] = {
    "waiting": _wait,
    "on-its-way": lambda case: case.ask(outcome="pending"),
    "sent-back": lambda case: case.ask(),
    "failed": lambda case: case.fail(case.ask(outcome="pending")),
    "came-back": lambda case: case.fail(case.ask()),
    "unclear": _part,
    "refused": _send_back,
    "disputed": lambda case: case.dispute(reason="product_not_received"),
    "under-review": lambda case: case.double.answer_bank(case.dispute()),
    "won": lambda case: case.dispute(outcome="won"),
    "lost": lambda case: case.dispute(outcome="lost"),
    "inquiry": lambda case: case.dispute(case="inquiry"),
    "asked": _ask_later,
    "credited": _credit,
    "warning-over": _send_back_for_warning,
    "warning": lambda case: case.double.do("fraud_warnings", charge=case.payment.charge_id),
}
