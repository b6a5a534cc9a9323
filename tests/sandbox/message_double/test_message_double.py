"""The double, judged by Twilio's own SDK."""

import urllib.parse
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from sandbox.message_double import MessageDouble, numbers
from tests.messages import ACCOUNT, SERVICE, TOKEN
from tests.sandbox.message_double.conftest import Here

BEN = "+4915112345678"


def send(twilio: Client, to: str = BEN, **more: Any) -> Any:
    return twilio.messages.create(to=to, messaging_service_sid=SERVICE, body="Hello", **more)


def test_a_message_is_taken_listed_and_fetched(twilio):
    made = send(twilio)
    assert (made.status, made.to, made.body) == ("accepted", BEN, "Hello")
    (listed,) = twilio.messages.list(to=BEN, limit=5)
    assert listed.sid == made.sid
    assert listed.date_created is not None
    assert twilio.messages(made.sid).fetch().body == "Hello"
    assert twilio.messages.list(to="+4915199999999") == []


def test_callbacks_come_in_order_and_are_signed(twilio, shop):
    made = send(twilio, status_callback=shop.url)
    for _ in range(2):
        assert shop.came.acquire(timeout=10)
    assert [fields["MessageStatus"] for fields, _signed in shop.heard] == ["sent", "delivered"]
    assert all(signed for _fields, signed in shop.heard)
    assert shop.heard[0][0]["MessageSid"] == made.sid


@pytest.mark.parametrize("code", sorted(numbers.LATER))
def test_what_the_carrier_gives_back(twilio, shop, code):
    send(twilio, f"+49151000{code}", status_callback=shop.url)
    for _ in range(2):
        assert shop.came.acquire(timeout=10)
    last, _signed = shop.heard[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", str(code))


@pytest.mark.parametrize("code", sorted(numbers.AT_ONCE))
def test_what_the_api_refuses(twilio, code):
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, f"+49151000{code}")
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_wrong_key_and_half_a_message(double, twilio):
    stranger = Client(ACCOUNT, "f" * 32, http_client=Here(double.url))
    with pytest.raises(TwilioRestException) as refused:
        send(stranger)
    assert (refused.value.status, refused.value.code) == (401, 20003)
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=BEN, messaging_service_sid=SERVICE)
    assert refused.value.code == 21602


def test_a_phone_that_says_stop_gets_no_more_until_it_says_start(double, twilio, shop):
    send(twilio)
    double.answer(BEN, "Stop")
    with pytest.raises(TwilioRestException) as refused:
        send(twilio)
    assert refused.value.code == 21610
    assert double.sent_to(BEN)[-1]["direction"] == "outbound-reply"
    double.answer(BEN, "START")
    send(twilio)
    assert all(signed for _fields, signed in shop.heard)


def test_what_the_shop_replies_is_shown(double, shop):
    shop.reply = "<Response><Message>Hi &amp; welcome</Message></Response>"
    double.answer(BEN, "HELP")
    assert double.sent_to(BEN)[-1]["body"] == "Hi & welcome"


def test_prices_are_listed(twilio):
    told = twilio.pricing.v1.messaging.countries("DE").fetch()
    assert (told.price_unit, told.outbound_sms_prices[0]["prices"][0]["current_price"]) == (
        "USD",
        "0.1128",
    )


def test_what_it_keeps_is_there_at_the_next_start(tmp_path):
    state = tmp_path / "messages"
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "state": state}
    with MessageDouble(**given) as double:
        send(Client(ACCOUNT, TOKEN, http_client=Here(double.url)))
        double.answer(BEN, "STOP")
    with MessageDouble(**given) as double:
        assert [row["body"] for row in double.sent_to(BEN)] == ["Hello", "STOP"]
        assert BEN in double.store.stopped


def test_the_drawn_phone_shows_and_answers(double, twilio):
    import http.client

    twilio.messages.create(
        to=BEN, messaging_service_sid=SERVICE, body="<b>Hi</b> http://127.0.0.1:1/gift/x/?a=1&b=2"
    )
    connection = http.client.HTTPConnection("127.0.0.1", int(double.url.rpartition(":")[2]))
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert 'href="http://127.0.0.1:1/gift/x/?a=1&amp;b=2"' in page
    form = urllib.parse.urlencode({"number": BEN, "text": "STOP"})
    connection.request("POST", "/answers", form)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303
    assert BEN in double.store.stopped
    connection.request("GET", "/", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 421
    connection.close()
