"""Reminders come once, by day, and never about what was used, given back, refunded or erased meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.delivery import send as sending
from giftshop.delivery.models import Delivery
from giftshop.delivery.suppression import suppress
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift, Recipient
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.privacy.erase import erase_recipients
from giftshop.refunds.give_back import give_back
from giftshop.reminders import answer, look, subscribers
from giftshop.reminders.quiet_hours import after_quiet_hours
from redemption.codes import hold
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from tests import plans
from tests.access import markup
from tests.cast import Place, line, pay, symbols
from tests.giftshop.delivery.conftest import letters_to

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
NOON = datetime(2026, 6, 1, 19, tzinfo=UTC)
"""In Seattle."""
BEN = "ben@friends.example"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """What the clock says to whoever sends."""

    def set_it(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    return set_it


@pytest.fixture
def wrapped(brand: Brand, place: Place, treat: Treat, at: Any) -> Gift:
    """Ben's, mailed at noon and not opened."""
    at(NOON)
    order = pay(place(lines=[line(treat, "Ben")], now=NOON), now=NOON)
    relay.drain()
    mail.outbox.clear()
    with scope(brand=brand):
        return order.gifts.with_everything().get()


def pass_days(days: float, at: Any) -> None:
    now = NOON + timedelta(days=days)
    at(now)
    look.run(now=now)
    relay.drain()


def subjects(address: str = BEN) -> list[str]:
    return [str(each.subject) for each in letters_to(address)]


def set_expiry(gift: Gift, days: int) -> None:
    Code._base_manager.filter(pk=gift.code_id).update(expires_at=NOON + days * A_DAY)


def test_one_that_nobody_opened_is_reminded_of_after_a_week_once(wrapped: Gift, at: Any) -> None:
    pass_days(6.9, at)
    assert subjects() == []
    pass_days(7, at)
    pass_days(7.1, at)
    pass_days(30, at)
    assert subjects() == ["Ben, a gift from Amy waits for you"]
    (letter,) = letters_to(BEN)
    assert "List-Unsubscribe" in letter.extra_headers
    assert f"/gift/{wrapped.link_token()}/" in letter.body
    assert symbols(wrapped.code)[:4] not in letter.body, "a wrapped present stays wrapped"


def test_before_it_ends_it_is_reminded_of_twice_opened_or_not(
    wrapped: Gift, at: Any, brand: Brand
) -> None:
    set_expiry(wrapped, 100)
    with scope(brand=brand):
        open_gift(gift_id=wrapped.pk, now=NOON)
    for day in range(1, 105):
        pass_days(day, at)
    assert subjects() == [
        "Ben, your gift from Amy is good for a month more",
        "Ben, your gift from Amy is good for a week more",
    ]
    with scopes_disabled():
        assert Gift.objects.get(pk=wrapped.pk).remind_at is None


def test_after_an_outage_the_one_that_matters_most_comes_and_no_pile(
    wrapped: Gift, at: Any
) -> None:
    set_expiry(wrapped, 60)
    pass_days(54, at)
    pass_days(55, at)
    assert subjects() == ["Ben, your gift from Amy is good for a week more"]


def test_a_gift_that_is_good_for_two_weeks_is_not_reminded_of_at_once(
    wrapped: Gift, at: Any
) -> None:
    set_expiry(wrapped, 14)
    pass_days(1, at)
    assert subjects() == []


def redeemed(gift: Gift, device: Device) -> None:
    assert gift.code is not None
    answer = redeem(device=device, text=symbols(gift.code), key="k", picks={"flavour": "mint"})
    assert answer.redeemed


def declined(gift: Gift, device: Device) -> None:
    now = timezone.now()
    Payment.objects.create(
        brand=gift.order.brand, order=gift.order, attempt=1, state=Payment.State.PAID,
        amount=gift.order.total, currency="USD", opened_at=now, asked_at=now, expires_at=now,
        settled_at=now, payment_intent_id="pi_1", charge_id="ch_1",
    )  # fmt: skip
    with scope(brand=gift.order.brand):
        give_back(gift=gift, may_tell=False, now=now)


def held(gift: Gift, device: Device) -> None:
    from redemption.audit.actors import SYSTEM

    with scope(brand=gift.order.brand):
        hold.place(code_id=gift.code_id, actor=SYSTEM, reason="disputed")


def erased(gift: Gift, device: Device) -> None:
    with scope(brand=gift.order.brand):
        erase_recipients([gift.pk], now=timezone.now())


def opened(gift: Gift, device: Device) -> None:
    with scope(brand=gift.order.brand):
        open_gift(gift_id=gift.pk)


def stopped(gift: Gift, device: Device) -> None:
    suppress(address="BEN+x@friends.example", brand=gift.order.brand)


ENDS = [redeemed, declined, held, erased, opened, stopped]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_nothing_comes_after_its_end(wrapped: Gift, at: Any, device: Device, end: Any) -> None:
    end(wrapped, device)
    pass_days(7, at)
    pass_days(8, at)
    assert subjects() == []


@pytest.mark.parametrize("end", ENDS[:-1], ids=lambda end: end.__name__)
def test_nothing_comes_that_was_promised_before_it(
    wrapped: Gift, at: Any, device: Device, end: Any
) -> None:
    at(NOON + 7 * A_DAY)
    look.run(now=NOON + 7 * A_DAY)
    assert Message.objects.filter(topic=Topic.REMINDER_DUE, done_at=None).count() == 1
    end(wrapped, device)
    relay.drain()
    assert subjects() == []


@pytest.mark.parametrize("end", ENDS[:-1], ids=lambda end: end.__name__)
def test_nothing_leaves_that_ends_while_its_letter_is_written(
    wrapped: Gift, at: Any, device: Device, end: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last moment: the worker has composed it and is about to hand it over."""
    compose = sending.compose

    def slowly(purpose: Any, delivery: Any, about: Any) -> Any:
        letter = compose(purpose, delivery, about)
        end(wrapped, device)
        return letter

    monkeypatch.setattr(sending, "compose", slowly)
    pass_days(7, at)
    assert [each for each in subjects() if "waits for you" in each] == []
    with scopes_disabled():
        state = Delivery.objects.get(purpose="reminder_unopened").state
    assert state in {Delivery.State.OUTDATED, Delivery.State.SUPPRESSED}


def test_at_night_it_waits_for_the_morning_of_the_recipient(
    wrapped: Gift, at: Any, brand: Brand
) -> None:
    with scopes_disabled():
        Recipient.objects.update(
            time_zone="Asia/Tokyo"
        )  # where noon in Seattle is four in the night
    look.run(now=NOON + 7 * A_DAY)
    message = Message.objects.get(topic=Topic.REMINDER_DUE)
    there = message.available_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (there.hour, there.minute) == (9, 0)
    at(NOON + 7 * A_DAY)
    with pytest.raises(subscribers.QuietHours):
        subscribers.send_reminder(message)
    assert subjects() == []
    at(message.available_at)
    subscribers.send_reminder(message)
    assert len(subjects()) == 1


@pytest.mark.parametrize(
    ("hour", "minute", "waits"),
    [(8, 59, 1), (9, 0, 0), (20, 59, 0), (21, 0, 12 * 60), (23, 30, 570), (0, 0, 540)],
)
def test_quiet_hours(hour: int, minute: int, waits: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 6, 1, hour, minute, tzinfo=zone)
    assert after_quiet_hours(now, zone) - now == timedelta(minutes=waits)


def test_quiet_hours_end_at_nine_also_when_clocks_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    night = datetime(2026, 3, 28, 22, tzinfo=zone)
    assert after_quiet_hours(night, zone).astimezone(zone).hour == 9


def test_the_sender_is_asked_once_and_silence_leaves_it(
    wrapped: Gift, at: Any, client: Client
) -> None:
    for day in (59, 60, 61, 62, 90):
        pass_days(day, at)
    asked = [each for each in subjects("amy@senders.example") if "has not opened" in each]
    assert asked == ["Ben has not opened your gift"]
    with scopes_disabled():
        assert Gift.objects.get(pk=wrapped.pk).asked_at is not None
        assert Code._base_manager.get(pk=wrapped.code_id).state == Code.State.ACTIVE
    order = f"/orders/{wrapped.order.link_token()}/"
    assert "choose what happens" in client.get(order).content.decode()
    page = client.get(f"{order}unopened/{wrapped.pk}/")
    assert page.status_code == 200
    assert markup.faults(page.content.decode()) == []


def ask_page(gift: Gift) -> str:
    return f"/orders/{gift.order.link_token()}/unopened/{gift.pk}/"


@pytest.fixture
def asked(wrapped: Gift, at: Any) -> Gift:
    now = timezone.now()
    Payment.objects.create(
        brand=wrapped.order.brand, order=wrapped.order, attempt=1, state=Payment.State.PAID,
        amount=wrapped.order.total, currency="USD", opened_at=now, asked_at=now, expires_at=now,
        settled_at=now, payment_intent_id="pi_1", charge_id="ch_1",
    )  # fmt: skip
    pass_days(60, at)
    return wrapped


def test_money_back_holds_the_gift_and_asks_for_it_once(asked: Gift, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(ask_page(asked)).status_code == 200
    assert len(queries) <= 3
    for _turn in range(2):
        assert client.post(ask_page(asked), {"act": "back"}).status_code == 303
    with scopes_disabled():
        assert asked.refund_lines.count() == 1
        assert Code._base_manager.get(pk=asked.code_id).state == Code.State.ON_HOLD


def test_leaving_it_ends_the_question(asked: Gift, client: Client, at: Any) -> None:
    assert client.post(ask_page(asked), {"act": "leave"}).status_code == 303
    assert client.get(ask_page(asked)).status_code == 303
    pass_days(300, at)
    letters = [each for each in subjects("amy@senders.example") if "has not opened" in each]
    assert len(letters) == 1


def test_what_was_opened_meanwhile_stays(asked: Gift, client: Client, brand: Brand) -> None:
    with scope(brand=brand):
        open_gift(gift_id=asked.pk)
        with pytest.raises(answer.AnswerRefused):
            answer.money_back(order=asked.order, gift=asked, now=timezone.now())
    assert client.post(ask_page(asked), {"act": "back"}).status_code == 303
    with scopes_disabled():
        assert asked.refund_lines.count() == 0
    assert client.post(ask_page(asked), {"act": "nonsense"}).status_code == 303


def test_nonsense_is_refused_and_changes_nothing(asked: Gift, client: Client) -> None:
    assert client.post(ask_page(asked), {"act": "nonsense"}).status_code == 422


def test_a_link_that_the_sender_passes_on_is_asked_about_and_reminds_nobody(
    brand: Brand, place: Place, treat: Treat, at: Any
) -> None:
    at(NOON)
    by_link = line(treat, "Cleo", channel=Gift.Channel.LINK, recipient_email="")
    pay(place(lines=[by_link], now=NOON), now=NOON)
    relay.drain()
    mail.outbox.clear()
    for day in (7, 60, 61):
        pass_days(day, at)
    assert [each.to for each in mail.outbox] == [["amy@senders.example"]]


def test_a_gift_that_is_put_off_is_looked_at_a_week_after_its_day(wrapped: Gift, at: Any) -> None:
    with scopes_disabled():
        Gift.objects.update(deliver_at=NOON + 20 * A_DAY, sent_at=None)
    pass_days(7, at)
    with scopes_disabled():
        assert Gift.objects.get().remind_at == NOON + 27 * A_DAY
    assert subjects() == []


def test_due_gifts_are_found_by_an_index_and_cost_few_statements(
    wrapped: Gift, brand: Brand, place: Place, treat: Treat
) -> None:
    pay(place(lines=[line(treat, f"N{n}") for n in range(20)], now=NOON), now=NOON)
    with scopes_disabled():
        due = Gift.objects.filter(remind_at__lte=NOON).order_by("remind_at")
        assert plans.along(due[:500], "gift_to_look_at")
    with CaptureQueriesContext(connection) as queries:
        assert look.run(now=NOON + 7 * A_DAY) == 21
    assert len(queries) <= 9
    assert Message.objects.filter(topic=Topic.REMINDER_DUE).count() == 21
    assert look.run(now=NOON + 7 * A_DAY) == 0
