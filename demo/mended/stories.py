"""Gifts that were put right, told by hand: in each state that such a gift can be in.

As in today.py, what is to go out is left to the worker.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from demo.brands import FROSTY_SPOON, DemoBrand
from demo.replay import Stage
from demo.today import bought, given, person
from giftshop.delivery import mend
from giftshop.delivery.mend import Wanted
from giftshop.delivery.models import Delivery, Report
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift, Order
from redemption.audit.actors import SYSTEM
from redemption.codes import hold
from redemption.redeem.redeem import redeem

MISSPELT = "noor@mial.example"


def play(data: DemoBrand, stage: Stage, now: datetime) -> None:
    """Expects the brand's scope. An order that was told of before is left alone."""
    if data is not FROSTY_SPOON:
        return
    for number, (key, tell) in enumerate(STORIES.items()):
        at = now - timedelta(minutes=70) + timedelta(minutes=number)
        if not Order.objects.filter(key=_key(key)).exists():
            tell(Put(stage, key, at, now))


class Put:
    """One story: an order of one gift, and what was changed about it."""

    def __init__(self, stage: Stage, key: str, at: datetime, now: datetime) -> None:
        self.stage, self.key, self.at, self.now = stage, key, at, now

    def buy(self, **life: Any) -> Gift:
        story = bought(
            _key(self.key),
            person("Rosa", f"mended.{self.key}"),
            self.at,
            given("Noor", "Double scoop: Regular", "For the long way home.", "thank-you", **life),
        )
        for act in self.stage.acts([story]):
            act.do()
        return self.gift

    @property
    def gift(self) -> Gift:
        return Gift.objects.with_everything().get(order__key=_key(self.key))

    def change(self, **other: Any) -> None:
        gift = self.gift
        mend.mend(
            gift_id=gift.pk,
            order_id=gift.order_id,
            wanted=replace(Wanted.of(gift), **other),
            now=self.at + timedelta(minutes=5),
        )

    def came_back(self) -> None:
        """The mail service took it, and told later that there is no such address."""
        gift, at = self.gift, self.at + timedelta(minutes=2)
        sent = Delivery.objects.create(
            brand=gift.order.brand,
            purpose="gift",
            subject=f"gift:{gift.pk}",
            address=MISSPELT,
            state=Delivery.State.BOUNCED,
            attempts_made=1,
            created_at=at,
            over_at=at,
        )
        Report.objects.create(
            key=hashlib.sha256(f"demo {sent.pk}".encode()).digest(),
            delivery=sent,
            state=Report.State.BOUNCED,
            reason=Report.Reason.NOBODY,
            at=at,
            received_at=at,
        )
        Gift.objects.filter(pk=gift.pk).update(sent_at=at, undeliverable_at=at)

    def open(self) -> None:
        open_gift(gift_id=self.gift.pk, now=self.at + timedelta(minutes=9))


def _key(key: str) -> str:
    return f"demo:today:mended:{key}"


def _for_later(put: Put) -> None:
    put.buy(deliver_at=put.now + timedelta(days=6))
    put.change(
        message="Happy birthday, and for the long way home.",
        design=Gift.Design.BIRTHDAY,
        deliver_at=put.now + timedelta(days=3),
    )


def _came_back(put: Put) -> None:
    put.buy()
    put.came_back()


def _goes_out(put: Put) -> None:
    """After it came back, to the right address."""
    _came_back(put)
    put.change(email="noor.mended@mail.example")


def _by_link(put: Put) -> None:
    _came_back(put)
    put.change(channel=Gift.Channel.LINK, email="")


def _opened(put: Put) -> None:
    _by_link(put)
    put.open()


def _enjoyed(put: Put) -> None:
    _opened(put)
    gift, device = put.gift, put.stage.devices["pike-street"]
    picks = {
        choice["key"]: [option["key"] for option in choice["options"]][: max(choice["min"], 1)]
        for choice in (gift.code.choices if gift.code else [])
        if choice["chooser"] == "recipient"
    }
    redeem(
        device=device,
        text=(gift.code.reveal() if gift.code else None) or "",
        key=f"demo:mended:{gift.pk}",
        picks=picks,
        staff=put.stage.teams["pike-street"][0],
        now=put.at + timedelta(minutes=20),
    )


def _held(put: Put) -> None:
    _by_link(put)
    code_id = put.gift.code_id
    if code_id:
        hold.place(code_id=code_id, actor=SYSTEM, reason="Asked about at the counter", now=put.now)


STORIES: dict[str, Callable[[Put], object]] = {
    "scheduled": _for_later,
    "came-back": _came_back,
    "goes-out": _goes_out,
    "by-link": _by_link,
    "opened": _opened,
    "enjoyed": _enjoyed,
    "held": _held,
}
