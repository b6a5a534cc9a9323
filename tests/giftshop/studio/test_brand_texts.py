"""Texts in the studio: the rule, the price and the month beside the switch; a refused registration in
words."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.texts.models import MessageTemplate, SentText
from giftshop.texts.registration import note_refused
from tests.messages import begin_to_send

pytestmark = pytest.mark.django_db

PAGE = "/studio/frosty-spoon/brand/mail/"
MAIL = {"mail_name": "", "reply_email": "", "statement_suffix": ""}


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


class TestWhatsApp:
    def test_price_and_category_stand_beside_the_switch(self, double, owner_client, brand):
        begin_to_send(brand)
        page = " ".join(owner_client.get(PAGE).content.decode().split())
        assert "Each message costs" in page
        assert "$0.005" in page
        assert "Ours count as “utility”" in page
        assert "A gift on WhatsApp: “Hello! Amy sent you a gift from Frosty Spoon Creamery" in (
            page.replace("\u2068", "")
            .replace("\u2069", "")
            .replace("<bdi>", "")
            .replace("</bdi>", "")
        )

    def test_it_is_switched_on_and_off(self, double, owner_client, brand):
        save(owner_client, texts="off", whatsapp="on")
        assert kept(brand).whatsapp
        save(owner_client, texts="off")
        assert not kept(brand).whatsapp

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            ("rejected", "WhatsApp has rejected a message."),
            ("paused", "WhatsApp has paused a message"),
            ("pending", "WhatsApp has not approved the messages yet."),
        ],
    )
    def test_a_template_that_is_not_approved_is_said(
        self, double, owner_client, brand, status, said
    ):
        begin_to_send(brand)
        MessageTemplate.objects.filter(kind="gift", language="en").update(
            status=status, reason="Too much like an advertisement"
        )
        page = " ".join(owner_client.get(PAGE).content.decode().split())
        assert said in page
        assert "senders are offered e-mail and links" in page
        assert "Too much like an advertisement" in page

    def test_that_nobody_submitted_any_is_said(self, double, owner_client):
        assert "Nobody has submitted the messages" in owner_client.get(PAGE).content.decode()

    def test_marketing_is_said(self, double, owner_client, brand):
        begin_to_send(brand)
        MessageTemplate.objects.filter(kind="gift").update(category="marketing")
        page = owner_client.get(PAGE).content.decode()
        assert "counts messages of ours as advertising" in page
        assert "the dearer category" in page

    def test_a_refused_account_is_said_and_put_right(self, double, owner_client, brand):
        begin_to_send(brand)
        note_refused(brand=brand, code=63101, now=timezone.now(), channel="whatsapp")
        page = owner_client.get(PAGE).content.decode()
        assert "does not take messages of this installation" in page
        assert "63101" in page
        save(owner_client, texts="consent", whatsapp="on")
        assert kept(brand).whatsapp_refused == "63101", "saving alone does not put it right"
        save(owner_client, texts="consent", whatsapp="on", whatsapp_again="on")
        assert (kept(brand).whatsapp_refused, kept(brand).texts_refused) == ("", "")
