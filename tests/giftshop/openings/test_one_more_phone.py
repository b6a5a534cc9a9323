"""A gift opens on one phone; another gets in by a code from a mail, and the sender's look opens nothing."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from giftshop.delivery.suppression import suppress
from giftshop.gift_page import open as opening
from giftshop.openings import codes
from giftshop.openings.codes import Entry, Reader
from giftshop.openings.models import OpeningCode
from giftshop.orders.gift_links import code_of_link
from giftshop.orders.models import Gift, Order
from giftshop.outbox import relay
from redemption.models import Code
from tests.cast import pay, symbols
from tests.giftshop.delivery.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(gift: Gift) -> str:
    return f"/gift/{gift.link_token()}/"


@pytest.fixture
def first(url: str) -> Client:
    """The browser in which it was opened."""
    client = Client()
    client.post(f"{url}opening/")
    return client


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def is_in(client: Client, url: str, code: Code) -> bool:
    return symbols(code)[:4] in page(client, url)


def asked(client: Client, url: str, reader: str = "recipient") -> str:
    """The digits, out of the mail."""
    relay.drain()
    mail.outbox.clear()
    assert client.post(f"{url}opening-code/", {"reader": reader}).status_code == 303
    relay.drain()
    [letter] = mail.outbox
    [digits] = re.findall(r"^\d{6}$", str(letter.body), re.MULTILINE)
    return str(digits)


def test_another_browser_reads_where_it_was_opened_and_sees_nothing(
    first: Client, url: str, code: Code
) -> None:
    assert is_in(first, url, code)
    told = page(Client(), url)
    assert "opened on another phone" in told
    assert "b•••@f•••.example" in told
    assert "a•••@s•••.example" in told
    for private in (symbols(code)[:4], code.label, "ben@friends.example", "amy@senders.example"):
        assert private not in told


@pytest.mark.parametrize("act", ["opening", "choices", "thanks", "return", "stores", "review"])
def test_no_other_page_lets_it_in(first: Client, url: str, code: Code, act: str) -> None:
    other = Client()
    for method in (other.post, other.get):
        answer = method(f"{url}{act}/", {"choice-flavour": "mint", "words": "x"})
        assert symbols(code)[:4] not in answer.content.decode()
    assert not is_in(other, url, code)
    assert not [name for name in other.cookies if name.startswith("opened")]


@pytest.mark.parametrize(
    ("reader", "address"), [("recipient", "ben@friends.example"), ("sender", "amy@senders.example")]
)
def test_a_code_from_a_mail_lets_one_more_phone_in(
    first: Client, url: str, code: Code, reader: str, address: str
) -> None:
    second = Client()
    digits = asked(second, url, reader)
    [letter] = mail.outbox
    assert letter.to == [address]
    assert "/gift/" not in str(letter.body), "the link goes nowhere that it was not sent to"
    assert second.post(f"{url}entry/", {"code": f"{digits[:3]} {digits[3:]}"}).status_code == 303
    assert is_in(second, url, code)
    assert is_in(first, url, code), "and the first stays in"
    third = Client()
    assert third.post(f"{url}entry/", {"code": digits}).status_code == 422, "it serves once"
    assert not is_in(third, url, code)


def test_the_digits_are_forgotten_once_they_are_sent(first: Client, url: str, gift: Gift) -> None:
    asked(Client(), url)
    with scope(brand=gift.order.brand):
        kept = OpeningCode.objects.get()
        assert kept.ciphertext is None
        with pytest.raises(ValueError, match="nobody knows"):
            kept.plain()


def test_who_cleared_their_cookies_gets_in_the_same_way(
    first: Client, url: str, code: Code
) -> None:
    first.cookies.clear()
    assert not is_in(first, url, code)
    first.post(f"{url}entry/", {"code": asked(first, url)})
    assert is_in(first, url, code)


def test_guesses_are_few_and_a_later_code_ends_the_one_before(
    first: Client, url: str, gift: Gift, code: Code
) -> None:
    other = Client()
    before = asked(other, url)
    digits = asked(other, url)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    if before != digits:
        assert other.post(f"{url}entry/", {"code": before}).status_code == 422
    for _ in range(codes.TRIES_MAX):
        assert other.post(f"{url}entry/", {"code": wrong}).status_code == 422
    assert other.post(f"{url}entry/", {"code": digits}).status_code == 422
    assert not is_in(other, url, code)


def test_it_is_over_after_ten_minutes(first: Client, url: str, gift: Gift) -> None:
    digits = asked(Client(), url)
    with scope(brand=gift.order.brand):
        late = timezone.now() + codes.LASTS
        assert codes.enter(gift=gift, typed=digits, now=late) == Entry.OVER
        assert codes.enter(gift=gift, typed=digits, now=timezone.now()) == Entry.RIGHT


def test_codes_of_one_gift_are_few(first: Client, url: str, gift: Gift) -> None:
    now = timezone.now()
    with scope(brand=gift.order.brand):
        for _ in range(codes.PER_GIFT):
            assert codes.ask(gift=gift, reader=Reader.SENDER, now=now) == 0
        assert codes.ask(gift=gift, reader=Reader.SENDER, now=now) > 0
    answer = Client().post(f"{url}opening-code/", {"reader": "sender"})
    assert answer.status_code == 429
    assert "Retry-After" in answer
    with scope(brand=gift.order.brand):
        assert OpeningCode.objects.count() == codes.PER_GIFT


def test_nobody_else_can_be_written_to(first: Client, url: str, gift: Gift) -> None:
    for reader in ("", "eve@evil.example", "recipient\r\nBcc: eve"):
        assert Client().post(f"{url}opening-code/", {"reader": reader}).status_code == 303
    with scope(brand=gift.order.brand):
        assert not OpeningCode.objects.exists()
        suppress(address="ben@friends.example", brand=gift.order.brand)
        assert set(codes.readers(fresh(gift))) == {Reader.SENDER}
    Client().post(f"{url}opening-code/", {"reader": "recipient"})
    with scope(brand=gift.order.brand):
        assert not OpeningCode.objects.exists()


def test_a_gift_that_is_closed_sends_no_code(url: str, gift: Gift) -> None:
    Client().post(f"{url}opening-code/", {"reader": "recipient"})
    with scope(brand=gift.order.brand):
        assert not OpeningCode.objects.exists()


def test_a_code_of_another_gift_is_no_key(
    first: Client, url: str, gift: Gift, code: Code, place: Any
) -> None:
    other = pay(place(key="another"))
    with scope(brand=other.brand):
        its = other.gifts.with_everything()[0]
        opening.open_gift(gift_id=its.pk)
    digits = asked(Client(), f"/gift/{its.link_token()}/")
    stranger = Client()
    assert stranger.post(f"{url}entry/", {"code": digits}).status_code == 422
    assert not is_in(stranger, url, code)


def test_the_till_takes_it_as_before(first: Client, gift: Gift, code: Code) -> None:
    assert code_of_link(f"http://127.0.0.1:8000/gift/{gift.link_token()}/") == code.reveal()


class TestTheSendersBrowser:
    def test_a_look_from_it_opens_nothing(self, gift: Gift, url: str, paid_order: Order) -> None:
        amy = Client()
        amy.get(f"/orders/{paid_order.link_token()}/")
        told = page(amy, url)
        assert "This is what <bdi>Ben</bdi> sees." in told
        assert "Open your gift" not in told
        amy.post(f"{url}opening/")
        assert fresh(gift).opened_at is None
        assert "Open your gift" in page(Client(), url)

    def test_who_gives_to_somebody_at_the_same_phone_says_so(
        self, gift: Gift, url: str, code: Code, paid_order: Order
    ) -> None:
        amy = Client()
        amy.get(f"/orders/{paid_order.link_token()}/")
        amy.post(f"{url}opening/", {"mine": "yes"})
        assert is_in(amy, url, code)

    def test_a_cookie_of_another_order_or_of_nobody_says_nothing(
        self, gift: Gift, url: str, paid_order: Order
    ) -> None:
        eve = Client()
        name = f"sent-{paid_order.pk.int % 16}"
        eve.cookies[name] = paid_order.pk.hex
        assert "Open your gift" in page(eve, url)

    def test_it_goes_to_gifts_alone_and_there_are_few(self, paid_order: Order) -> None:
        answer = Client().get(f"/orders/{paid_order.link_token()}/")
        [cookie] = [each for name, each in answer.cookies.items() if name.startswith("sent-")]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/gift/", True, "Lax")
        assert len(cookie.OutputString()) < 250


class TestTwoAtOnce:
    """Each with the page before it; both tap in the same moment."""

    def openers(self, url: str, monkeypatch: pytest.MonkeyPatch) -> list[Client]:
        both = threading.Barrier(2)
        real = opening.open_gift

        def meet(**told: Any) -> bool:
            both.wait(20)
            return real(**told)

        monkeypatch.setattr("giftshop.gift_page.views.open_gift", meet)
        clients = [Client(), Client()]

        def tap(client: Client) -> None:
            try:
                client.post(f"{url}opening/")
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(tap, each) for each in clients]:
                done.result(30)
        return [each for each in clients if any(n.startswith("opened") for n in each.cookies)]

    def test_one_opens_it(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert len(self.openers(url, monkeypatch)) == 1

    def test_without_the_guard_both_would(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The positive control: whoever taps is let in, as it was before."""
        guarded = opening.open_gift
        monkeypatch.setattr(
            "giftshop.gift_page.open.open_gift", lambda **told: guarded(**told) or True
        )
        assert len(self.openers(url, monkeypatch)) == 2

    def test_right_digits_typed_twice_at_once_serve_once(
        self, first: Client, url: str, gift: Gift
    ) -> None:
        digits = asked(Client(), url)
        both = threading.Barrier(2)

        def type_them() -> Entry:
            try:
                both.wait(20)
                with scope(brand=gift.order.brand):
                    return codes.enter(gift=gift, typed=digits, now=timezone.now())
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            became = [each.result(30) for each in [pool.submit(type_them) for _ in range(2)]]
        assert sorted(became) == [Entry.OVER, Entry.RIGHT]


def test_the_same_page_gets_in_again_when_its_answer_was_lost(
    url: str, gift: Gift, code: Code
) -> None:
    told = page(Client(), url)
    [key] = re.findall(r'name="key" value="([\w-]{22})"', told)
    Client().post(f"{url}opening/", {"key": key})
    again = Client()
    again.post(f"{url}opening/", {"key": key})
    assert is_in(again, url, code)
    other = Client()
    for guess in ("", "x", key[:-1], "y" * 5000):
        other.post(f"{url}opening/", {"key": guess})
    assert not is_in(other, url, code)


def test_each_page_has_a_key_of_its_own(url: str) -> None:
    keys = {re.findall(r'name="key" value="([\w-]+)"', page(Client(), url))[0] for _ in range(3)}
    assert len(keys) == 3


def test_what_the_pages_ask(
    first: Client, url: str, gift: Gift, django_assert_num_queries: Any
) -> None:
    stranger = Client()
    with scopes_disabled():
        assert Gift.objects.filter(pk=gift.pk, opened_at__isnull=False).exists()
    with django_assert_num_queries(3):
        stranger.get(url)


def test_an_old_code_is_not_mailed(first: Client, url: str, gift: Gift) -> None:
    relay.drain()
    mail.outbox.clear()
    Client().post(f"{url}opening-code/", {"reader": "recipient"})
    with scope(brand=gift.order.brand):
        OpeningCode.objects.update(
            asked_at=timezone.now() - timedelta(hours=1),
            expires_at=timezone.now() - timedelta(minutes=50),
        )
    relay.drain()
    assert mail.outbox == []
