"""A yes to texts: asked on the gift's page, answered from the phone, kept as evidence."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.delivery.models import Delivery
from giftshop.delivery.suppression import suppress
from giftshop.delivery.texts import answers
from giftshop.outbox import relay
from giftshop.privacy.erase import erase_recipients
from giftshop.texts import allowed, approvals, consent
from giftshop.texts.models import Consent, MessageTemplate

pytestmark = pytest.mark.django_db

BEN = "+12065550162"


@pytest.fixture
def double(double, brand):
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.CONSENT)
    return double


@pytest.fixture
def page(client, gift):
    """The address of Ben's gift, opened in this browser."""
    address = f"/gift/{gift.link_token()}/"
    client.post(f"{address}opening/")
    return address


def asked(brand):
    with scope(brand=brand):
        return Consent.objects.get()


def test_whoever_gives_a_number_is_asked_there_and_texted_nothing_else(
    double, client, page, gift, brand
):
    shown = client.get(page).content.decode()
    assert "Text me reminders and gifts here" in shown
    assert client.post(f"{page}texts/", {"phone": "(206) 555-0162"}).status_code == 303
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert sent["body"] == (
        "Frosty Spoon Creamery: answer YES to get gifts and reminders as texts. STOP to end, HELP for help."
    )
    kept = asked(brand)
    assert (kept.phone, kept.page, kept.language) == (BEN, f"gift:{gift.pk}", "en")
    assert kept.words.startswith("Frosty Spoon Creamery may text me")
    assert kept.given_at is None
    with scope(brand=brand):
        assert allowed.refusal(brand=Brand.objects.get(pk=brand.pk), number=BEN) == "no_yes"
    assert "ends in 162" in client.get(page).content.decode()


def test_a_yes_from_that_phone_counts_and_a_stop_ends_it(double, client, page, brand):
    client.post(f"{page}texts/", {"phone": BEN})
    relay.drain()
    answers.hear(number=BEN, text="Yes", now=timezone.now())
    kept = asked(brand)
    assert kept.given_at
    assert kept.answer == "Yes"
    assert "texts you at the number that ends in 162" in client.get(page).content.decode()
    answers.hear(number=BEN, text="Stop it please", now=timezone.now())
    assert asked(brand).withdrawn_at
    assert "You ended the texts" in client.get(page).content.decode()
    answers.hear(number=BEN, text="START", now=timezone.now())
    assert asked(brand).withdrawn_at is None


def test_nobodys_phone_rings_for_it_twice_in_a_day(double, client, page, brand):
    client.post(f"{page}texts/", {"phone": BEN})
    again = client.post(f"{page}texts/", {"phone": BEN})
    assert again.status_code == 422
    assert "We asked this number a short while ago" in again.content.decode()
    with scope(brand=brand):
        Consent.objects.update(asked_at=timezone.now() - consent.ASKED_AGAIN_AFTER - timedelta(1))
    assert client.post(f"{page}texts/", {"phone": BEN}).status_code == 303
    relay.drain()
    with scope(brand=brand):
        versions = Delivery.objects.filter(purpose="consent").values_list("version", flat=True)
        assert list(versions) == [2]  # the first had not left when it was asked anew


@pytest.mark.parametrize(
    ("phone", "said"), [("", "Which number?"), ("12", "does not look like"), ("x" * 99, "48")]
)
def test_a_wrong_number_is_said(double, client, page, phone, said):
    answer = client.post(f"{page}texts/", {"phone": phone})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    relay.drain()
    assert not double.asked["create"]


def test_a_number_that_said_stop_is_not_asked(double, client, page, brand):
    suppress(address=BEN, brand=brand)
    answer = client.post(f"{page}texts/", {"phone": BEN})
    assert "Text START" in answer.content.decode()
    relay.drain()
    assert not double.asked["create"]


def test_without_texts_nothing_is_asked_and_nothing_queried(client, page, brand):
    assert 'id="texts"' not in client.get(page).content.decode()
    assert client.post(f"{page}texts/", {"phone": BEN}).status_code == 303
    with scope(brand=brand):
        assert not Consent.objects.exists()


def test_whoever_erases_what_is_kept_of_them_takes_their_yes_along(
    double, client, page, gift, brand
):
    client.post(f"{page}texts/", {"phone": BEN})
    relay.drain()
    with scope(brand=brand):
        assert Delivery.objects.get(purpose="consent").address == BEN
        erase_recipients([gift.pk], now=timezone.now())
        assert not Consent.objects.exists()
        assert Delivery.objects.get(purpose="consent").address == ""


def test_who_has_not_opened_it_is_asked_nothing(double, client, gift, brand):
    client.post(f"/gift/{gift.link_token()}/texts/", {"phone": BEN})
    with scope(brand=brand):
        assert not Consent.objects.exists()


class TestWhatsApp:
    @pytest.fixture
    def double(self, double, brand):
        approvals.submit(now=timezone.now())
        approvals.watch(now=timezone.now())
        Brand.objects.filter(pk=brand.pk).update(whatsapp=True)
        return double

    def test_whoever_wants_whatsapp_is_asked_there(self, double, client, page, gift, brand):
        shown = client.get(page).content.decode()
        assert "may send me gifts and reminders on WhatsApp" in shown
        client.post(f"{page}texts/", {"phone": BEN, "way": "whatsapp"})
        relay.drain()
        (sent,) = double.sent_to(f"whatsapp:{BEN}")
        assert sent["body"].startswith("You asked Frosty Spoon Creamery")
        assert not double.sent_to(BEN)
        kept = asked(brand)
        assert (kept.channel, kept.page) == ("whatsapp", f"gift:{gift.pk}")
        assert "on WhatsApp" in kept.words
        assert (
            "We wrote on WhatsApp to the number that ends in 162"
            in client.get(page).content.decode()
        )
        answers.hear(number=BEN, text="Yes", now=timezone.now(), channel="whatsapp")
        assert "writes to you on WhatsApp" in client.get(page).content.decode()

    def test_where_there_are_no_texts_nobody_chooses(self, double, client, page, brand):
        Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.OFF)
        shown = client.get(page).content.decode()
        assert "Get reminders and gifts on WhatsApp" in shown
        assert 'name="way"' not in shown
        client.post(f"{page}texts/", {"phone": BEN})
        assert asked(brand).channel == "whatsapp"

    def test_what_is_paused_is_not_offered(self, double, client, page, brand):
        MessageTemplate.objects.filter(kind="consent", language="en").update(status="paused")
        assert "WhatsApp" not in client.get(page).content.decode()
        answer = client.post(f"{page}texts/", {"phone": BEN, "way": "whatsapp"})
        assert "This way is not offered any more" in answer.content.decode()
        with scope(brand=brand):
            assert not Consent.objects.exists()

    def test_what_counts_as_marketing_is_not_offered_to_a_number_of_the_united_states(
        self, double, client, page
    ):
        MessageTemplate.objects.update(category="marketing")
        answer = client.post(f"{page}texts/", {"phone": BEN, "way": "whatsapp"})
        assert answer.status_code == 422
        assert "numbers of the United States" in answer.content.decode()
