"""A gift that goes as a text: by Twilio's API, once, and what comes back is heard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.delivery import subscribers, suppression
from giftshop.delivery.channels import TryLater
from giftshop.delivery.mend import MendRefused, Wanted, mend, send_again
from giftshop.delivery.models import Delivery, Report, Suppression
from giftshop.delivery.texts.answers import hear
from giftshop.delivery.texts.consents import consent_text
from giftshop.delivery.texts.words import gift_text
from giftshop.http.body_limits import limit_of
from giftshop.orders.checkout import OrderRefused
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.texts import allowed, client, segments
from giftshop.texts.models import Consent, SentText
from sandbox.message_double.callbacks import signature
from tests.cast import line, pay, symbols
from tests.giftshop.delivery.conftest import delivery_of, fresh
from tests.messages import ACCOUNT, TOKEN

pytestmark = pytest.mark.django_db

BEN = "+4915112345678"
TO_ANYBODY = {"texts": Brand.Texts.RECIPIENTS, "country": "DE"}


@pytest.fixture
def text_brand(brand):
    Brand.objects.filter(pk=brand.pk).update(**TO_ANYBODY)
    brand.refresh_from_db()
    return brand


@pytest.fixture
def text_to(double, text_brand, treat, place):
    """text_to(number) -> a paid gift that goes there."""

    def order(number: str = BEN) -> Gift:
        wanted = line(treat, "Ben", channel=Gift.Channel.SMS, recipient_phone=number)
        paid = pay(place(lines=[wanted]))
        with scope(brand=paid.brand):
            return paid.gifts.with_everything().get()

    return order


def ready_of(gift: Gift) -> Message:
    return Message.objects.get(
        topic="gift.ready", subscriber="delivery.gift", payload={"gift_id": str(gift.pk)}
    )


def tell(path: str, fields: dict[str, str], *, token: str = TOKEN, **more):
    url = f"{django_settings.BASE_URL}{path}"
    signed = signature(token, url, fields)
    return Client(headers={"X-Twilio-Signature": signed}).post(path, fields, **more)


def report_of(gift: Gift, status: str, code: int = 0, sid: str = "") -> dict[str, str]:
    told = {
        "MessageSid": sid or delivery_of(gift).provider_id,
        "MessageStatus": status,
        "AccountSid": ACCOUNT,
    }
    return {**told, **({"ErrorCode": str(code)} if code else {})}


def report(gift: Gift, status: str, code: int = 0, **more):
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    return tell(path, report_of(gift, status, code), **more)


def answer(text: str, number: str = BEN):
    fields = {"From": number, "To": "+15005550006", "Body": text, "MessageSid": f"SM{'1' * 32}"}
    return tell("/webhooks/messages/answers/", fields)


def test_a_gift_rings_with_sender_link_and_code(double, text_to):
    gift = text_to()
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert sent["body"].startswith("Amy sent you a gift from Frosty Spoon Creamery: http")
    assert f"/gift/{gift.link_token()}/" in sent["body"]
    plain = symbols(gift.code)
    assert plain in sent["body"].replace("-", "")
    assert sent["body"].endswith("STOP to end")
    delivery = delivery_of(gift)
    assert (delivery.state, delivery.channel, delivery.address) == ("sent", "sms", BEN)
    assert delivery.provider_id == sent["sid"]
    assert f"delivery={delivery.pk}" in sent["callback"]
    assert fresh(gift).sent_at is not None
    with scope(brand=gift.brand):
        assert SentText.objects.get().segments == segments.count(sent["body"]).count


def test_it_is_sent_once_however_often_the_message_comes(double, text_to):
    gift = text_to()
    for _ in range(3):
        subscribers.send_gift(ready_of(gift))
    assert double.asked["create"] == 1


def test_after_a_silence_twilio_is_asked_before_a_second_try(double, text_to, monkeypatch):
    """It took the message, and its answer never came."""
    monkeypatch.setattr("giftshop.http.outside_calls.TASK_SECONDS", 1.0)
    monkeypatch.setattr("giftshop.http.outside_calls._task_seconds", _Short())
    gift = text_to("+4915100000504")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    assert delivery_of(gift).state == "pending"
    subscribers.send_gift(ready_of(gift))
    assert (double.asked["create"], double.asked["list"]) == (1, 1)
    delivery = delivery_of(gift)
    assert (delivery.state, delivery.attempts_made) == ("sent", 2)
    assert delivery.provider_id == double.sent_to("+4915100000504")[0]["sid"]


class _Short:
    """What a task may wait, in a test that waits for it."""

    def get(self) -> float:
        return 1.0


def test_a_repeat_is_not_taken_for_what_was_sent_before_it(double, text_to, monkeypatch):
    """Minutes later, the same words to the same number; and Twilio is away at the first try."""
    gift = text_to()
    relay.drain()
    first = delivery_of(gift)
    with scope(brand=gift.brand):
        send_again(gift=Gift.objects.with_everything().get(pk=gift.pk), now=timezone.now())
    asked_again = Message.objects.get(topic="email.repeated")
    with monkeypatch.context() as away, pytest.raises(TryLater):
        away.setattr(client, "ask", _away)
        subscribers.send_again(asked_again)
    subscribers.send_again(asked_again)
    with scope(brand=gift.brand):
        second = Delivery.objects.get(subject=first.subject, purpose="gift", version=2)
    assert (second.state, second.attempts_made) == ("sent", 2)
    assert [each["sid"] for each in double.sent_to(BEN)] == [first.provider_id, second.provider_id]


def _away(_call):
    raise client.Unavailable("Twilio 503")


def test_when_twilio_is_away_the_gift_waits(double, text_to):
    gift = text_to("+4915100000503")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    assert delivery_of(gift).state == "pending"
    subscribers.send_gift(ready_of(gift))
    assert delivery_of(gift).state == "sent"
    assert len(double.sent_to("+4915100000503")) == 1


@pytest.mark.parametrize(
    ("number", "state"), [("+4915100021614", "failed"), ("+4915100021610", "suppressed")]
)
def test_what_twilio_refuses_for_good(text_to, number, state):
    gift = text_to(number)
    relay.drain()
    assert delivery_of(gift).state == state
    assert fresh(gift).undeliverable_at is not None
    assert suppression.is_suppressed(address=number, brand=gift.order.brand) == (
        state == "suppressed"
    )


@pytest.mark.parametrize("code", [30530, 30531, 30532, 30533, 30831])
def test_a_refused_registration_stops_all_texts_of_the_brand(text_to, text_brand, code):
    gift = text_to(f"+49151000{code}")
    relay.drain()
    text_brand.refresh_from_db()
    assert text_brand.texts_refused == str(code)
    assert delivery_of(gift).state == "failed"
    with scope(brand=text_brand):
        assert allowed.refusal(brand=text_brand, number=BEN) == allowed.TextRefusal.UNREGISTERED
    with pytest.raises(OrderRefused, match="Phone companies"):
        text_to()


def test_what_was_delivered_is_told(text_to):
    gift = text_to()
    relay.drain()
    assert report(gift, "delivered").status_code == 200
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.DELIVERED
    assert fresh(gift).delivered_at is not None


@pytest.mark.parametrize("code", [30003, 30004, 30005, 30006, 30007, 30008])
def test_what_came_back_is_told_in_words(text_to, code):
    gift = text_to()
    relay.drain()
    report(gift, "undelivered", code)
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.BOUNCED
    assert fresh(gift).undeliverable_at is not None
    told = Report.objects.get()
    assert told.get_reason_display() != told.reason
    assert told.words == f"Twilio {code}"


def test_reports_that_come_twice_late_or_in_any_order(text_to):
    gift = text_to()
    relay.drain()
    for status in ("delivered", "sent", "delivered", "queued"):
        assert report(gift, status).status_code == 200
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.DELIVERED
    assert Report.objects.count() == 1


def test_a_forged_report_changes_nothing(text_to, text_brand):
    gift = text_to()
    relay.drain()
    assert report(gift, "undelivered", 30034, token="f" * 32).status_code == 403
    fields = report_of(gift, "delivered")
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    signed = signature(TOKEN, f"{django_settings.BASE_URL}{path}", fields)
    changed = Client(headers={"X-Twilio-Signature": signed})
    assert changed.post(path, {**fields, "MessageStatus": "failed"}).status_code == 403
    assert changed.post(f"{path}1", fields).status_code == 403
    assert Client().post(path, fields).status_code == 403
    text_brand.refresh_from_db()
    assert text_brand.texts_refused == ""


def test_a_registration_that_is_refused_later_is_heard(text_to, text_brand):
    gift = text_to()
    relay.drain()
    assert report(gift, "undelivered", 30034).status_code == 200
    text_brand.refresh_from_db()
    assert text_brand.texts_refused == "30034"


@pytest.mark.parametrize("path", ["/webhooks/messages/", "/webhooks/messages/answers/"])
def test_bodies_are_bounded_and_without_texts_nobody_is_heard(double, settings, path):
    long = "x" * limit_of(path)
    assert tell(path, {"Body": long}).status_code == 413
    assert tell(path, {"MessageSid": "nonsense", "From": "nobody"}).status_code == 400
    settings.TWILIO = {}
    assert Client().post(path, {}).status_code == 404


def test_two_messages_of_one_delivery_are_counted(text_to):
    """What left twice all the same: both call back."""
    gift = text_to()
    relay.drain()
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    tell(path, report_of(gift, "delivered", sid=f"SM{'2' * 32}"))
    with scope(brand=gift.brand):
        assert SentText.objects.filter(delivery_id=delivery_of(gift).pk).count() == 2


def test_stop_counts_at_once_for_every_spelling(text_to, text_brand):
    text_to()
    relay.drain()
    said = answer("Stopp")
    assert "keine SMS mehr" in said.content.decode()
    for spelt in (BEN, "+49 151 1234-5678", "+49 (151) 12345678"):
        assert suppression.is_suppressed(address=spelt, brand=text_brand)
    again = text_to()
    relay.drain()
    assert delivery_of(again).state == Delivery.State.SUPPRESSED
    answer("START")
    assert not suppression.is_suppressed(address=BEN, brand=text_brand)


def test_start_takes_no_word_back_that_one_gift_is_not_theirs(text_to, text_brand):
    gift = text_to()
    relay.drain()
    of_it = f"gift:{gift.pk}"
    suppression.suppress(address=BEN, brand=text_brand, subject=of_it)
    answer("STOP")
    answer("START")
    assert not suppression.is_suppressed(address=BEN, brand=text_brand)
    assert suppression.is_suppressed(address=BEN, brand=text_brand, subject=of_it)


def test_a_stop_of_somebody_we_know_nothing_of_counts_for_all(double):
    answer("stop texting me", number="+4915199999999")
    assert Suppression.objects.get().brand is None


def test_a_yes_answers_what_was_asked(double, text_brand):
    asked = Consent.objects.create(
        brand=text_brand,
        phone=BEN,
        words="…",
        language="de",
        page="gift:1",
        asked_at=timezone.now(),
    )
    assert "STOP" in answer("Ja").content.decode()
    with scope(brand=text_brand):
        asked.refresh_from_db()
        assert asked.given_at is not None
        assert asked.answer == "Ja"
        assert allowed.refusal(brand=text_brand, number=BEN) is None
    answer("STOP")
    with scope(brand=text_brand):
        asked.refresh_from_db()
        assert asked.withdrawn_at is not None


def test_a_yes_that_comes_too_late_is_none(double, text_brand):
    asked = Consent.objects.create(
        brand=text_brand, phone=BEN, words="…", language="en", page="gift:1",
        asked_at=timezone.now() - timedelta(days=3),
    )  # fmt: skip
    answer("YES")
    with scope(brand=text_brand):
        asked.refresh_from_db()
    assert asked.given_at is None


def test_help_answers_and_thanks_is_left_alone(text_to, text_brand):
    text_to()
    relay.drain()
    assert "STOP" in answer("HELP").content.decode()
    assert "<Message>" not in answer("Thank you, it was lovely").content.decode()


def test_who_may_be_texted(double, text_brand):
    us, stopped = "+12065550162", allowed.TextRefusal
    with scope(brand=text_brand):
        assert allowed.refusal(brand=text_brand, number=BEN) is None
        assert allowed.refusal(brand=text_brand, number=us) == stopped.ELSEWHERE
        assert allowed.refusal(brand=text_brand, number=us, to=allowed.To.SENDER) is None
        text_brand.texts = Brand.Texts.CONSENT
        assert allowed.refusal(brand=text_brand, number=BEN) == stopped.NO_YES
        text_brand.texts, text_brand.country = Brand.Texts.RECIPIENTS, "US"
        assert allowed.refusal(brand=text_brand, number=us) == stopped.NO_YES
        text_brand.texts = Brand.Texts.OFF
        assert allowed.refusal(brand=text_brand, number=us) == stopped.NOT_OFFERED


def test_a_yes_taken_back_before_the_hour_keeps_the_gift_from_being_texted(text_to, text_brand):
    gift = text_to()
    Brand.objects.filter(pk=text_brand.pk).update(texts=Brand.Texts.CONSENT)
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.FAILED
    assert fresh(gift).undeliverable_at is not None


@pytest.mark.parametrize("language", [language for language, _name in django_settings.LANGUAGES])
def test_our_words_keep_to_the_letters_that_are_cheap(text_to, language):
    """In each language of the product: a name that does not is its bearer's."""
    gift = text_to()
    gift.recipient.language = language
    asked = Consent(brand=gift.order.brand, phone=BEN, language=language, words="…", page="gift:1")
    with scope(brand=gift.order.brand):
        delivery = Delivery(brand=gift.order.brand, purpose="gift", address=BEN)
        texts = [gift_text(delivery, gift), consent_text(delivery, asked)]
    for answered in ("STOP", "START", "HELP"):
        with scope(brand=gift.order.brand):
            Consent.objects.all().delete()
            asked.pk, asked.asked_at, asked._state.adding = uuid7(), timezone.now(), True
            asked.save()
        texts.append(hear(number=BEN, text=answered, now=timezone.now()))
    for text in texts:
        assert segments.count(text).is_gsm, (text, segments.count(text).foreign)
        assert segments.count(text).count <= 2
    assert len(set(texts)) == 5


def test_a_text_that_came_back_goes_to_another_number(double, text_to, text_brand):
    """Its sender puts the number right; what was sent before dies."""
    gift = text_to("+4915100021614")
    relay.drain()
    assert fresh(gift).undeliverable_at is not None
    with scope(brand=text_brand):
        wanted = Wanted.of(fresh(gift))
        with pytest.raises(MendRefused):
            us = replace(wanted, phone="+12065550162")
            mend(gift_id=gift.pk, order_id=gift.order_id, wanted=us, now=timezone.now())
        right = replace(wanted, phone=BEN)
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=right, now=timezone.now())
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert f"/gift/{fresh(gift).link_token()}/" in sent["body"]
    assert fresh(gift).undeliverable_at is None


def test_the_page_of_a_change_keeps_the_number_and_offers_all_ways(double, text_to, text_brand):
    gift = text_to()
    relay.drain()
    page = f"/orders/{gift.order.link_token()}/gifts/{gift.position}/"
    shown = Client().get(page)
    assert shown.status_code == 200
    form = shown.context["form"]
    assert (form.recipient.goes_by, form.recipient["phone"].value()) == ("text", "01511 2345678")
    told = {"version": form.kept["version"].value(), "name": "Ben", "way": "text", "design": "love"}
    said = Client().post(
        page, {**told, "phone": "0151 12345679", "message": "Anew", "language": "en"}
    )
    assert said.status_code in {302, 303}, said.content.decode()
    relay.drain()
    assert len(double.sent_to("+4915112345679")) == 1


def test_a_callback_says_that_it_left_before_twilio_is_asked(double, text_to, monkeypatch):
    """The answer was lost, and the callback of the message came."""
    monkeypatch.setattr("giftshop.http.outside_calls._task_seconds", _Short())
    gift = text_to("+4915100000504")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    (taken,) = double.sent_to("+4915100000504")
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    tell(path, report_of(gift, "sent", sid=taken["sid"]))
    subscribers.send_gift(ready_of(gift))
    assert (double.asked["create"], double.asked["list"]) == (1, 0)
    assert delivery_of(gift).provider_id == taken["sid"]


def test_a_brand_that_hides_codes_texts_none(double, text_to, text_brand):
    Brand.objects.filter(pk=text_brand.pk).update(hides_code=True)
    gift = text_to()
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert symbols(gift.code) not in sent["body"].replace("-", "")
    assert sent["body"].endswith("STOP to end")


AMY = "+12065550162"


def test_a_link_that_its_sender_passes_on_is_texted_to_their_own_phone(
    double, text_brand, treat, place
):
    """Also of another country, and in one where nobody else is texted."""
    mailed, own = line(treat, "Cleo"), line(treat, "Ben", channel=Gift.Channel.LINK)
    order = pay(place(lines=[mailed, own], sender_phone=AMY))
    relay.drain()
    relay.drain()
    (sent,) = double.sent_to(AMY)
    with scope(brand=text_brand):
        gift = order.gifts.with_everything().get(channel=Gift.Channel.LINK)
    assert sent["body"].startswith("Frosty Spoon Creamery: your gift for Ben, to pass on: http")
    assert f"/gift/{gift.link_token()}/" in sent["body"]
    assert symbols(gift.code) not in sent["body"].replace("-", "")
    assert segments.count(sent["body"]).is_gsm
    assert gift.sent_at is None


def test_without_a_number_of_theirs_no_link_is_texted(double, text_brand, treat, place):
    pay(place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)]))
    relay.drain()
    assert not double.asked["create"]


@pytest.mark.parametrize("number", ["12", "+4930123456"])
def test_an_order_takes_no_number_that_cannot_be_texted(double, text_brand, treat, place, number):
    with pytest.raises(OrderRefused, match="your own number"):
        place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)], sender_phone=number)
