"""Gifts are changed while workers send them and a till takes them: nobody waits for ever, no old code is
good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from giftshop.delivery import mend
from giftshop.delivery.mend import MendRefused, Wanted
from giftshop.delivery.models import Delivery
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift, Order
from giftshop.outbox import relay
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from tests.cast import Place, pay, symbols

pytestmark = pytest.mark.django_db(transaction=True)

GIFTS, CHANGES = 12, 3


@pytest.fixture
def order(place: Place) -> Order:
    return pay(place(recipients=tuple(f"Friend {number}" for number in range(GIFTS))))


def closing(act: Callable[[], Any]) -> Callable[[], Any]:
    """The thread's own connection goes with the act, so that the database can be cleared."""

    def done() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return done


def change(order: Order, start: Barrier) -> int:
    """Every gift some times; how many changes were made."""
    start.wait()
    made = 0
    with scope(brand=order.brand):
        for number in range(CHANGES):
            for gift in order.gifts.with_everything().order_by("position"):
                wanted = {**Wanted.of(gift).facts, "email": f"new{number}@friends.example"}
                try:
                    made += mend.mend(
                        gift_id=gift.pk,
                        order_id=order.pk,
                        wanted=Wanted(**wanted),
                        now=timezone.now(),
                    )
                except MendRefused:
                    continue
    return made


def send(start: Barrier) -> None:
    start.wait()
    for _ in range(CHANGES * 2):
        relay.drain()


def take(order: Order, device: Device, start: Barrier) -> list[str]:
    """With the codes as they were before anything was changed, from the last to the second: those who change
    begin with the first, so that they meet, however fast the till is. The symbols that were taken."""
    with scope(brand=order.brand):
        gifts = order.gifts.with_everything().filter(position__gt=1).order_by("-position")
        old = [symbols(gift.code) for gift in gifts]
    start.wait()
    told = [
        (code, redeem(device=device, text=code, key=code, picks={"flavour": "mint"}))
        for code in old
    ]
    return [code for code, answer in told if answer.redeemed]


def test_changes_mails_and_tills_at_once(order: Order, device: Device) -> None:
    start = Barrier(4)
    with scope(brand=order.brand):
        old_links = {gift.pk: gift.link_token() for gift in order.gifts.all()}
    with ThreadPoolExecutor(4) as crowd:
        changing = [crowd.submit(closing(lambda: change(order, start))) for _ in range(2)]
        sending = crowd.submit(closing(lambda: send(start)))
        taking = crowd.submit(closing(lambda: take(order, device, start)))
        assert sum(each.result() for each in changing) > 0
        sending.result()
        taken = taking.result()
    relay.drain(now=timezone.now() + timedelta(hours=1))  # what was put off meanwhile, too
    with scopes_disabled():
        spent = Code.objects.filter(state=Code.State.REDEEMED)
        assert spent.count() == len(taken)
        assert not Delivery.objects.exclude(state__in=Delivery.OVER).exists(), "none is left behind"
        for gift in Gift.objects.with_everything().filter(order=order):
            good = gift.code is not None and gift.code.state == Code.State.ACTIVE
            link = gift.link_token()
            if good:  # what a till took before its mail left needs none
                newest = Delivery.objects.filter(subject=f"gift:{gift.pk}").latest("version")
                assert newest.state == Delivery.State.SENT
                assert any(link in str(letter.body) for letter in mail.outbox)
            if link != old_links[gift.pk]:
                assert not open_gift(gift_id=gift.pk, token=old_links[gift.pk])
            assert open_gift(gift_id=gift.pk, token=link), "its newest link alone"
