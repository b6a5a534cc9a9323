"""What is past its time goes, whatever is younger stays, and nothing is kept that the table does not name."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_scopes import scopes_disabled

from brands.models import Brand, Store
from core.ids import uuid7
from giftshop.accounts.models import AccountLetter, BrowserSession, Invitation
from giftshop.delivery.models import Attempt, Delivery, Report
from giftshop.handouts.models import ListDraft
from giftshop.models import SearchInVain
from giftshop.offers.models import Offer
from giftshop.openings.models import OpeningCode
from giftshop.operator import retention, roles, unpaid_orders
from giftshop.operator.retention import FOR_EVER, KEPT, Kept
from giftshop.orders.models import Draft, Gift, Order, Recipient
from giftshop.outbox.models import Message
from giftshop.payments.models import Payment, StripeEvent
from giftshop.pictures.models import Picture
from giftshop.questions.models import Question
from giftshop.sheets.models import MenuImport
from giftshop.tasks import delete_what_is_past_its_time
from giftshop.texts.models import Consent, SentText
from redemption.models import (
    Device,
    IdempotencyRecord,
    RateCount,
    RetiredCode,
    RetiredToken,
    WrongTries,
)
from tests.cast import Place, make_user, pay
from tests.giftshop.offers.made import make_offer
from tests.redemption.books import issued

NOW = timezone.now()
A_DAY = timedelta(days=1)
UNPAID = next(kept for kept in KEPT if kept.model is Order)
GOES_WITH_ANOTHER = {"accounts_invitation_stores", "axes_accessattemptexpiration"}


def test_every_table_is_named_once() -> None:
    named = [kept.model._meta.db_table for kept in KEPT] + " ".join(FOR_EVER.values()).split()
    there = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    unnamed, gone = there - GOES_WITH_ANOTHER - set(named), set(named) - there
    assert not unnamed, f"say in giftshop/operator/retention.py how long rows of {unnamed} are kept"
    assert not gone, f"{gone} are no tables any more"
    assert len(named) == len(set(named))


def test_the_page_says_what_the_code_does() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "retention.md").read_text()
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (.+?) \|$", page, re.MULTILINE)
    assert rows == [(kept.what, str(kept.days), kept.why) for kept in KEPT]
    assert re.findall(r"^- (.+)$", page, re.MULTILINE) == list(FOR_EVER)


def test_the_promise_about_answers_is_kept() -> None:
    answers = next(kept for kept in KEPT if kept.model is IdempotencyRecord)
    assert answers.days >= 400
    promises = (Path(settings.BASE_DIR) / "docs" / "reliability.md").read_text()
    assert "| I5 | Same key, same answer, for at least 400 days. " in promises


@pytest.fixture
def one_of_each(in_brand: Brand, store: Store, device: Device, place: Place) -> Any:
    """Makes a row of each kind that is so old, and has lost its use at that moment."""

    def make(at: datetime) -> None:
        order = place(draft=Draft.objects.create(brand=in_brand), now=at)
        place(now=at)
        Draft.objects.update(created_at=at, updated_at=at)
        delivery = Delivery.objects.create(
            brand=in_brand,
            purpose="receipt",
            subject=f"order:{order.pk}",
            address="a@b.example",
            created_at=at,
        )
        Attempt.objects.create(delivery=delivery, at=at, outcome="sent")
        Report.objects.create(
            key=uuid7().bytes, delivery=delivery, state="delivered", at=at, received_at=at
        )
        SentText.objects.create(
            provider_id=str(uuid7()), brand=in_brand, delivery_id=uuid7(), segments=1, sent_at=at
        )
        asked = {"words": "…", "language": "en", "page": "gift:1", "asked_at": at}
        number = f"+1206{uuid7().int % 10_000_000:07}"
        Consent.objects.create(brand=in_brand, phone=number, **asked)
        IdempotencyRecord.objects.create(device=device, key=str(uuid7()), request_digest=b"x")
        IdempotencyRecord.objects.update(created_at=at)
        StripeEvent.objects.create(
            event_id=str(uuid7()), type="x", livemode=False, payload="{}", received_at=at,
            processed_at=at, available_at=at,
        )  # fmt: skip
        Message.objects.create(
            topic="gift.ready", subscriber="x", brand_id=in_brand.pk, payload={}, available_at=at,
            occurred_at=at, done_at=at,
        )  # fmt: skip
        Session.objects.create(session_key=uuid7().hex, session_data="x", expire_date=at)
        seen = {"user_agent": uuid7().hex, "http_accept": "", "path_info": "/", "username": "ana"}
        AccessLog.objects.create(**seen)
        AccessFailureLog.objects.create(**seen)
        AccessAttempt.objects.create(**seen, failures_since_start=1)
        for model in (AccessLog, AccessFailureLog, AccessAttempt):
            model.objects.update(attempt_time=at)
        WrongTries.objects.create(key=f"ip:{uuid7().hex}", since=at, count=1)
        RateCount.objects.create(key=f"x:{uuid7().hex}", since=at, count=1)
        RetiredCode.objects.create(digest=uuid7().bytes, code=issued(in_brand, 500), retired_at=at)
        gift = order.gifts.first()
        OpeningCode.objects.create(
            brand=in_brand, gift=gift, reader="sender", digest=b"x", asked_at=at, expires_at=at
        )
        RetiredToken.objects.create(digest=uuid7().bytes, device=device, retired_at=at)
        Device.objects.create(
            brand=in_brand, store=store, name="x", pairing_digest=uuid7().bytes,
            pairing_expires_at=at,
        )  # fmt: skip
        Device.objects.update(created_at=at)
        Question.objects.create(
            brand=in_brand, name="Ada", email="a@b.example", words="Why?", language="en", asked_at=at,
            changed_at=at,
        )  # fmt: skip
        Picture.objects.create(
            brand=in_brand, purpose="logo", created_at=at, unused_since=at,
        )  # fmt: skip
        Invitation.objects.create(
            email=f"{uuid7().hex}@b.example", brand=in_brand, role="finance",
            token_digest=uuid7().bytes, created_at=at, expires_at=at,
        )  # fmt: skip
        AccountLetter.objects.create(
            user=(user := make_user(in_brand, f"{uuid7().hex}@b.example", "owner")),
            kind="sign_in_code", address="a@b.example", created_at=at, expires_at=at,
        )  # fmt: skip
        BrowserSession.objects.create(user=user, session_key=uuid7().hex, began_at=at)
        MenuImport.objects.create(brand=in_brand, user=user, created_at=at, kind="CSV", rows=[])
        offer = Offer.objects.first() or make_offer(in_brand)
        draft = {"brand": in_brand, "user": user, "offer": offer, "lines": []}
        ListDraft.objects.create(**draft, created_at=at)
        SearchInVain.objects.create(user=user, at=at, by="email", about="a•••@b•••.example")

    return make


def rows_of(kept: Kept) -> int:
    with scopes_disabled():
        return kept.model._default_manager.filter(kept.only).count()


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.model._meta.label)
def test_a_row_goes_when_its_time_is_over_and_no_sooner(one_of_each: Any, kept: Kept) -> None:
    Message.objects.all().delete()
    one_of_each(NOW)
    before = rows_of(kept)
    over = NOW + timedelta(days=kept.days)
    assert before >= 1

    assert retention.due(kept, now=over) == 0
    retention.run(now=over)
    assert rows_of(kept) == before

    assert retention.due(kept, now=over + timedelta(seconds=1)) == 1
    assert retention.run(now=over + timedelta(seconds=1))[kept.what] == 1
    assert rows_of(kept) == before - 1


def test_what_still_has_a_use_stays_however_old(one_of_each: Any, device: Device) -> None:
    one_of_each(NOW)
    Message.objects.update(done_at=None)
    StripeEvent.objects.update(processed_at=None)
    order_id = Delivery.objects.get().subject.removeprefix("order:")
    retention.run(now=NOW + 10_000 * A_DAY)

    assert Message.objects.exists()
    assert StripeEvent.objects.exists()
    assert Device.objects.filter(pk=device.pk).exists()
    assert Order.objects.get(pk=order_id).draft is None
    assert Delivery.objects.exists()


def unpaid(place: Place, state: str = Payment.State.EXPIRED, ended: int = 61) -> Order:
    """Placed long ago; its one try to pay stands so, and ended so many days ago."""
    order = place(now=NOW - 90 * A_DAY)
    at = NOW - ended * A_DAY
    Payment.objects.create(
        brand=order.brand, order=order, attempt=1, state=state, amount=order.total,
        currency=order.currency, opened_at=at, asked_at=at, expires_at=at,
        settled_at=None if state == Payment.State.OPEN else at,
    )  # fmt: skip
    return order


def test_an_unpaid_order_goes_with_everything_that_hangs_on_it(
    in_brand: Brand, place: Place, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    young = place()
    orders = [unpaid(place) for _ in range(5)]
    Order.objects.filter(pk=orders[0].pk).update(state="cancelled", cancelled_at=NOW)
    with scopes_disabled():
        assert retention.run(now=NOW)[UNPAID.what] == 5
    assert list(Order.objects.all()) == [young]
    assert not Payment.objects.exists()
    assert set(Recipient.objects.all()) == {gift.recipient for gift in young.gifts.all()}
    assert Gift.objects.count() == 2
    again = [unpaid(place).pk for _ in range(2)]
    with scopes_disabled(), django_assert_num_queries(9):
        assert unpaid_orders.forget(again, cutoff=UNPAID.cutoff(NOW)) == 2


@pytest.mark.parametrize(
    "why",
    ["open", "paid", "refused", "ended lately", "paid for", "issued", "mailed", "gift mailed"],
)
def test_an_order_stays_while_money_may_come_or_came(
    in_brand: Brand, place: Place, why: str
) -> None:
    state = why if why in Payment.State.values else Payment.State.EXPIRED
    order = unpaid(place, state, ended=59 if why == "ended lately" else 61)
    if why == "paid for":
        pay(order)
    if why == "issued":
        pay(order)
        Order.objects.update(state="pending", paid_at=None)
    if "mailed" in why:
        about = order if why == "mailed" else order.gifts.all()[0]
        Delivery.objects.create(
            brand=in_brand, purpose="x", subject=f"{about._meta.model_name}:{about.pk}",
            address="a@b.example", created_at=NOW,
        )  # fmt: skip
    recipients = set(Recipient.objects.all())
    assert retention.due(UNPAID, now=NOW) == 0
    retention.run(now=NOW)
    with scopes_disabled():
        assert unpaid_orders.forget([order.pk], cutoff=UNPAID.cutoff(NOW)) == 0
    assert Order.objects.get() == order
    assert Payment.objects.count() == 1
    assert set(Recipient.objects.all()) == recipients


def test_orders_that_somebody_is_at_work_on_are_left_for_another_night(
    in_brand: Brand, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpaid(place)
    tries = list[Any]()
    busy = replace(UNPAID, forget=lambda keys, cutoff: tries.append(keys) or 0)
    monkeypatch.setattr(retention, "KEPT", (busy,))
    assert retention.run(now=NOW) == {UNPAID.what: 0}
    assert len(tries) == 1


def test_it_walks_over_rows_that_stay_and_ends_at_the_young_ones(
    in_brand: Brand, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(retention, "BATCH", 4)

    def message(at: datetime, *, done: bool) -> Message:
        return Message(
            topic="gift.ready", subscriber="x", brand_id=in_brand.pk, payload={}, available_at=at,
            occurred_at=at, done_at=at if done else None,
        )  # fmt: skip

    old, young = NOW - 40 * A_DAY, NOW - A_DAY
    made = [message(old, done=number > 5) for number in range(20)]
    made += [message(young, done=True) for _n in range(40)]
    for number, each in enumerate(made):
        each.id = UUID(int=number)
    Message.objects.bulk_create(made)
    kept = next(kept for kept in KEPT if kept.model is Message)

    with django_assert_max_num_queries(7):
        assert retention.due(kept, now=NOW) == 14
    assert retention.run(now=NOW)[kept.what] == 14
    assert Message.objects.count() == 46


def test_it_ends_in_time_and_the_next_one_goes_on(in_brand: Brand) -> None:
    Session.objects.bulk_create(
        Session(session_key=str(number), session_data="x", expire_date=NOW - A_DAY)
        for number in range(2 * retention.BATCH)
    )
    assert sum(retention.run(now=NOW, most=timedelta()).values()) == 0
    delete_what_is_past_its_time()
    assert not Session.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.model._meta.label)
def test_the_oldest_are_found_by_an_index(kept: Kept) -> None:
    """On an empty table PostgreSQL would rather read it whole; told not to, it must have another way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with scopes_disabled():
        asked = (
            kept.model._default_manager.order_by("pk")[:5]
            if kept.order == retention.BY_KEY
            else retention._of_age(kept, NOW)[:5]
        )
        plan = asked.explain()
    assert "Index" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan


def test_the_role_that_the_product_signs_in_with_may_do_it(one_of_each: Any) -> None:
    one_of_each(NOW)
    role = "giftshop_retention"
    roles.grant(role)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        gone = retention.run(now=NOW + 500 * A_DAY)
        cursor.execute("RESET ROLE")
    assert all(gone.values()), gone


def test_the_command_shows_and_works_off(one_of_each: Any, capsys: Any) -> None:
    one_of_each(NOW - 500 * A_DAY)
    call_command("retention")
    shown = capsys.readouterr().out
    assert " 400 days: Answers under an idempotency key (1 past their time)" in shown
    assert " for ever: The books" in shown
    call_command("retention", run=True)
    assert "        1 gone: Drafts\n" in capsys.readouterr().out
    call_command("retention")
    assert "1 past their time" not in capsys.readouterr().out
