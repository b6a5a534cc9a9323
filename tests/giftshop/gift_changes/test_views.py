"""A sender puts a gift right on a page of its own: errors stand at their field, and nothing typed is lost."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.gift_page.open import open_gift
from giftshop.http import rate_limits
from giftshop.orders.models import Gift, Order, Recipient
from giftshop.outbox import relay
from giftshop.previews import sample
from tests.cast import Place, line, pay, put_on_hold

pytestmark = pytest.mark.django_db

BEA = "bea@friends.example"


def order_address(order: Order) -> str:
    return f"/orders/{order.link_token()}/"


def address(gift: Gift, after: str = "") -> str:
    return f"{order_address(gift.order)}gifts/{gift.position}/{after}"


def now_of(gift: Gift) -> Gift:
    with scopes_disabled():
        return Gift.objects.with_everything().get(pk=gift.pk)


def version(client: Client, gift: Gift) -> str:
    html = client.get(address(gift)).content.decode()
    [found] = re.findall(r'name="version" value="(\w+)"', html)
    return str(found)


def said(gift: Gift, **other: str) -> dict[str, str]:
    kept = now_of(gift)
    return {
        "name": kept.recipient.name,
        "email": kept.recipient.email,
        "message": kept.message,
        "design": kept.design,
        **other,
    }


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


def scheduled(place: Place, treat: Treat) -> Gift:
    due = timezone.now() + timedelta(days=9)
    order = pay(place(lines=[line(treat, "Ben", deliver_at=due, time_zone="Asia/Tokyo")]))
    with scope(brand=order.brand):
        return Gift.objects.with_everything().get(order=order)


def test_it_shows_what_is_kept(client: Client, gift: Gift) -> None:
    html = words(client.get(address(gift)))
    for kept in ('value="Ben"', 'value="ben@friends.example"', "Enjoy this, Ben!"):
        assert kept in html
    assert "On a day" not in html


def test_a_new_address_goes_out_and_is_said(client: Client, gift: Gift) -> None:
    relay.drain()
    answer = client.post(address(gift), said(gift, email=BEA, version=version(client, gift)))
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{order_address(gift.order)}#gift-{gift.position}",
    )
    told = words(client.get(order_address(gift.order)))
    assert BEA in told
    assert "On its way" in told
    relay.drain()
    assert [message.to for message in mail.outbox][-1] == [BEA]
    assert now_of(gift).link_token() != gift.link_token()


def test_a_link_of_ones_own_is_shown_at_once(client: Client, gift: Gift) -> None:
    client.post(address(gift), said(gift, by_link="on"))
    told = words(client.get(order_address(gift.order)))
    assert "Ready for you to send" in told
    assert now_of(gift).link_token() in told
    assert now_of(gift).recipient.email == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "What is your friend's name?"),
        ({"email": "ben at home"}, "This does not look like an e-mail address."),
        ({"email": ""}, "Where shall we send it?"),
        ({"message": "x" * 300}, "too"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_all_else_is_kept(
    client: Client, gift: Gift, wrong: dict[str, str], told: str
) -> None:
    answer = client.post(address(gift), said(gift, **{"message": "New words", **wrong}))
    html = words(answer)
    assert answer.status_code == 422
    assert told in html
    assert 'aria-invalid="true"' in html
    if "message" not in wrong:
        assert "New words" in html
    assert now_of(gift).message == gift.message


def test_an_older_tab_overwrites_nothing_and_loses_nothing(client: Client, gift: Gift) -> None:
    seen = version(client, gift)
    client.post(address(gift), said(gift, email=BEA, version=seen))
    late = said(gift, email="ben@friends.example", message="Late words", version=seen)
    answer = client.post(address(gift), late)
    html = words(answer)
    assert answer.status_code == 409
    assert "Somebody saved this meanwhile" in html
    assert BEA in html
    assert "Late words" in html
    assert now_of(gift).recipient.email == BEA
    [fresh] = re.findall(r'name="version" value="(\w+)"', html)
    assert client.post(address(gift), {**late, "version": fresh}).status_code == 303
    assert now_of(gift).message == "Late words"


def test_a_second_click_changes_nothing(client: Client, gift: Gift) -> None:
    once = said(gift, email=BEA, version=version(client, gift))
    client.post(address(gift), once)
    token = now_of(gift).link_token()
    answer = client.post(address(gift), once, follow=True)
    assert "Nothing was changed." in words(answer)
    assert now_of(gift).link_token() == token


def test_once_opened_it_stays_as_it_is(client: Client, gift: Gift) -> None:
    seen = version(client, gift)
    with scope(brand=gift.order.brand):
        open_gift(gift_id=gift.pk)
    assert "It was opened already" in words(client.get(address(gift)))
    answer = client.post(address(gift), said(gift, message="Late words", version=seen))
    assert answer.status_code == 409
    assert "It was opened already" in words(answer)
    assert "Late words" in words(answer)


def test_on_hold_nothing_is_offered(client: Client, gift: Gift) -> None:
    put_on_hold(gift.code)
    assert (
        "Change"
        not in re.findall(
            rf'id="gift-{gift.position}".*?</li>',
            words(client.get(order_address(gift.order))),
            re.S,
        )[0]
    )
    assert "It is on hold" in words(client.get(address(gift)))


def test_another_language_is_the_gifts_from_then_on(client: Client, gift: Gift) -> None:
    client.post(address(gift), said(gift, language="de"))
    kept = now_of(gift)
    assert kept.recipient.language == "de"
    assert kept.link_token() != gift.link_token()
    assert '<option value="de" selected' in client.get(address(gift)).content.decode()


class TestDay:
    def test_another_day_and_now_after_all(
        self, client: Client, place: Place, treat: Treat
    ) -> None:
        gift = scheduled(place, treat)
        assert 'value="Tokyo, Japan"' in words(client.get(address(gift)))
        day = (timezone.now() + timedelta(days=4)).date()
        sent = said(
            gift, when="later", date=f"{day}", time="09:30", zone="Europe/Berlin",
            version=version(client, gift),
        )  # fmt: skip
        assert client.post(address(gift), sent).status_code == 303
        kept = now_of(gift)
        assert kept.deliver_at
        assert kept.deliver_at.date() == day
        assert kept.recipient.time_zone == "Europe/Berlin"
        assert client.post(address(gift), said(gift, when="now")).status_code == 303
        relay.drain()
        assert ["ben@friends.example"] in [message.to for message in mail.outbox]

    def test_a_day_that_passed_is_refused_at_its_field(
        self, client: Client, place: Place, treat: Treat
    ) -> None:
        gift = scheduled(place, treat)
        past = f"{(timezone.now() - timedelta(days=4)).date()}"
        sent = said(gift, when="later", date=past, time="09:30", zone="Asia/Tokyo")
        answer = client.post(address(gift), sent)
        assert answer.status_code == 422
        assert "That day has passed already" in words(answer)

    def test_words_alone_leave_the_day(self, client: Client, place: Place, treat: Treat) -> None:
        gift = scheduled(place, treat)
        html = client.get(address(gift)).content.decode()
        [day] = re.findall(r'name="date" value="([\d-]+)"', html)
        [at] = re.findall(r'name="time" value="([\d:]+)"', html)
        sent = said(gift, when="later", date=day, time=at, zone="Asia/Tokyo", message="New")
        assert client.post(address(gift), sent).status_code == 303
        kept = now_of(gift).deliver_at
        assert kept
        assert gift.deliver_at
        assert abs(kept - gift.deliver_at) < timedelta(minutes=1)

    def test_sent_now_by_one_press(self, client: Client, place: Place, treat: Treat) -> None:
        gift = scheduled(place, treat)
        assert "Send now" in words(client.get(order_address(gift.order)))
        answer = client.post(address(gift, "dispatch/"), follow=True)
        assert "It goes out in a moment." in words(answer)
        assert "Send now" not in words(client.get(order_address(gift.order)))


class TestAgain:
    def test_it_is_offered_once_it_left(self, client: Client, gift: Gift) -> None:
        assert "Send again" not in words(client.get(order_address(gift.order)))
        relay.drain()
        assert "Send again" in words(client.get(order_address(gift.order)))
        before = len(mail.outbox)
        answer = client.post(address(gift, "repeat/"), follow=True)
        assert "It goes to Ben once more." in words(answer)
        relay.drain()
        assert len(mail.outbox) == before + 1

    def test_and_no_oftener_than_the_limit(
        self, client: Client, gift: Gift, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(rate_limits.SENT_AGAIN_A_DAY, "gift", 0)
        relay.drain()
        assert "Try again tomorrow." in words(client.post(address(gift, "repeat/"), follow=True))
        answer = client.post(address(gift), said(gift, email=BEA))
        assert answer.status_code == 409
        assert "Try again tomorrow." in words(answer)
        assert BEA in words(answer)


class TestLook:
    def test_neither_e_mail_nor_page_has_the_code_or_the_link(
        self, client: Client, gift: Gift
    ) -> None:
        assert gift.code
        relay.drain()
        for after in ("preview/", "preview/letter/", "preview/page/"):
            answer = client.get(address(gift, after))
            html = words(answer)
            assert answer.status_code == 200
            assert gift.link_token() not in html
            assert (gift.code.reveal() or "") not in html.replace("-", "")
            assert "no-store" in answer["Cache-Control"]
            if after != "preview/letter/":
                assert "form-action 'none'" in answer["Content-Security-Policy"]
        assert sample.CODE in html.replace("-", "")
        assert "Enjoy this, Ben!" in html
        assert now_of(gift).opened_at is None

    def test_a_link_leads_to_the_page_alone(
        self, client: Client, place: Place, treat: Treat
    ) -> None:
        order = pay(place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)]))
        with scope(brand=order.brand):
            gift = Gift.objects.with_everything().get(order=order)
        answer = client.get(address(gift, "preview/"))
        assert answer["Location"] == address(gift, "preview/page/")

    @pytest.mark.parametrize(
        ("channel", "begins"),
        [
            (Gift.Channel.SMS, "Amy sent you a gift from"),
            (Gift.Channel.WHATSAPP, "Hello! Amy sent you a gift from"),
        ],
    )
    @pytest.mark.parametrize("hides_code", [False, True])
    def test_a_message_is_shown_as_a_phone_shows_it(
        self, client: Client, gift: Gift, channel: str, begins: str, hides_code: bool
    ) -> None:
        with scopes_disabled():
            Brand.objects.filter(pk=gift.brand_id).update(hides_code=hides_code)
            Recipient.objects.filter(pk=gift.recipient_id).update(email="", phone="+12065550123")
            Gift.objects.filter(pk=gift.pk).update(channel=channel)
        answer = client.get(address(gift, "preview/"))
        said = answer.context["message"]
        assert said.startswith(begins)
        assert said in words(answer)
        assert (sample.CODE in said.replace("-", "")) is not hides_code
        assert f"/gift/{sample.TOKEN}/" in said
        assert gift.link_token() not in words(answer)
        assert f'data-kind="{channel}"' in words(answer)
        assert address(gift, "preview/page/") in words(answer)
        assert "<iframe" not in words(answer)

    def test_before_it_is_paid_there_is_nothing_to_see(self, client: Client, place: Place) -> None:
        order = place()
        for after in ("preview/", "preview/letter/", "preview/page/"):
            answer = client.get(f"{order_address(order)}gifts/1/{after}")
            assert answer.status_code == 303

    def test_once_it_is_opened_there_is_no_look(self, client: Client, gift: Gift) -> None:
        """Its page says what the recipient lets the sender see."""
        with scope(brand=gift.order.brand):
            open_gift(gift_id=gift.pk)
        for after in ("preview/", "preview/letter/", "preview/page/"):
            answer = client.get(address(gift, after))
            assert (answer.status_code, answer["Location"]) == (
                303,
                f"{order_address(gift.order)}#gift-{gift.position}",
            )


def test_a_gift_that_the_order_has_not_is_none(client: Client, gift: Gift) -> None:
    assert client.get(f"{order_address(gift.order)}gifts/99/").status_code == 404


def test_the_page_costs_two_queries(
    client: Client, gift: Gift, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        client.get(address(gift))


def test_an_address_that_the_sender_does_not_know_stays_hidden(client: Client, gift: Gift) -> None:
    with scopes_disabled():
        Recipient.objects.filter(pk=gift.recipient_id).update(is_address_hidden=True)
    html = words(client.get(address(gift)))
    assert "ben@friends.example" not in html
    assert "b•••@f•••.example" in html
    answer = client.post(address(gift), said(gift, email="", message="New words"), follow=True)
    assert "ben@friends.example" not in words(answer)
    kept = now_of(gift)
    assert (kept.recipient.email, kept.message) == ("ben@friends.example", "New words")
    client.post(address(gift), said(gift, email=BEA))
    assert BEA in words(client.get(address(gift)))


def test_a_text_stays_one_until_an_address_is_typed(client: Client, gift: Gift) -> None:
    with scopes_disabled():
        Recipient.objects.filter(pk=gift.recipient_id).update(email="", phone="+12065550123")
        Gift.objects.filter(pk=gift.pk).update(channel=Gift.Channel.SMS)
    assert "+12065550123" in words(client.get(address(gift)))
    client.post(address(gift), said(gift, message="New words"))
    kept = now_of(gift)
    assert (kept.channel, kept.recipient.phone, kept.message) == (
        *("sms", "+12065550123"),
        "New words",
    )
    client.post(address(gift), said(gift, email=BEA))
    kept = now_of(gift)
    assert (kept.channel, kept.recipient.email, kept.recipient.phone) == ("email", BEA, "")
