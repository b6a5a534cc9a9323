"""A recipient's number: the third way, where the shop sends texts."""

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.delivery.suppression import suppress
from giftshop.giving import drafts
from giftshop.orders.models import Draft, Gift
from giftshop.texts.models import Consent
from tests.giftshop.giving.steps import begin, url

pytestmark = pytest.mark.django_db

BEN = "0151 12345678"
KEPT = "+4915112345678"


@pytest.fixture
def texting(brand, settings):
    settings.TWILIO = {
        "account_sid": "AC",
        "auth_token": "x",
        "messaging_service_sid": "MG",
        "api_base": "",
    }
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.RECIPIENTS, country="DE")
    brand.refresh_from_db()
    return brand


@pytest.fixture
def who(client, texting, treat):
    return url(begin(client, texting, treat), "who")


def answers(who, client, phone=BEN, way="text", **more):
    page = client.get(who)
    key = page.context["forms"][0][0]["key"]
    told = {"name": "Ben", "phone": phone, "way": way, "email": "", **more}
    return {"row": [key], **{f"{key}-{name}": value for name, value in told.items()}}


def problems(who, client, **how):
    client.post(who, answers(who, client, **how))
    return [problem.text for problem in client.get(f"{who}?check=1").context["problems"]]


def draft_of(brand):
    return Draft.objects.select_related("brand").get()


def test_three_ways_where_the_shop_texts_and_two_elsewhere(client, who, texting):
    page = client.get(who).content.decode()
    assert page.count('value="text"') == 3  # two rows, and the blank one
    assert "by_link" not in page
    Brand.objects.filter(pk=texting.pk).update(texts=Brand.Texts.OFF)
    page = client.get(who).content.decode()
    assert 'value="text"' not in page
    assert "by_link" in page


def test_a_number_is_kept_as_it_was_typed_and_read_for_the_order(client, who, texting):
    step = client.post(who, answers(who, client))
    assert step.url.endswith("/what/")
    assert BEN in client.get(who).content.decode()
    with scope(brand=texting):
        draft = draft_of(texting)
        draft.data |= {"sender_name": "Amy", "sender_email": "amy@senders.example"}
        draft.save()
        (line,) = drafts.read(draft).lines
    assert (line.channel, line.recipient_phone, line.recipient_email) == (
        Gift.Channel.SMS,
        KEPT,
        "",
    )
    assert line.shown_address == "+49 1511 2345678"


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("", "Which number?"),
        ("12", "does not look like a mobile number"),
        ("030 123456", "no mobile number"),
        ("+1 206 555 0162", "only numbers of its own country"),
        ("x" * 300, "does not look like a mobile number"),
    ],
)
def test_a_wrong_number_is_said_and_kept(client, who, phone, said):
    (problem,) = problems(who, client, phone=phone)
    assert problem.startswith("Ben: ")
    assert said in problem


def test_who_asked_for_no_texts_gets_none(client, who, texting):
    suppress(address=KEPT, brand=texting)
    (problem,) = problems(who, client)
    assert "asked for no more texts" in problem


def test_without_the_switch_only_a_yes_of_their_own_counts(client, who, texting):
    Brand.objects.filter(pk=texting.pk).update(texts=Brand.Texts.CONSENT)
    (problem,) = problems(who, client)
    assert "has not said yes" in problem
    now = timezone.now()
    Consent.objects.create(
        brand=texting,
        phone=KEPT,
        words="…",
        language="en",
        page="gift:1",
        asked_at=now,
        given_at=now,
    )
    assert problems(who, client) == []


def test_a_refused_registration_is_said(client, who, texting):
    Brand.objects.filter(pk=texting.pk).update(texts_refused="30831")
    page = client.get(who).content.decode()
    assert "Phone companies don&#x27;t take texts from this shop yet" in page
    assert 'value="text"' not in page


def test_the_same_number_twice_is_one_too_many(client, who, texting):
    page = client.get(who)
    keys = [row["key"] for row, _form in page.context["forms"]]
    told = {"row": keys}
    for key, phone in zip(keys, (BEN, "015112345678"), strict=True):
        told |= {f"{key}-name": "Ben", f"{key}-phone": phone, f"{key}-way": "text"}
    client.post(who, told)
    problem = client.get(f"{who}?check=1").context["problems"][0]
    assert "on the list twice" in problem.text
    assert problem.anchor == f"id_{keys[1]}-phone"


def test_by_mail_nothing_of_a_number_counts(client, who, texting):
    assert problems(who, client, way="email", phone="12", email="ben@friends.example") == []
    assert problems(who, client, way="link", phone="12") == []


def test_a_page_with_texts_costs_two_queries_more(
    client, who, texting, django_assert_max_num_queries
):
    client.post(who, answers(who, client))
    with django_assert_max_num_queries(10):
        client.get(who)


def test_who_sends_links_is_asked_for_a_number_of_their_own(client, who, texting):
    client.post(who, answers(who, client, way="link", phone=""))
    with scope(brand=texting):
        draft = draft_of(texting)
        draft.data |= {
            "choice": "double-scoop:regular",
            "sender_name": "Amy",
            "sender_email": "amy@senders.example",
        }
        draft.save()
    say = who.replace("/who/", "/say/")
    assert 'name="sender_phone"' in client.get(say).content.decode()
    sender = {"sender_name": "Amy", "sender_email": "amy@senders.example"}
    client.post(say, {**sender, "message": "Hi", "design": "love", "sender_phone": "12"})
    page = client.get(f"{say}?check=1")
    assert "does not look like a mobile number" in page.context["problems"][0].text
    assert 'value="12"' in page.content.decode()
    client.post(say, {**sender, "message": "Hi", "design": "love", "sender_phone": BEN})
    with scope(brand=texting):
        assert drafts.read(draft_of(texting)).sender_phone == KEPT
    Brand.objects.filter(pk=texting.pk).update(texts=Brand.Texts.OFF)
    assert 'name="sender_phone"' not in client.get(say).content.decode()
    with scope(brand=texting):
        assert drafts.read(draft_of(texting)).sender_phone == ""


def test_who_sends_mails_alone_is_not_asked(client, who, texting):
    client.post(who, answers(who, client, way="email", email="ben@friends.example"))
    with scope(brand=texting):
        draft = draft_of(texting)
        draft.data |= {"choice": "double-scoop:regular"}
        draft.save()
    assert 'name="sender_phone"' not in client.get(who.replace("/who/", "/say/")).content.decode()
