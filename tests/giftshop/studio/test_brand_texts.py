"""Texts in the studio: the rule, the price and the month beside the switch; a refused registration in
words."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.texts.models import SentText
from giftshop.texts.registration import note_refused
from sandbox.message_double import MessageDouble

pytestmark = pytest.mark.django_db

PAGE = "/studio/frosty-spoon/brand/mail/"
MAIL = {"mail_name": "", "reply_email": "", "statement_suffix": ""}
ACCOUNT, TOKEN = f"AC{'5' * 32}", "0123456789abcdef" * 2


@pytest.fixture
def double(settings):
    with MessageDouble(account_sid=ACCOUNT, auth_token=TOKEN) as double:
        settings.TWILIO = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "messaging_service_sid": f"MG{'7' * 32}",
            "api_base": double.url,
        }
        yield double


def save(client: Client, **more: str):
    version = client.get(PAGE).context["form"]["version"].value()
    return client.post(PAGE, {**MAIL, "version": version, **more})


def kept(brand: Brand) -> Brand:
    return Brand.objects.get(pk=brand.pk)


def test_in_the_united_states_only_a_yes_of_their_own_counts(owner_client, brand):
    refused = save(owner_client, texts="recipients")
    assert refused.status_code == 422
    assert "30831" in refused.content.decode()
    assert kept(brand).texts == Brand.Texts.OFF
    assert save(owner_client, texts="consent").status_code == 302
    assert kept(brand).texts == Brand.Texts.CONSENT


def test_in_germany_recipients_too_with_the_rule_beside_it(owner_client, brand):
    Brand.objects.filter(pk=brand.pk).update(country="DE")
    assert "UWG § 7" in owner_client.get(PAGE).content.decode()
    assert save(owner_client, texts="recipients").status_code == 302
    assert kept(brand).texts == Brand.Texts.RECIPIENTS


def test_the_price_and_the_month_stand_beside_the_switch(double, owner_client, brand):
    Brand.objects.filter(pk=brand.pk).update(country="DE")
    first, now = uuid7(), timezone.now()
    with scope(brand=brand):
        for sid, delivery_id, segments in (
            ("SM1", first, 1),
            ("SM2", first, 1),
            ("SM3", uuid7(), 2),
        ):
            SentText.objects.create(
                provider_id=sid,
                brand=brand,
                delivery_id=delivery_id,
                segments=segments,
                sent_at=now,
            )
    page = owner_client.get(PAGE).content.decode()
    assert "$0.1128" in page or "$0.2256" in page
    assert "3 texts, charged as 4" in " ".join(page.split())
    assert "1 of them left twice" in " ".join(page.split())
    assert "Katharina sent you a gift from Frosty Spoon Creamery" in page


def test_a_provider_that_is_away_is_said(double, owner_client):
    double.close()
    assert "could not be asked just now" in owner_client.get(PAGE).content.decode()


def test_without_a_provider_that_is_said(owner_client):
    assert (
        "Nobody carries texts for this installation yet" in owner_client.get(PAGE).content.decode()
    )


def test_a_refused_registration_is_said_and_put_right(owner_client, brand):
    note_refused(brand=brand, code=30831, now=timezone.now())
    page = owner_client.get(PAGE).content.decode()
    assert "phone companies refuse your texts" in page
    save(owner_client, texts="consent")
    assert kept(brand).texts_refused == "30831", "saving alone does not put it right"
    save(owner_client, texts="consent", texts_again="on")
    assert kept(brand).texts_refused == ""
