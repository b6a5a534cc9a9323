"""What senders, recipients, tills and a brand's people do about the two gifts of an order: acts by name."""

import random
from collections.abc import Mapping
from itertools import count
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.refunds import ask, choose, subscribers
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.give_back import GiveBackRefused, give_back
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.studio.refunds import order_money
from giftshop.studio.refunds.forms import ChoiceForm
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import void
from redemption.codes.acts import ActRefused
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import MINT, symbols
from tests.giftshop.refunds.of_stripe import NotLegal

OF_PEOPLE = (
    *("ask-value", "ask-item", "ask-all", "ask-some", "ask-item-pending", "ask-all-pending"),
    *("ask-item-later", "send", "goodwill", "void-value", "void-item"),
    *("redeem-value", "redeem-some", "redeem-item", "choose-value", "choose-item", "choose-none"),
    *("lost-item", "clear", "credit"),
)

LATE = 0.1
"""How often, of 1, what was sent before is sent again with what is sent now."""


def is_there(name: str, end: Mapping[str, Any]) -> bool:
    """What it is about, as all stands (outcome.py). What the shop refuses is another question."""
    (value, item, *others), what = end["gifts"], name.partition("-")[0]
    if value[0] is None:  # not paid
        return False
    if what == "redeem":
        return any(left for _state, left in ([item] if name == "redeem-item" else [value, *others]))
    waiting = {
        "choose": any(is_unclear for _id, _state, _amount, is_unclear, *_ in end["refunds"] or ()),
        "send": any(state == "asked" for _id, state, *_ in end["refunds"] or ()),
        "lost": any(is_unclear for _id, _status, is_unclear in end["disputes"] or ()),
        "clear": any(cause == "warning" for _at, cause, _subject in end["holds"] or ()),
    }
    return waiting.get(what, True)


class People:
    """Of one order: an amount, and a treat."""

    def __init__(self, double: StripeDouble, order: Order, device: Device, manager: Actor) -> None:
        self.double, self.order, self.device, self.manager = double, order, device, manager
        self.keys = count()
        self.rng = random.Random(0)

    def act(self, name: str) -> None:
        """Raises NotLegal, and has changed nothing then."""
        before = transaction.savepoint()
        try:
            self._act(name)
        except (ask.AskRefused, GiveBackRefused, ActRefused, NotLegal) as no:
            transaction.savepoint_rollback(before)
            raise NotLegal(name) from no
        except Exception:
            transaction.savepoint_rollback(before)
            raise
        transaction.savepoint_commit(before)

    def _act(self, name: str) -> None:
        what, _, which = name.partition("-")
        now = timezone.now()
        if what == "send":
            self._send("succeeded")
        elif what == "lost":
            lost = Dispute.objects.filter(is_unclear=True).earliest("opened_at")
            item = self.order.gifts.get(position=2).pk
            choose.choose_lost(dispute_id=lost.pk, gift_ids=[item], actor=self.manager, now=now)
        elif what == "clear":
            warning = FraudWarning.objects.filter(is_open=True).earliest("made_at")
            choose.clear(warning_id=warning.pk, actor=self.manager, reason="known", now=now)
        elif what == "choose":
            positions = {"value": 1, "item": 2}
            self._choose(f"gift-{positions[which]}" if which in positions else which)
        else:
            self._of_gifts(what, which)

    def _of_gifts(self, what: str, which: str) -> None:
        value, item = with_worth(self.order.gifts.select_related("code").order_by("position"))
        gift = item if which.startswith("item") else value
        now = timezone.now()
        if what == "ask":
            self._ask_and_send(which, value, item)
        elif what == "goodwill":
            self._ask({value.pk: min(900, value.paid)}, goodwill=True)
            self._send("succeeded")
        elif what == "credit":
            give_back(gift=value, may_tell=False, now=now)
        elif what == "void" and gift.code_id:
            void.void(code_id=gift.code_id, actor=self.manager, reason="wrong", now=now)
        elif what == "redeem":
            self._redeem(gift, 400 if which == "some" else None)

    def _ask_and_send(self, which: str, value: Gift, item: Gift) -> None:
        named, _, how = which.partition("-")
        amounts: dict[str, Mapping[Any, int | None]] = {
            "value": {value.pk: None},
            "item": {item.pk: None},
            "all": {gift.pk: None for gift in (value, item) if gift.code and gift.code.balance},
            "some": {value.pk: 300},
        }
        self._ask(amounts[named], goodwill=False)
        if how != "later":
            self._send(how or "succeeded")

    def _ask(self, amounts: Mapping[Any, int | None], *, goodwill: bool) -> None:
        ask.ask(
            order=self.order,
            amounts=amounts,
            origin=Refund.Origin.BRAND if goodwill else Refund.Origin.SENDER,
            actor=self.manager if goodwill else SYSTEM,
            reason="asked",
            now=timezone.now(),
            goodwill=goodwill,
        )

    def _send(self, how: str) -> None:
        """As the outbox does, and again as after a kill: at once, or late."""
        self.double.faults(refunds=how)
        asked = Message.objects.filter(topic=Topic.REFUND_ASKED).order_by("pk")
        for message in asked if self.rng.random() < LATE else asked.filter(done_at=None):
            subscribers.send_refund(message)
            subscribers.send_refund(message)
        asked.filter(done_at=None).update(done_at=timezone.now())

    def _redeem(self, gift: Gift, amount: int | None) -> None:
        assert gift.code
        answer = redeem(
            device=self.device,
            text=symbols(gift.code),
            key=f"key-{next(self.keys)}",
            amount=amount or (gift.code.balance if gift.kind == Code.Kind.VALUE else None),
            picks=MINT if gift.kind == Code.Kind.ITEM else None,
        )
        if not answer.redeemed:
            raise NotLegal(answer.text)

    def _choose(self, ticked: str) -> None:
        """On the page; what that lets through is not refused."""
        unclear = Refund.objects.unclear().earliest("asked_at")
        money = order_money.read(self.order)
        form = ChoiceForm(QueryDict(f"{ticked}=on"), money=money, refund=unclear)
        if not form.is_valid():
            raise NotLegal(ticked)
        choose.choose(
            refund_id=unclear.pk,
            amounts=form.amounts(),
            actor=self.manager,
            now=timezone.now(),
        )
