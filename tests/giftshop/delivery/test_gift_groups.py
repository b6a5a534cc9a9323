"""Gift mails are read and written down together, and none is lost, doubled or out of date for that."""

import math
import select
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.delivery import channels, gift_group, mend, suppression
from giftshop.delivery.gift_group import GiftGroup
from giftshop.delivery.mend import Wanted
from giftshop.delivery.models import Attempt, Delivery
from giftshop.orders.models import Gift
from giftshop.outbox import groups, relay, workers
from giftshop.outbox.models import Message, Worker
from giftshop.outbox.outbox import Queue
from redemption.models import Code
from tests.cast import Place, line, pay, put_on_hold
from tests.giftshop.delivery.conftest import Sink, delivery_of, fresh, letters_to, outcomes

pytestmark = pytest.mark.django_db

COUNT = 10


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer than a group's second."""
    monkeypatch.setattr(relay, "GROUP_SECONDS", math.inf)


class Killed(BaseException):
    """As by SIGKILL: nobody catches it."""


def address(number: int) -> str:
    return f"r{number}@friends.example"


@pytest.fixture
def due(place: Place, treat: Treat, brand: Brand) -> list[Gift]:
    """Gifts whose mails wait, and nothing else that does."""
    lines = [line(treat, f"R{n}", recipient_email=address(n)) for n in range(COUNT)]
    order = pay(place(lines=lines))
    Message.objects.filter(done_at=None).exclude(subscriber="delivery.gift").delete()
    with scope(brand=brand):
        return list(order.gifts.with_everything())


def deliver(ends: float = math.inf) -> tuple[int, int]:
    return relay.deliver_group(Queue.MAIL, ends=ends)


def told() -> list[str]:
    """The gifts that were told on as sent."""
    rows = Message.objects.filter(topic="gift.sent", subscriber="campaigns.gift_sent")
    return [row.payload["gift_id"] for row in rows]


def before_the_second(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """While the first of a group is handed over."""
    send, calls = channels.SENDERS[Gift.Channel.EMAIL], list[object]()

    def hand_over(letter: Any) -> str:
        calls.append(letter)
        if len(calls) == 1:
            act()
        return send(letter)

    monkeypatch.setitem(channels.SENDERS, Gift.Channel.EMAIL, hand_over)


def test_a_mail_of_a_group_costs_one_statement(due: list[Gift]) -> None:
    """What comes to these is the group's, however many it holds."""
    with CaptureQueriesContext(connection) as asked:
        assert deliver() == (COUNT, COUNT)
    assert len(mail.outbox) == COUNT
    assert len(asked) <= COUNT + 29
    own = [each["sql"] for each in asked if "delivery_attempt" in each["sql"]]
    assert len(own) == COUNT


def test_only_few_facts_are_not_on_the_disk_yet(
    due: list[Gift], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a PostgreSQL that dies may forget: of so many mails that they left, and of none once something
    else begins."""
    monkeypatch.setattr(gift_group, "AT_RISK_MAX", 3)
    with CaptureQueriesContext(connection) as asked:
        deliver()
    own = [each["sql"] for each in asked if "delivery_attempt" in each["sql"]]
    waits = ["synchronous_commit" not in sql for sql in own]
    assert waits == [False, False, False, True] * 2 + [False, True]


def test_all_is_as_if_each_had_gone_alone(due: list[Gift]) -> None:
    deliver()
    for number, gift in enumerate(due):
        delivery = delivery_of(gift)
        assert (delivery.state, delivery.worker_id, delivery.leased_until) == ("sent", None, None)
        assert (delivery.attempts_made, outcomes(gift)) == (1, ["sent"])
        assert fresh(gift).sent_at is not None
        assert len(letters_to(address(number))) == 1
    assert not Message.objects.filter(topic="gift.ready", done_at=None).exists()
    assert not Message.objects.filter(topic="gift.ready", leased_until__isnull=False).exists()


def test_a_worker_that_dies_with_nothing_written_down_sends_none_twice(
    due: list[Gift], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had sent three, and was killed before it wrote what follows."""
    worker = Worker.objects.create(started_at=timezone.now(), beat_at=timezone.now())
    monkeypatch.setattr(workers, "current_worker", lambda: worker.pk)
    send, sent = channels.SENDERS[Gift.Channel.EMAIL], list[object]()

    def hand_over(letter: Any) -> str:
        if len(sent) == 3:
            raise Killed
        sent.append(letter)
        return send(letter)

    def dies(self: object) -> int:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setitem(channels.SENDERS, Gift.Channel.EMAIL, hand_over)
        dying.setattr(groups.Groups, "settle", dies)
        dying.setattr(relay, "release", lambda held: None)
        with pytest.raises(Killed):
            deliver()
    monkeypatch.setattr(workers, "current_worker", lambda: None)
    assert relay.drain() == 0, "while it may live, nobody takes what it held"
    worker.delete()
    relay.drain()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(map(address, range(COUNT)))
    for gift in due:
        assert (delivery_of(gift).state, outcomes(gift)) == ("sent", ["sent"])
        assert fresh(gift).sent_at is not None
    assert len(told()) == len(set(told())) == COUNT


def test_what_a_group_did_not_come_to_is_as_if_untouched(due: list[Gift]) -> None:
    assert deliver(ends=0.0) == (COUNT, 1)
    with scopes_disabled():
        waiting = Delivery.objects.exclude(state="sent")
        assert set(waiting.values_list("state", "attempts_made", "leased_until", "worker_id")) == {
            ("pending", 0, None, None)
        }
    with CaptureQueriesContext(connection) as asked:
        assert deliver() == (COUNT - 1, COUNT - 1)
    assert len(asked) <= COUNT + 26, "the next group takes them up"
    assert len(mail.outbox) == COUNT
    assert {tuple(outcomes(gift)) for gift in due} == {("sent",)}


@pytest.mark.parametrize("what", ["hold", "void", "stop", "mend", "taken over"])
def test_what_changes_while_a_group_is_under_way_counts(
    due: list[Gift], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    gift, now = due[-1], timezone.now()
    wanted = {**Wanted.of(gift).facts, "email": "new@friends.example"}

    def act() -> None:
        with scope(brand=gift.brand):
            if what == "hold":
                put_on_hold(gift.code)
            elif what == "void":
                Code.objects.filter(pk=gift.code_id).update(state=Code.State.VOIDED, balance=0)
            elif what == "stop":
                suppression.suppress(address=address(COUNT - 1), brand=gift.order.brand)
            elif what == "mend":
                mend.mend(gift_id=gift.pk, order_id=gift.order_id, wanted=Wanted(**wanted), now=now)
            else:
                Delivery.objects.filter(subject=f"gift:{gift.pk}").update(attempts_made=2)

    before_the_second(monkeypatch, act)
    deliver()
    assert len(mail.outbox) == COUNT - 1
    assert not letters_to(address(COUNT - 1))
    relay.drain()
    assert len(letters_to("new@friends.example")) == (what == "mend")


def test_a_worker_that_nobody_heard_of_lately_sends_none(
    due: list[Gift], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "is_heard", lambda: False)
    assert deliver() == (COUNT, 0)
    assert not mail.outbox


def test_one_that_fails_keeps_no_other(due: list[Gift], monkeypatch: pytest.MonkeyPatch) -> None:
    send = channels.SENDERS[Gift.Channel.EMAIL]

    def hand_over(letter: Any) -> str:
        if letter.to == [address(2)]:
            raise channels.TryLater("451 later")
        return send(letter)

    monkeypatch.setitem(channels.SENDERS, Gift.Channel.EMAIL, hand_over)
    assert deliver() == (COUNT, COUNT - 1)
    assert (delivery_of(due[2]).state, outcomes(due[2])) == ("pending", ["deferred"])
    monkeypatch.undo()
    relay.drain(now=timezone.now() + timedelta(minutes=1))
    assert (delivery_of(due[2]).state, outcomes(due[2])) == ("sent", ["deferred", "sent"])


def test_where_no_group_can_be_made_each_goes_alone(
    due: list[Gift], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: GiftGroup, *args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(GiftGroup, "_hold", fails)
    assert deliver() == (COUNT, COUNT)
    assert len(mail.outbox) == COUNT


def test_the_providers_id_is_kept_at_once(due: list[Gift], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows a worker that died does not know it, and the provider's report names it."""
    monkeypatch.setitem(channels.SENDERS, Gift.Channel.EMAIL, lambda letter: f"id-{letter.to[0]}")
    monkeypatch.setattr(gift_group.GiftGroup, "settle", lambda self: None)
    deliver()
    assert delivery_of(due[0]).provider_id == f"id-{address(0)}"


def test_two_brands_in_one_group(
    due: list[Gift], place: Place, other_brand: Brand, treat: Treat
) -> None:
    foreign = Message.objects.filter(topic="gift.ready", subscriber="delivery.gift").first()
    assert foreign is not None
    Message.objects.filter(pk=foreign.pk).update(brand_id=other_brand.pk)
    assert deliver() == (COUNT, COUNT - 1)
    assert len(mail.outbox) == COUNT - 1, "a gift of another brand's is out of reach"


def test_a_mail_server_that_hung_up_between_two_mails_is_called_again(
    due: list[Gift], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not asked whether it is there so soon after a mail; that it is gone is seen all the same."""

    def hang_up() -> None:
        connection = getattr(channels.email._line.backend, "connection", None)
        if connection is None:
            return  # the first one calls
        line = connection.sock
        sink.controller_loop.call_soon_threadsafe(sink.transport.close)
        poll = select.poll()
        poll.register(line, select.POLLIN)
        assert poll.poll(10_000)

    send = channels.SENDERS[Gift.Channel.EMAIL]

    def hand_over(letter: Any) -> str:
        hang_up()
        return send(letter)

    monkeypatch.setitem(channels.SENDERS, Gift.Channel.EMAIL, hand_over)
    assert deliver() == (COUNT, COUNT)
    assert (len(sink.envelopes), sink.calls) == (COUNT, COUNT)
    assert not Attempt.objects.exclude(outcome=Attempt.Outcome.SENT).exists()
