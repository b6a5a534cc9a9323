"""WhatsApp as one more way to a number: where the brand has it, and in words where it does not."""

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.giving import drafts
from giftshop.orders.models import Draft, Gift
from giftshop.texts.models import Consent, MessageTemplate
from tests.giftshop.giving.steps import begin, url
from tests.giftshop.giving.test_texts import answers, problems
from tests.messages import account, begin_to_send

pytestmark = pytest.mark.django_db

BEN, KEPT = "0151 12345678", "+4915112345678"


@pytest.fixture
def texting(brand, settings):
    settings.TWILIO = account()
    Brand.objects.filter(pk=brand.pk).update(country="DE")
    begin_to_send(brand)
    brand.refresh_from_db()
    return brand


@pytest.fixture
def who(client, texting, treat):
    return url(begin(client, texting, treat), "who")


def say_yes(brand, channel=Consent.Channel.WHATSAPP):
    now = timezone.now()
    Consent.objects.create(
        brand=brand, phone=KEPT, channel=channel, words="…", language="en", page="gift:1",
        asked_at=now, given_at=now,
    )  # fmt: skip


def test_four_ways_where_the_shop_has_both(client, who):
    page = client.get(who).content.decode()
    assert page.count('value="whatsapp"') == 3  # two rows, and the blank one
    assert page.count('value="text"') == 3


def test_without_texts_it_is_the_only_one_to_a_number(client, who, texting):
    Brand.objects.filter(pk=texting.pk).update(texts=Brand.Texts.OFF)
    page = client.get(who).content.decode()
    assert 'value="text"' not in page
    assert page.count('value="whatsapp"') == 3


def test_a_yes_on_whatsapp_takes_the_gift_there_and_no_other(client, who, texting):
    say_yes(texting, Consent.Channel.SMS)
    (problem,) = problems(who, client, way="whatsapp")
    assert "has not said yes to this shop on WhatsApp" in problem
    say_yes(texting)
    step = client.post(who, answers(who, client, way="whatsapp"))
    assert step.url.endswith("/what/")
    with scope(brand=texting):
        draft = Draft.objects.select_related("brand").get()
        draft.data |= {
            "choice": "double-scoop:regular",
            "sender_name": "Amy",
            "sender_email": "amy@senders.example",
        }
        draft.save()
        (line,) = drafts.read(draft).lines
    assert (line.channel, line.recipient_phone) == (Gift.Channel.WHATSAPP, KEPT)
    assert line.shown_address == "+49 1511 2345678"


@pytest.mark.parametrize("status", ["rejected", "paused", "pending"])
def test_while_whatsapp_does_not_let_it_through_that_is_said(client, who, status):
    client.post(who, answers(who, client, way="whatsapp"))
    MessageTemplate.objects.filter(kind="gift", language="en").update(status=status)
    page = client.get(who).content.decode()
    assert 'value="whatsapp"' not in page
    assert "WhatsApp doesn&#x27;t take messages from this shop at the moment" in page
    assert BEN in page, "what was typed stays"


def test_a_refused_account_is_said(client, who, texting):
    Brand.objects.filter(pk=texting.pk).update(whatsapp_refused="63101")
    page = client.get(who).content.decode()
    assert 'value="whatsapp"' not in page
    assert "WhatsApp doesn&#x27;t take messages" in page


def test_a_brand_that_wants_none_says_nothing(client, who, texting):
    Brand.objects.filter(pk=texting.pk).update(whatsapp=False)
    assert "WhatsApp" not in client.get(who).content.decode()


def test_a_page_with_both_costs_a_few_queries_more(
    client, who, texting, django_assert_max_num_queries
):
    say_yes(texting)
    client.post(who, answers(who, client, way="whatsapp"))
    with django_assert_max_num_queries(18):  # this step is read twice, and what it leads to
        client.get(who)


def test_senders_choose_how_their_links_get_to_them(client, who, texting):
    client.post(who, answers(who, client, way="link", phone=""))
    with scope(brand=texting):
        draft = Draft.objects.select_related("brand").get()
        draft.data |= {"choice": "double-scoop:regular"}
        draft.save()
    say = who.replace("/who/", "/say/")
    assert 'name="sender_way"' in client.get(say).content.decode()
    told = {
        "sender_name": "Amy", "sender_email": "amy@senders.example", "message": "Hi",
        "design": "love", "sender_phone": BEN,
    }  # fmt: skip
    for way, channel in (("whatsapp", "whatsapp"), ("text", "sms")):
        client.post(say, {**told, "sender_way": way})
        with scope(brand=texting):
            read = drafts.read(Draft.objects.select_related("brand").get())
        assert (read.sender_phone, read.sender_channel) == (KEPT, channel)
    Brand.objects.filter(pk=texting.pk).update(texts=Brand.Texts.OFF)
    page = client.get(say).content.decode()
    assert 'name="sender_way"' not in page
    assert "that you pass on by WhatsApp" in page
    with scope(brand=texting):
        assert drafts.read(Draft.objects.select_related("brand").get()).sender_channel == "whatsapp"
