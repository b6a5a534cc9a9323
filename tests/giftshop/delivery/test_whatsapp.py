"""A gift that goes by WhatsApp: as an approved template, once, to whoever said yes there; and what follows
when a template or the account is not approved any more."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.delivery import subscribers, suppression
from giftshop.delivery.channels import TryLater
from giftshop.delivery.mend import MendRefused, Wanted, mend
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.texts.words import gift_template
from giftshop.operator.status import check_whatsapp
from giftshop.orders.checkout import OrderRefused
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.texts import allowed, approvals, consent, tasks, templates, whatsapp
from giftshop.texts.models import Consent, MessageTemplate, SentText
from giftshop.texts.templates import Kind
from giftshop.texts.whatsapp import Obstacle
from sandbox.message_double import contents
from tests.cast import line, pay, symbols
from tests.giftshop.delivery.conftest import delivery_of, fresh
from tests.giftshop.delivery.texts.conftest import Short, ready_of, report_of, tell

pytestmark = pytest.mark.django_db

BEN, US = "+4915112345678", "+12065550162"
LANGUAGES = [language for language, _name in django_settings.LANGUAGES]


@pytest.fixture
def approved(double):
    approvals.submit(now=timezone.now())
    approvals.watch(now=timezone.now())
    return double


@pytest.fixture
def app_brand(approved, brand):
    Brand.objects.filter(pk=brand.pk).update(whatsapp=True, country="DE")
    brand.refresh_from_db()
    return brand


def say_yes(brand, number=BEN, channel=Consent.Channel.WHATSAPP):
    now = timezone.now()
    return Consent.objects.create(
        brand=brand, phone=number, channel=channel, words="…", language="en", page="gift:1",
        asked_at=now, given_at=now,
    )  # fmt: skip


@pytest.fixture
def send_to(app_brand, treat, place):
    """send_to(number) -> a paid gift that goes there by WhatsApp, to somebody who said yes."""

    def order(number: str = BEN) -> Gift:
        with scope(brand=app_brand):
            if not Consent.objects.filter(phone=number).exists():
                say_yes(app_brand, number)
        wanted = line(treat, "Ben", channel=Gift.Channel.WHATSAPP, recipient_phone=number)
        paid = pay(place(lines=[wanted]))
        with scope(brand=paid.brand):
            return paid.gifts.with_everything().get()

    return order


def report(gift, status, code=0, template=""):
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}&template={template}"
    return tell(path, report_of(gift, status, code))


def answer(text, number=BEN):
    fields = {"From": f"whatsapp:{number}", "To": "whatsapp:+15005550006", "Body": text}
    return tell("/webhooks/messages/answers/", {**fields, "MessageSid": f"SM{'1' * 32}"})


def judged(double, status="approved", category="UTILITY", kind=Kind.GIFT, language="en", reason=""):
    """WhatsApp says something else of one template, and we hear of it."""
    sid = MessageTemplate.objects.get(kind=kind, language=language).content_sid
    contents.change(double.store, sid, status, reason, category=category)
    tasks.watch_templates()
    return sid


def test_a_gift_rings_on_whatsapp_as_an_approved_template(approved, send_to):
    gift = send_to()
    relay.drain()
    (sent,) = approved.sent_to(f"whatsapp:{BEN}")
    assert (
        sent["content_sid"] == MessageTemplate.objects.get(kind="gift", language="en").content_sid
    )
    assert sent["body"].startswith("Hello! Amy sent you a gift from Frosty Spoon Creamery.")
    assert f"/gift/{gift.link_token()}/" in sent["body"]
    assert symbols(gift.code) in sent["body"].replace("-", "")
    assert "STOP" in sent["body"]
    delivery = delivery_of(gift)
    assert (delivery.state, delivery.channel, delivery.address) == ("sent", "whatsapp", BEN)
    assert delivery.provider_id == sent["sid"]
    with scope(brand=gift.brand):
        assert (SentText.objects.get().channel, SentText.objects.get().segments) == ("whatsapp", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_is_in_every_language_as_meta_wants_it(approved, language):
    assert MessageTemplate.objects.filter(language=language).count() == len(Kind)
    bodies = {kind: templates.body(kind, language) for kind in Kind}
    assert len(set(bodies.values())) == len(Kind)
    for kind, body in bodies.items():
        assert not body.startswith("{{")
        assert not body.endswith("}}")
        assert "}}{{" not in body.replace(" ", "")
        assert body.count("{{") == len(templates.VARIABLES[kind])
        assert len(body) < 500
        assert "STOP" in body


def test_names_keep_to_one_line_and_are_never_empty():
    told = {"sender": "A\nmy", "brand": "  ", "url": "https://x", "code": "1"}
    filled = templates.Filled(Kind.GIFT, "en", told)
    assert '"1": "A my"' in filled.variables
    assert '"2": "-"' in filled.variables


def test_submitting_again_makes_nothing_twice(approved):
    made = len(approved.store.contents)
    assert made == len(Kind) * len(LANGUAGES)
    assert approvals.submit(now=timezone.now()) == []
    MessageTemplate.objects.filter(kind="gift").delete()  # a run that died after Twilio's answer
    assert len(approvals.submit(now=timezone.now())) == len(LANGUAGES)
    assert len(approved.store.contents) == made


def test_other_words_are_submitted_anew(approved):
    MessageTemplate.objects.filter(kind="link", language="en").update(body="Something else")
    (anew,) = approvals.submit(now=timezone.now())
    assert (anew.kind, anew.language, anew.body) == ("link", "en", templates.body(Kind.LINK, "en"))


def test_the_command_says_what_whatsapp_says(double):
    told = StringIO()
    call_command("whatsapp_templates", submit=True, stdout=told)
    assert "submitted: gift in de" in told.getvalue()
    judged(double, "rejected", reason="Too much like an advertisement")
    call_command("whatsapp_templates", stdout=told)
    assert "gift in en: rejected, utility (Too much like an advertisement)" in told.getvalue()


def test_without_an_account_the_command_says_so(settings):
    settings.TWILIO = {}
    with pytest.raises(CommandError, match="No account"):
        call_command("whatsapp_templates")


def test_it_is_sent_once_and_looked_for_before_a_second_try(approved, send_to, monkeypatch):
    monkeypatch.setattr("giftshop.http.outside_calls._task_seconds", Short())
    gift = send_to("+4915100000504")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    subscribers.send_gift(ready_of(gift))
    assert (approved.asked["create"], approved.asked["list"]) == (1, 1)
    assert delivery_of(gift).provider_id == approved.sent_to("whatsapp:+4915100000504")[0]["sid"]


def test_a_text_to_the_same_number_is_not_taken_for_it(approved, send_to, monkeypatch):
    """The same words, by the other channel: WhatsApp's list has addresses of its own."""
    gift = send_to("+4915100000503")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    with scope(brand=gift.brand):
        words = gift_template(delivery_of(gift), gift).words
    text = {"to": "+4915100000503", "body": words, "status": "sent", "direction": "outbound-api"}
    approved.store.add(text)
    subscribers.send_gift(ready_of(gift))
    assert len(approved.sent_to("whatsapp:+4915100000503")) == 1


def test_only_a_yes_on_whatsapp_counts(app_brand, treat, place):
    """Not one to texts, and not the sender's word, whatever the country lets a text do."""
    Brand.objects.filter(pk=app_brand.pk).update(texts=Brand.Texts.RECIPIENTS)
    app_brand.refresh_from_db()
    say_yes(app_brand, channel=Consent.Channel.SMS)
    wanted = line(treat, "Ben", channel=Gift.Channel.WHATSAPP, recipient_phone=BEN)
    with pytest.raises(OrderRefused, match="has not said yes to this shop on WhatsApp"):
        place(lines=[wanted])
    with scope(brand=app_brand):
        assert allowed.refusal(brand=app_brand, number=BEN) is None
        to_sender = {"to": allowed.To.SENDER, "channel": "whatsapp"}
        assert allowed.refusal(brand=app_brand, number=BEN, **to_sender) is None


def test_what_was_delivered_and_read_is_told(send_to):
    gift = send_to()
    relay.drain()
    for status in ("delivered", "read"):
        assert report(gift, status).status_code == 200
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.DELIVERED


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (63003, "is not on WhatsApp"),
        (63024, "is not on WhatsApp"),
        (63016, "WhatsApp doesn't take messages"),
        (63040, "WhatsApp doesn't take messages"),
        (63049, "WhatsApp could not deliver it"),
        (63101, "WhatsApp doesn't take messages"),
    ],
)
def test_what_whatsapp_did_not_bring_reaches_the_sender_with_other_ways(send_to, code, said):
    gift = send_to()
    relay.drain()
    report(gift, "failed", code)
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.BOUNCED
    assert fresh(gift).undeliverable_at is not None
    assert said in str(Report.objects.get().get_reason_display())
    with scope(brand=gift.brand):
        assert Delivery.objects.get(purpose="undeliverable").state == "sent"
        wanted = replace(
            Wanted.of(fresh(gift)), channel="email", email="ben@friends.example", phone=""
        )
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
    relay.drain()
    with scope(brand=gift.brand):
        newest = Delivery.objects.filter(purpose="gift").latest("version")
    assert (newest.channel, newest.state) == ("email", "sent")
    assert fresh(gift).undeliverable_at is None


def test_a_template_that_fails_is_known_at_once(approved, send_to, app_brand):
    """By the callback, before the watch comes round; the watch puts it right again."""
    gift = send_to()
    relay.drain()
    sid = approved.sent_to(f"whatsapp:{BEN}")[0]["content_sid"]
    assert f"template={sid}" in approved.sent_to(f"whatsapp:{BEN}")[0]["callback"]
    report(gift, "failed", 63040, template=sid)
    assert whatsapp.standing(app_brand).obstacle == Obstacle.REJECTED
    tasks.watch_templates()
    assert whatsapp.standing(app_brand).obstacle is None


@pytest.mark.parametrize(
    ("status", "obstacle"),
    [
        ("rejected", Obstacle.REJECTED),
        ("paused", Obstacle.PAUSED),
        ("disabled", Obstacle.PAUSED),
        ("pending", Obstacle.WAITING),
    ],
)
def test_a_template_that_is_not_approved_ends_whatsapp(
    approved, send_to, app_brand, status, obstacle
):
    gift = send_to()
    judged(approved, status, reason="Too much like an advertisement")
    standing = whatsapp.standing(app_brand)
    assert (standing.obstacle, standing.reason) == (obstacle, "Too much like an advertisement")
    with pytest.raises(OrderRefused, match="WhatsApp doesn't take messages"):
        send_to()
    relay.drain()
    assert approved.asked["create"] == 0
    assert delivery_of(gift).state == Delivery.State.FAILED
    assert fresh(gift).undeliverable_at is not None
    assert check_whatsapp().is_well == (status == "pending")


def test_one_that_was_deleted_at_twilio_counts_as_gone(approved, app_brand):
    row = MessageTemplate.objects.get(kind="gift", language="en")
    del approved.store.contents[row.content_sid]
    tasks.watch_templates()
    assert whatsapp.standing(app_brand).obstacle == Obstacle.PAUSED


def test_moved_to_marketing_it_reaches_no_number_of_the_united_states(approved, send_to, app_brand):
    german, american = send_to(), send_to(US)
    judged(approved, category="MARKETING")
    assert not check_whatsapp().is_well
    relay.drain()
    assert delivery_of(german).state == "sent"
    assert delivery_of(american).state == "failed"
    with pytest.raises(OrderRefused, match="numbers of the United States"):
        send_to(US)
    with scope(brand=app_brand):
        canadian = allowed.refusal(brand=app_brand, number="+14165550162", channel="whatsapp")
    assert canadian == allowed.TextRefusal.NO_WHATSAPP_YES


@pytest.mark.parametrize("status", [63007, 63101])
def test_a_refused_account_ends_whatsapp_of_the_brand_and_not_its_texts(send_to, app_brand, status):
    gift = send_to()
    relay.drain()
    report(gift, "failed", status)
    app_brand.refresh_from_db()
    assert (app_brand.whatsapp_refused, app_brand.texts_refused) == (str(status), "")
    assert whatsapp.standing(app_brand).obstacle == Obstacle.REFUSED
    with pytest.raises(OrderRefused, match="WhatsApp doesn't take messages"):
        send_to()


def test_while_twilio_is_away_what_is_known_stays(approved, app_brand, settings):
    settings.TWILIO = {**settings.TWILIO, "api_base": "http://127.0.0.1:1"}
    tasks.watch_templates()
    assert whatsapp.standing(app_brand).obstacle is None


def test_a_yes_there_is_a_yes_to_whatsapp_alone(app_brand):
    now = timezone.now()
    with scope(brand=app_brand):
        asked = {"brand": app_brand, "number": BEN, "page": "gift:1", "now": now}
        consent.ask(**asked, channel="whatsapp")
        consent.ask(**asked)
    relay.drain()
    assert "sends you gifts and reminders here" in answer("Yes").content.decode()
    with scope(brand=app_brand):
        given = Consent.objects.get(channel="whatsapp")
        assert "on WhatsApp" in given.words
        assert (given.answer, given.page) == ("Yes", "gift:1")
        assert Consent.objects.get(channel="sms").given_at is None
        found = consent.agreed(brand=app_brand, page="gift:1", phone="")
    assert found == consent.Agreed(BEN, "whatsapp")


def test_the_question_goes_as_a_template(approved, app_brand):
    with scope(brand=app_brand):
        consent.ask(
            brand=app_brand, number=BEN, page="gift:1", now=timezone.now(), channel="whatsapp"
        )
    relay.drain()
    (asked,) = approved.sent_to(f"whatsapp:{BEN}")
    assert "You asked Frosty Spoon Creamery for gifts and reminders on WhatsApp" in asked["body"]


def test_stop_on_whatsapp_ends_texts_too(send_to, app_brand):
    send_to()
    relay.drain()
    say_yes(app_brand, channel=Consent.Channel.SMS)
    answer("STOP")
    assert suppression.is_suppressed(address=BEN, brand=app_brand)
    with scope(brand=app_brand):
        assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_a_link_goes_to_its_senders_own_whatsapp(approved, app_brand, treat, place):
    own = line(treat, "Ben", channel=Gift.Channel.LINK)
    pay(place(lines=[own], sender_phone=BEN, sender_channel="whatsapp"))
    relay.drain()
    (sent,) = approved.sent_to(f"whatsapp:{BEN}")
    assert "your gift for Ben is ready" in sent["body"]


def test_mending_offers_it_to_a_number_that_said_yes(approved, app_brand, send_to):
    gift = send_to()
    relay.drain()
    with scope(brand=app_brand):
        wanted = Wanted.of(fresh(gift))
        elsewhere = replace(wanted, phone="+4915112345679")
        with pytest.raises(MendRefused):
            mend(gift_id=gift.pk, order_id=gift.order_id, wanted=elsewhere, now=timezone.now())
        say_yes(app_brand, "+4915112345679")
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=elsewhere, now=timezone.now())
    relay.drain()
    assert len(approved.sent_to("whatsapp:+4915112345679")) == 1


def test_the_page_of_a_change_keeps_a_number_when_whatsapp_is_off(approved, send_to, app_brand):
    gift = send_to()
    relay.drain()
    page = f"/orders/{gift.order.link_token()}/gifts/{gift.position}/"
    form = Client().get(page).context["form"]
    assert form.recipient.goes_by == "whatsapp"
    judged(approved, "paused")
    shown = Client().get(page)
    assert shown.context["form"].number == BEN
    assert "by WhatsApp." in shown.content.decode()


def test_a_brand_that_hides_codes_sends_none(approved, send_to, app_brand):
    Brand.objects.filter(pk=app_brand.pk).update(hides_code=True)
    gift = send_to()
    relay.drain()
    (sent,) = approved.sent_to(f"whatsapp:{BEN}")
    assert symbols(gift.code) not in sent["body"].replace("-", "")


def test_a_template_of_another_language_is_none(approved, send_to):
    """A brand's pages had more languages when it was bought."""
    gift = send_to()
    MessageTemplate.objects.filter(language="en", kind="gift").update(language="xx")
    Brand.objects.filter(pk=gift.brand_id).update(languages=["de"])
    relay.drain()
    assert delivery_of(gift).state == "failed"
    assert approved.asked["create"] == 0


def test_reminders_follow_the_yes(approved, app_brand):
    with scope(brand=app_brand):
        say_yes(app_brand)
        assert consent.agreed(brand=app_brand, page="", phone=BEN).channel == "whatsapp"
        judged(approved, "paused")
        assert consent.agreed(brand=app_brand, page="", phone=BEN) is None


def test_asked_twice_in_a_day_is_once_too_often(app_brand):
    now = timezone.now()
    with scope(brand=app_brand):
        asked = {"brand": app_brand, "number": BEN, "page": "gift:1", "channel": "whatsapp"}
        consent.ask(**asked, now=now)
        with pytest.raises(consent.ConsentRefused):
            consent.ask(**asked, now=now + timedelta(hours=1))
