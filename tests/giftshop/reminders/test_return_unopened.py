"""Money goes back by itself where that was switched on and told, never early, and never of a gift whose code
left its page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Event
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.delivery import reports
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.suppression import suppress
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift, Order
from giftshop.orders.pass_on import pass_on
from giftshop.orders.print_card import note_printed
from giftshop.outbox import relay
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund
from giftshop.refunds.withdraw import withdraw
from giftshop.reminders import answer, look, return_unopened
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import hold
from redemption.codes.expire import extend
from redemption.models import Code, Device, StaffMember
from redemption.redeem.lookup import look_up
from redemption.redeem.redeem import redeem
from tests.cast import Place, pay, symbols
from tests.giftshop.delivery.conftest import letters_to
from tests.server import wait_for

AMY = "amy@senders.example"
ENDS_AFTER = 100
A_DAY = timedelta(days=1)


class Days:
    """A calendar that the shop's clock follows: each day at noon in Seattle, when nobody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began = timezone.now()
        self._patch = monkeypatch

    def go(self, days: int) -> datetime:
        """To that day; what is due by then is looked at and worked off."""
        now = self.to(days)
        look.run(now=now)
        relay.drain()
        return now

    def to(self, days: int) -> datetime:
        now = self.at(days, hour=19)
        self._patch.setattr(timezone, "now", lambda: now)
        return now

    def at(self, days: int, *, hour: int) -> datetime:
        day = self.began.date() + timedelta(days=days)
        return datetime.combine(day, time(hour), tzinfo=UTC)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


@pytest.fixture
def switched_on(brand: Brand) -> Brand:
    brand.returns_unopened = brand.hides_code = True
    brand.save(update_fields=["returns_unopened", "hides_code"])
    return brand


def ends(order: Order, days: Days) -> Gift:
    """Its gifts are good for a hundred days; Ben's."""
    with scopes_disabled():
        codes = Code.objects.filter(gift__order=order)
        codes.update(expires_at=days.at(ENDS_AFTER, hour=8))
        return Gift.objects.with_everything().get(order=order, position=1)


@pytest.fixture
def sent(switched_on: Brand, days: Days, paid: Payment) -> Gift:
    """Ben's, mailed without its code and not opened."""
    gift = ends(paid.order, days)
    relay.drain()
    mail.outbox.clear()
    return gift


@pytest.fixture
def asked(sent: Gift, days: Days) -> Gift:
    days.go(61)
    return again(sent)


def again(gift: Gift) -> Gift:
    with scopes_disabled():
        return Gift.objects.with_everything().get(pk=gift.pk)


def returned(gift: Gift) -> list[Refund]:
    with scopes_disabled():
        return list(Refund.objects.filter(lines__gift=gift, origin=Refund.Origin.UNOPENED))


def subjects() -> list[str]:
    return [str(letter.subject) for letter in letters_to(AMY)]


@pytest.mark.django_db
def test_it_goes_back_after_its_last_day_as_its_sender_was_told(
    asked: Gift, days: Days, client: Client
) -> None:
    question = next(letter for letter in letters_to(AMY) if "Ben" in str(letter.subject))
    assert "your money comes back by itself after that day" in " ".join(str(question.body).split())
    assert asked.code is not None
    assert asked.returns_at == asked.code.expires_at
    page = client.get(f"/orders/{asked.order.link_token()}/unopened/{asked.pk}/").content.decode()
    assert "your money comes back by itself" in page
    for day in (70, 93, 99):
        days.go(day)
        assert returned(asked) == [], "never before its last day is over"
    mail.outbox.clear()
    for _turn in range(2):
        days.go(100)
    (refund,) = returned(asked)
    assert (refund.state, refund.amount) == (Refund.State.SUCCEEDED, asked.amount)
    code = again(asked).code
    assert code
    assert code.state == Code.State.VOIDED
    told = [str(letter.body) for letter in letters_to(AMY)]
    assert [each for each in told if "Nobody opened your gift to" in each]
    assert not [each for each in subjects() if "cancellation" in each or "withdrawal" in each]
    page = client.get(f"/orders/{asked.order.link_token()}/").content.decode()
    assert "Never opened" in page
    call_command("verify_ledger")
    assert not again(asked).returns_at


@pytest.mark.django_db
def test_both_gifts_of_an_order_go_back_each_by_itself(asked: Gift, days: Days) -> None:
    days.go(100)
    with scopes_disabled():
        rows = Refund.objects.filter(origin=Refund.Origin.UNOPENED)
        assert sorted(rows.values_list("state", "amount")) == [("succeeded", 650)] * 2


@pytest.mark.django_db
def test_a_brand_that_did_not_switch_it_on_keeps_to_silence(
    sent: Gift, switched_on: Brand, days: Days
) -> None:
    switched_on.returns_unopened = False
    switched_on.save(update_fields=["returns_unopened"])
    days.go(61)
    assert again(sent).asked_at
    assert again(sent).returns_at is None
    assert not [each for each in letters_to(AMY) if "by itself" in str(each.body)]
    switched_on.returns_unopened = True
    switched_on.save(update_fields=["returns_unopened"])
    days.go(101)
    assert returned(sent) == [], "nobody was told a day"


@pytest.mark.django_db
def test_what_was_told_holds_once_it_is_switched_off(
    asked: Gift, switched_on: Brand, days: Days
) -> None:
    switched_on.returns_unopened = False
    switched_on.save(update_fields=["returns_unopened"])
    days.go(101)
    assert len(returned(asked)) == 1


@pytest.mark.django_db
def test_a_sender_who_was_not_reached_was_not_told(
    sent: Gift, switched_on: Brand, days: Days
) -> None:
    suppress(address=AMY, brand=switched_on)
    days.go(61)
    days.go(101)
    assert returned(sent) == []


@pytest.mark.django_db
def test_a_question_that_came_back_told_nobody(asked: Gift, days: Days) -> None:
    with scopes_disabled():
        question = Delivery.objects.filter(purpose="unopened", subject=f"gift:{asked.pk}")
        assert question.update(provider_id="mail-1") == 1
    now = days.to(62)
    bounced = reports.Told("e1", "mail-1", Report.State.BOUNCED, now)
    reports.hear(provider="test", told=[bounced], now=now)
    days.go(62)
    days.go(101)
    assert again(asked).returns_at is None
    assert returned(asked) == []


def is_opened(gift: Gift, **_who: Any) -> None:
    assert open_gift(gift_id=gift.pk, now=timezone.now())


def is_printed(gift: Gift, **_who: Any) -> None:
    assert note_printed(gift=gift, now=timezone.now())


def is_shown_at_a_till(gift: Gift, device: Device, **_who: Any) -> None:
    assert look_up(device=device, text=symbols(gift.code)).refusal is None


def is_tried_at_a_till(gift: Gift, device: Device, **_who: Any) -> None:
    told = redeem(device=device, text=symbols(gift.code), key="k")
    assert not told.redeemed, "nothing was chosen"


def is_enjoyed(gift: Gift, device: Device, **_who: Any) -> None:
    picks = {"flavour": "mint"}
    assert redeem(device=device, text=symbols(gift.code), key="k", picks=picks).redeemed


def is_left_by_its_sender(gift: Gift, **_who: Any) -> None:
    answer.leave(gift=gift)


def is_taken_back(gift: Gift, **_who: Any) -> None:
    answer.money_back(order=gift.order, gift=gift, now=timezone.now())


def is_withdrawn(gift: Gift, **_who: Any) -> None:
    withdraw(order=gift.order, gift_ids=[gift.pk], now=timezone.now())


def is_extended(gift: Gift, manager: StaffMember, **_who: Any) -> None:
    assert gift.code is not None
    later = gift.code.expires_at + 30 * A_DAY
    extend(code_id=gift.code.pk, expires_at=later, actor=Actor.staff(manager), reason="late")


def goes_by_mail_with_its_code(gift: Gift, **_who: Any) -> None:
    from giftshop.delivery.repeat import repeat_gift

    Brand.objects.update(hides_code=False)
    repeat_gift(gift=again(gift), actor=SYSTEM, reason="asked", now=timezone.now())
    relay.drain()
    assert again(gift).code_left_at


ENDS = [
    *(is_opened, is_printed, is_shown_at_a_till, is_tried_at_a_till, is_enjoyed, is_extended),
    *(is_left_by_its_sender, is_taken_back, is_withdrawn, goes_by_mail_with_its_code),
]


STILL = (is_opened, is_printed, is_extended, is_left_by_its_sender)
"""What may happen at the last moment, too."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end", "late"),
    [
        *[pytest.param(end, False, id=f"{end.__name__} before") for end in ENDS],
        *[pytest.param(end, True, id=f"{end.__name__} at the last moment") for end in STILL],
    ],
)
def test_it_stays_where_something_happened_to_it(
    asked: Gift,
    days: Days,
    device: Device,
    manager: StaffMember,
    end: Callable[..., None],
    late: bool,
) -> None:
    """Also where the worker has been told of it already."""
    if late:
        days.to(100)
        look.run(now=timezone.now())
    else:
        days.to(80)
    with scope(brand=asked.brand_id):
        end(asked, device=device, manager=manager)
    days.go(101)
    days.go(102)
    assert returned(asked) == []


@pytest.mark.django_db
def test_while_something_else_decides_about_its_money_it_waits(asked: Gift, days: Days) -> None:
    days.to(90)
    with scope(brand=asked.brand_id):
        assert asked.code is not None
        held = {"code_id": asked.code.pk, "actor": SYSTEM, "subject": "dispute:1"}
        hold.place(**held, reason="disputed", cause="dispute")
        now = days.go(101)
        with pytest.raises(return_unopened.StillHeld):
            return_unopened.return_unopened(gift_id=asked.pk, now=now)
        assert returned(asked) == []
        hold.release(**held, reason="won")
        assert return_unopened.return_unopened(gift_id=asked.pk, now=now)


@pytest.mark.django_db
def test_a_mail_that_carries_the_code_is_noted_and_one_that_hides_it_is_not(
    brand: Brand, place: Place
) -> None:
    shown, by_hand = pay(place(recipients=("Ben",))), pay(place(recipients=("Dana",)))
    with scope(brand=brand):
        passed = by_hand.gifts.get()
        assert pass_on(order=by_hand, gift_id=passed.pk, now=timezone.now())
        Gift.objects.filter(pk=passed.pk).update(sent_at=timezone.now())
    relay.drain()
    brand.hides_code = True
    brand.save(update_fields=["hides_code"])
    hidden = pay(place(recipients=("Cleo",)))
    relay.drain()
    with scopes_disabled():
        assert shown.gifts.get().code_left_at
        assert by_hand.gifts.get().code_left_at, "also where its sender was faster"
        assert hidden.gifts.get().sent_at
        assert hidden.gifts.get().code_left_at is None


@pytest.mark.django_db(transaction=True)
class TestWhoOpensItMeanwhile:
    """The worker has looked and is about to ask for the money."""

    @pytest.fixture
    def due(self, switched_on: Brand, days: Days, place: Place) -> Gift:
        gift = ends(pay(place()), days)
        now = days.began
        with scopes_disabled():
            Payment.objects.create(
                brand=gift.order.brand, order=gift.order, attempt=1, state=Payment.State.PAID,
                amount=gift.order.total, currency="USD", opened_at=now, asked_at=now,
                expires_at=now, settled_at=now, payment_intent_id="pi_1", charge_id="ch_1",
            )  # fmt: skip
            assert gift.code is not None
            Gift.objects.filter(pk=gift.pk).update(
                asked_at=now, returns_at=gift.code.expires_at, sent_at=now
            )
        return again(gift)

    def open_while_it_is_asked_for(
        self, due: Gift, days: Days, monkeypatch: pytest.MonkeyPatch
    ) -> bool:
        """Whether it was opened before the money was asked for, and went back all the same."""
        now, ask, opened_before = days.to(101), return_unopened.ask, Event()

        def open_it() -> None:
            try:
                with scope(brand=due.brand_id):
                    open_gift(gift_id=due.pk, now=now)
                    if not Refund.objects.filter(lines__gift=due).exists():
                        opened_before.set()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as other:

            def slowly(**asked: Any) -> Refund:
                opening = other.submit(open_it)
                wait_for(lambda: opening.done() or somebody_waits(), "nobody came")
                return ask(**asked)

            monkeypatch.setattr(return_unopened, "ask", slowly)
            with scope(brand=due.brand_id):
                assert return_unopened.return_unopened(gift_id=due.pk, now=now)
        return opened_before.is_set()

    def test_waits_and_comes_too_late(
        self, due: Gift, days: Days, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert not self.open_while_it_is_asked_for(due, days, monkeypatch)

    def test_without_the_hold_on_its_row_both_would_win(
        self, due: Gift, days: Days, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unheld = Gift.objects.with_everything
        monkeypatch.setattr(return_unopened, "_hold", lambda pk: unheld().get(pk=pk))
        assert self.open_while_it_is_asked_for(due, days, monkeypatch)

    def test_is_first_and_it_stays(self, due: Gift, days: Days) -> None:
        now = days.to(101)

        def give() -> Refund | None:
            try:
                with scope(brand=due.brand_id):
                    return return_unopened.return_unopened(gift_id=due.pk, now=now)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as other:
            with transaction.atomic(), scope(brand=due.brand_id):
                assert open_gift(gift_id=due.pk, now=now)
                giving = other.submit(give)
                wait_for(lambda: giving.done() or somebody_waits(), "nobody came")
            assert giving.result() is None
        assert returned(due) == []


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted LIMIT 1")
        return cursor.fetchone() is not None
