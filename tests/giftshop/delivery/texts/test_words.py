"""To whom a text may go, what it says, and in which letters."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.delivery.models import Delivery
from giftshop.delivery.texts.answers import hear
from giftshop.delivery.texts.consents import consent_text
from giftshop.delivery.texts.words import gift_text
from giftshop.outbox import relay
from giftshop.texts import allowed, segments
from giftshop.texts.models import Consent
from tests.giftshop.delivery.conftest import delivery_of, fresh
from tests.giftshop.delivery.texts.conftest import BEN

pytestmark = pytest.mark.django_db


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
