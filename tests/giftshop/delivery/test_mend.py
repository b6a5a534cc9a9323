"""A gift is put right while nobody has opened it: the old link and code die, the next ones go out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from core.forms.version import SavedSince, version_of
from giftshop.catalog.models import Treat
from giftshop.delivery import mend, send, subscribers
from giftshop.delivery.mend import MendRefused, Wanted
from giftshop.delivery.models import Delivery
from giftshop.delivery.repeat import RepeatRefused
from giftshop.gift_page.open import open_gift
from giftshop.http import rate_limits
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.privacy.erase import erase_recipients
from redemption.ledger import verify
from redemption.models import Code, Device
from redemption.redeem.reasons import Reason
from redemption.redeem.redeem import redeem
from tests.cast import Place, line, pay, put_on_hold, symbols
from tests.giftshop.delivery.conftest import fresh, html_of, letters_to
from tests.redemption.books import balances

pytestmark = pytest.mark.django_db

BEN, BEA = "ben@friends.example", "bea@friends.example"


def as_it_is(gift: Gift) -> Wanted:
    return Wanted.of(fresh(gift))


def mended(gift: Gift, *, seen: str = "", now: datetime | None = None, **other: Any) -> bool:
    with scope(brand=gift.order.brand):
        return mend.mend(
            gift_id=gift.pk,
            order_id=gift.order_id,
            wanted=replace(as_it_is(gift), **other),
            seen=seen,
            now=now or timezone.now(),
        )


def states(gift: Gift) -> list[str]:
    with scope(brand=gift.order.brand):
        sent = Delivery.objects.filter(subject=f"gift:{gift.pk}", purpose="gift")
        return list(sent.order_by("version").values_list("state", flat=True))


def reason_at_the_till(device: Device, text: str) -> str:
    answer = redeem(device=device, text=text, key=text, picks={"flavour": "mint"})
    return "ok" if answer.redeemed else str(answer.body["reason"])


def scheduled(place: Place, treat: Treat, **fields: Any) -> Gift:
    due = timezone.now() + timedelta(days=9)
    order = pay(place(lines=[line(treat, "Ben", deliver_at=due, **fields)]))
    with scope(brand=order.brand):
        return Gift.objects.with_everything().get(order=order)


class TestAddress:
    def test_the_old_link_and_code_die_and_the_next_go_out(
        self, gift: Gift, device: Device, client: Client
    ) -> None:
        relay.drain()
        old_code, old_link = symbols(gift.code), f"/gift/{gift.link_token()}/"
        with scope(brand=gift.order.brand):
            before = balances()
        assert mended(gift, email=BEA, name="Bea")
        again = fresh(gift)
        new_code, new_link = symbols(again.code), f"/gift/{again.link_token()}/"
        assert client.get(old_link).status_code == 404
        assert reason_at_the_till(device, old_code) == Reason.REPLACED
        assert again.progress == "ready"
        relay.drain()
        [letter] = letters_to(BEA)
        assert new_link in html_of(letter)
        assert old_link not in html_of(letter)
        assert len(letters_to(BEN)) == 1
        assert states(gift) == ["sent", "sent"]
        assert fresh(gift).progress == "sent"
        assert client.get(new_link).status_code == 200
        with scope(brand=gift.order.brand):
            assert balances() == before
        assert not [row for check in verify.CHECKS for row in verify.differences(check)]
        assert reason_at_the_till(device, new_code) == "ok"

    def test_staff_greet_whom_it_is_for_by_now(self, gift: Gift) -> None:
        mended(gift, name="Bea Miller")
        code = fresh(gift).code
        assert code
        assert code.recipient_name == "Bea"

    def test_before_anything_left_only_the_newest_leaves(self, gift: Gift) -> None:
        mended(gift, email=BEA)
        mended(gift, message="Better words")
        relay.drain()
        assert not letters_to(BEN)
        [letter] = letters_to(BEA)
        assert "Better words" in html_of(letter)
        assert states(gift) == ["outdated", "outdated", "sent"]

    def test_what_could_not_be_sent_can_then(self, gift: Gift) -> None:
        relay.drain()
        with scope(brand=gift.order.brand):
            Gift.objects.filter(pk=gift.pk).update(undeliverable_at=timezone.now())
        mended(gift, email=BEA)
        relay.drain()
        assert fresh(gift).progress == "sent"

    def test_what_is_wanted_already_changes_nothing(self, gift: Gift) -> None:
        token = gift.link_token()
        assert not mended(gift)
        assert fresh(gift).link_token() == token
        relay.drain()
        assert len(letters_to(BEN)) == 1
        assert states(gift) == ["sent"]

    def test_an_address_that_is_none_is_refused(self, gift: Gift) -> None:
        with pytest.raises(MendRefused, match="no_address"):
            mended(gift, email="")


class TestChannel:
    def test_from_mail_to_a_link_and_back(self, gift: Gift) -> None:
        mended(gift, channel=Gift.Channel.LINK, email="")
        relay.drain()
        assert not letters_to(BEN)
        assert states(gift) == ["outdated", "outdated"]  # the second speaks for the link
        mended(gift, channel=Gift.Channel.EMAIL, email=BEA)
        relay.drain()
        assert len(letters_to(BEA)) == 1
        assert states(gift) == ["outdated", "outdated", "sent"]

    def test_a_link_stays_good_while_only_its_page_says_other_words(
        self, place: Place, treat: Treat, client: Client
    ) -> None:
        order = pay(place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)]))
        with scope(brand=order.brand):
            gift = Gift.objects.with_everything().get()
        link = f"/gift/{gift.link_token()}/"
        mended(gift, message="Better words")
        assert "Better words" in client.get(link).content.decode()
        mended(gift, name="Bea")
        assert client.get(link).status_code == 404


class TestDay:
    def test_it_moves_in_the_outbox(self, place: Place, treat: Treat) -> None:
        gift = scheduled(place, treat)
        sooner = timezone.now() + timedelta(days=2)
        mended(gift, deliver_at=sooner)
        told = Message.objects.about([str(gift.pk)])
        assert {message.available_at for message in told} == {sooner}
        relay.drain(now=sooner - timedelta(minutes=1))
        assert not letters_to(BEN)
        with scope(brand=gift.order.brand):
            Gift.objects.filter(pk=gift.pk).update(deliver_at=timezone.now())  # its day has come
        relay.drain(now=sooner + timedelta(minutes=1))
        assert len(letters_to(BEN)) == 1
        assert not Message.objects.about([str(gift.pk)]).exists()

    def test_other_words_wait_for_the_same_day(self, place: Place, treat: Treat) -> None:
        gift = scheduled(place, treat)
        mended(gift, message="Better words")
        relay.drain()
        assert not letters_to(BEN)
        assert fresh(gift).progress == "scheduled"

    def test_now_after_all(self, place: Place, treat: Treat) -> None:
        gift = scheduled(place, treat)
        token = gift.link_token()
        with scope(brand=gift.order.brand):
            assert mend.send_now(gift_id=gift.pk, order_id=gift.order_id, now=timezone.now())
            assert not mend.send_now(gift_id=gift.pk, order_id=gift.order_id, now=timezone.now())
        relay.drain()
        [letter] = letters_to(BEN)
        assert token in html_of(letter)

    def test_also_of_one_that_was_changed_before(self, place: Place, treat: Treat) -> None:
        gift = scheduled(place, treat)
        mended(gift, email=BEA)
        with scope(brand=gift.order.brand):
            mend.send_now(gift_id=gift.pk, order_id=gift.order_id, now=timezone.now())
        relay.drain()
        assert len(letters_to(BEA)) == 1
        assert not letters_to(BEN)

    def test_not_once_it_left_nor_years_ahead(self, gift: Gift, place: Place, treat: Treat) -> None:
        day = timezone.now() + timedelta(days=3)
        with pytest.raises(MendRefused, match="sent"):
            mended(gift, deliver_at=day)
        later = scheduled(place, treat)
        with pytest.raises(MendRefused, match="too_far"):
            mended(later, deliver_at=timezone.now() + timedelta(days=400))


class TestRefused:
    def test_once_it_was_opened(self, gift: Gift) -> None:
        with scope(brand=gift.order.brand):
            open_gift(gift_id=gift.pk)
        with pytest.raises(MendRefused, match="opened"):
            mended(gift, email=BEA)
        assert fresh(gift).link_token() == gift.link_token()

    def test_while_on_hold_and_once_used(
        self, gift: Gift, place: Place, device: Device, treat: Treat
    ) -> None:
        assert reason_at_the_till(device, symbols(gift.code)) == "ok"
        with pytest.raises(MendRefused, match="not_good"):
            mended(gift, email=BEA)
        held = scheduled(place, treat)
        put_on_hold(held.code)
        with pytest.raises(MendRefused, match="on_hold"):
            mended(held, email=BEA)

    def test_once_the_recipient_is_erased(self, gift: Gift) -> None:
        relay.drain()
        with scope(brand=gift.order.brand):
            erase_recipients([gift.pk], now=timezone.now())
            with pytest.raises(MendRefused, match="erased"):
                mended(gift, email=BEA)
            with pytest.raises(RepeatRefused, match="erased"):
                mend.send_again(gift=fresh(gift), now=timezone.now())

    def test_before_it_is_paid(self, place: Place) -> None:
        order = place()
        with scope(brand=order.brand):
            gift = Gift.objects.with_everything().filter(order=order)[0]
        with pytest.raises(MendRefused, match="not_paid"):
            mended(gift, email=BEA)

    def test_from_a_form_that_is_older(self, gift: Gift) -> None:
        seen = version_of(as_it_is(gift).facts)
        mended(gift, email=BEA)
        with pytest.raises(SavedSince):
            mended(gift, seen=seen, message="Other words")
        assert not mended(gift, seen=seen)  # a second click

    def test_what_is_refused_is_sent_as_it_was(self, gift: Gift) -> None:
        with pytest.raises(MendRefused):
            mended(gift, email="")
        relay.drain()
        assert len(letters_to(BEN)) == 1


class TestLimits:
    def test_a_stolen_link_does_not_write_to_strangers(
        self, gift: Gift, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(rate_limits.SENT_AGAIN_A_DAY, "gift", 2)
        now = timezone.now()
        for number in range(2):
            mended(gift, email=f"stranger{number}@friends.example", now=now)
        with pytest.raises(MendRefused, match="too_often"):
            mended(gift, email="stranger9@friends.example", now=now)
        mended(gift, email="stranger9@friends.example", now=now + timedelta(days=1, seconds=1))

    @pytest.mark.parametrize("kind", ["order", "sender"])
    def test_nor_by_its_other_gifts_or_orders(
        self, gift: Gift, place: Place, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(rate_limits.SENT_AGAIN_A_DAY, kind, 1)
        mended(gift, email=BEA)
        other_order = gift.order if kind == "order" else pay(place())
        with scope(brand=gift.order.brand):
            others = Gift.objects.with_everything().filter(order=other_order)
            other = others.exclude(pk=gift.pk)[0]
        with pytest.raises(MendRefused, match="too_often"):
            mended(other, email=BEA)


class TestAgain:
    def again(self, gift: Gift) -> Delivery:
        with scope(brand=gift.order.brand):
            return mend.send_again(gift=fresh(gift), now=timezone.now())

    def test_the_same_goes_out_once_more(self, gift: Gift) -> None:
        relay.drain()
        self.again(gift)
        relay.drain()
        first, second = letters_to(BEN)
        assert gift.link_token() in html_of(first)
        assert gift.link_token() in html_of(second)

    def test_not_while_it_is_on_its_way_and_not_often(
        self, gift: Gift, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(RepeatRefused, match="never_sent"):
            self.again(gift)
        relay.drain()
        monkeypatch.setitem(rate_limits.SENT_AGAIN_A_DAY, "gift", 1)
        self.again(gift)
        with pytest.raises(MendRefused, match="too_often"):
            self.again(gift)
        relay.drain()
        assert len(letters_to(BEN)) == 2


Compose = Callable[..., Any]


class TestRace:
    """The gift is changed while a worker composes what it was before."""

    @pytest.fixture
    def _changed_meanwhile(self, gift: Gift, monkeypatch: pytest.MonkeyPatch) -> None:
        compose: Compose = send.compose

        def slowly(*about: Any) -> Any:
            letter = compose(*about)
            monkeypatch.setattr(send, "compose", compose)
            mended(gift, email=BEA)
            return letter

        monkeypatch.setattr(send, "compose", slowly)

    @pytest.mark.usefixtures("_changed_meanwhile")
    def test_the_old_one_does_not_leave(self, gift: Gift, ready: Message) -> None:
        with pytest.raises(send.BeingSent):
            subscribers.send_gift(ready)
        assert not mail.outbox
        assert states(gift) == ["outdated", "pending"]
        relay.drain()
        assert not letters_to(BEN)
        assert len(letters_to(BEA)) == 1
        assert states(gift) == ["outdated", "sent"]

    @pytest.mark.usefixtures("_changed_meanwhile")
    def test_the_control_sends_it(
        self, gift: Gift, ready: Message, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without the look before it is handed over. Even so the gift is not told to be sent by it."""
        monkeypatch.setattr(send, "_check_still_ours", lambda delivery: None)
        subscribers.send_gift(ready)
        assert len(letters_to(BEN)) == 1
        assert fresh(gift).sent_at is None

    def test_a_worker_that_read_it_before_finds_the_first_version_outdated(
        self, gift: Gift, ready: Message
    ) -> None:
        old = fresh(gift)
        mended(gift, email=BEA)
        with scope(brand=gift.order.brand):
            delivery = send.send(purpose=subscribers.GIFT, about=old, brand=old.order.brand)
        assert delivery.state == Delivery.State.OUTDATED
        assert not mail.outbox

    def test_a_till_that_was_faster_leaves_the_gift_as_it_is(
        self, gift: Gift, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = mend._write

        def late(*about: Any) -> None:
            write(*about)
            Code.objects.filter(pk=gift.code_id).update(state=Code.State.REDEEMED, balance=0)

        monkeypatch.setattr(mend, "_write", late)
        with pytest.raises(MendRefused, match="not_good"):
            mended(gift, email=BEA)
        assert fresh(gift).recipient.email == BEN

    def test_who_opens_by_the_old_link_at_that_moment_has_not_opened_it(self, gift: Gift) -> None:
        token = gift.link_token()
        mended(gift, email=BEA)
        with scope(brand=gift.order.brand):
            assert not open_gift(gift_id=gift.pk, token=token)
            assert open_gift(gift_id=gift.pk, token=fresh(gift).link_token())


def test_a_change_costs_few_statements(gift: Gift, django_assert_max_num_queries: Any) -> None:
    """However many gifts the order has."""
    wanted = replace(as_it_is(gift), email=BEA)
    with scope(brand=gift.order.brand), django_assert_max_num_queries(30):
        mend.mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
