"""The gift page and its mail are in the recipient's language, which they may change where they read."""

import pytest
from django.core import mail
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.delivery.emails import gift_letter
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift, Recipient

pytestmark = pytest.mark.django_db


def speaks(gift: Gift, language: str) -> None:
    with scope(brand=gift.order.brand):
        Recipient.objects.filter(pk=gift.recipient_id).update(language=language)
    gift.recipient.language = language


def kept(gift: Gift) -> str:
    with scope(brand=gift.order.brand):
        return Recipient.objects.get(pk=gift.recipient_id).language


def test_the_page_is_in_it_whatever_the_browser_prefers(
    client: Client, gift: Gift, url: str
) -> None:
    speaks(gift, "de")
    page = client.get(url, headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="de"' in page
    assert 'content="Amy hat ein Geschenk für dich"' in page  # what messengers show of it
    assert kept(gift) == "de"


def test_where_none_was_said_the_page_goes_by_the_browser_and_the_mail_by_the_order(
    client: Client, gift: Gift, url: str
) -> None:
    page = client.get(url, headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es"' in page
    assert gift.language == gift.order.language == "en"


def test_the_mail_is_in_it(gift: Gift) -> None:
    speaks(gift, "de")
    delivery = Delivery(brand=gift.order.brand, purpose="gift", address="ben@friends.example")
    with scope(brand=gift.order.brand):
        letter = gift_letter(delivery, gift)
    assert "Bis" in letter.body or "bis" in letter.body
    assert "Good until" not in letter.body
    assert not mail.outbox


def test_a_recipient_changes_it_on_the_page_for_every_browser(
    client: Client, gift: Gift, url: str
) -> None:
    assert f'action="{url}language/"' in client.get(url).content.decode()
    answer = client.post(f"{url}language/", {"language": "es", "next": f"{url}stores/"})
    assert (answer.status_code, answer["Location"]) == (303, f"{url}stores/")
    assert kept(gift) == "es"
    assert '<html lang="es"' in Client().get(url).content.decode()


@pytest.mark.parametrize("language", ["fr", "", "es" * 9_000, "\x00"])
def test_what_is_no_language_of_the_brand_changes_nothing(
    client: Client, gift: Gift, url: str, language: str
) -> None:
    speaks(gift, "de")
    answer = client.post(f"{url}language/", {"language": language, "next": "//evil.example/"})
    assert answer["Location"] == url
    assert kept(gift) == "de"


def test_a_brand_that_gave_a_language_up_is_read_in_one_that_it_has(
    client: Client, brand: Brand, gift: Gift, url: str
) -> None:
    speaks(gift, "de")
    Brand.objects.filter(pk=brand.pk).update(languages=["en"])
    page = client.get(url).content.decode()
    assert '<html lang="en"' in page
    assert "language/" not in page
