"""Whoever said yes to texts is reminded by them, and nobody else is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.reminders import look
from giftshop.texts import segments
from giftshop.texts.models import Consent
from sandbox.message_double import MessageDouble
from tests.cast import Place, line, pay

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 19, tzinfo=UTC)
BEN = "+12065550162"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """What the clock says to whoever sends."""

    def set_it(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    return set_it


@pytest.fixture
def double(message_double: MessageDouble, brand: Brand) -> MessageDouble:
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.CONSENT)
    brand.refresh_from_db()
    return message_double


@pytest.fixture
def wrapped(double: MessageDouble, place: Place, treat: Treat, at: Any) -> Gift:
    """Ben's, by a link that Amy passes on, and not opened."""
    at(NOON)
    ben = line(treat, "Ben", channel=Gift.Channel.LINK, recipient_email="")
    order = pay(place(lines=[ben], now=NOON), now=NOON)
    relay.drain()
    mail.outbox.clear()
    with scope(brand=order.brand):
        return order.gifts.with_everything().get()


def say_yes(gift: Gift, **more: Any) -> None:
    asked = {"words": "…", "language": "en", "page": f"gift:{gift.pk}", "asked_at": NOON}
    with scope(brand=gift.brand):
        Consent.objects.create(brand=gift.brand, phone=BEN, given_at=NOON, **{**asked, **more})


def pass_days(days: float, at: Any) -> None:
    now = NOON + timedelta(days=days)
    at(now)
    look.run(now=now)
    relay.drain()


def test_a_yes_on_its_page_brings_its_reminder_to_that_phone(
    wrapped: Gift, double: MessageDouble, at: Any
) -> None:
    say_yes(wrapped)
    pass_days(7, at)
    pass_days(7.1, at)
    (sent,) = double.sent_to(BEN)
    assert sent["body"].startswith("Your gift from Amy waits at Frosty Spoon Creamery: http")
    assert f"/gift/{wrapped.link_token()}/" in sent["body"]
    assert segments.count(sent["body"]).is_gsm
    assert not mail.outbox


@pytest.mark.parametrize(
    "more", [{"withdrawn_at": NOON}, {"given_at": None}, {"page": "gift:another"}]
)
def test_without_a_yes_that_stands_nobody_is_texted(
    wrapped: Gift, double: MessageDouble, at: Any, more: dict[str, Any]
) -> None:
    given = {"given_at": NOON, **more}
    with scope(brand=wrapped.brand):
        Consent.objects.create(
            brand=wrapped.brand, phone=BEN, words="…", language="en", asked_at=NOON,
            page=str(given.pop("page", f"gift:{wrapped.pk}")), **given,
        )  # fmt: skip
    pass_days(7, at)
    assert not double.asked["create"]


def test_on_the_senders_word_alone_nobody_is_reminded(
    double: MessageDouble, brand: Brand, place: Place, treat: Treat, at: Any
) -> None:
    """The gift went there; that was all that the sender could say."""
    german = "+4915112345678"
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS, country="DE")
    brand.refresh_from_db()
    at(NOON)
    ben = line(treat, "Ben", channel=Gift.Channel.SMS, recipient_phone=german)
    pay(place(lines=[ben], now=NOON), now=NOON)
    relay.drain()
    pass_days(7, at)
    assert len(double.sent_to(german)) == 1
