"""What people answer to a text: STOP, START, HELP, yes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from giftshop.delivery import suppression
from giftshop.delivery.models import Delivery, Suppression
from giftshop.outbox import relay
from giftshop.texts import allowed
from giftshop.texts.models import Consent
from tests.giftshop.delivery.conftest import delivery_of
from tests.giftshop.delivery.texts.conftest import BEN, answer

pytestmark = pytest.mark.django_db


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
