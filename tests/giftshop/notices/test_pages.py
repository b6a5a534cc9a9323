"""The pages that laws want: made from what a brand typed and what the product does, in three languages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.delivery import emails
from giftshop.delivery.models import Delivery
from giftshop.legal import terms, wants
from giftshop.legal.models import TermsVersion
from giftshop.notices import privacy, wcag
from giftshop.operator import retention
from giftshop.orders.models import Draft, Gift, Order
from giftshop.studio.brand.law_pages import wanted_words
from redemption.models import Code
from tests.cast import Place

SHOP = "/shop/frosty-spoon/"
STUDIO = "/studio/frosty-spoon/"
PAGES = ("terms", "privacy", "accessibility")

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(brand: Brand) -> Brand:
    brand.legal_name, brand.legal_address = "Frosty <b>Spoon</b> LLC", "1 Pike Street\nSeattle"
    brand.support_email = "help@frosty-spoon.example"
    brand.save()
    return brand


def page_of(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_one_link_away_and_names_the_brand(
    client: Client, told: Brand, store: Store, page: str, language: str
) -> None:
    assert f'href="{SHOP}{page}/"' in page_of(client, SHOP, language)
    html = page_of(client, f"{SHOP}{page}/", language)
    assert f'<html lang="{language}"' in html
    assert "help@frosty-spoon.example" in html
    assert "<b>Spoon" not in html
    assert ("Frosty &lt;b&gt;Spoon&lt;/b&gt; LLC" in html) == (page != "accessibility")


def test_no_two_languages_say_the_same(client: Client, told: Brand) -> None:
    for page in PAGES:
        assert (
            len(
                {
                    page_of(client, f"{SHOP}{page}/", tag).split("<main")[1]
                    for tag in ("en", "de", "es")
                }
            )
            == 3
        )


# --- Terms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("DE", "within 14 days of paying"),
        ("KR", "within 7 days of paying"),
        ("US", "until it is opened"),
        ("BR", "until it is opened"),
    ],
)
def test_the_terms_say_what_the_law_of_the_country_gives(
    client: Client, told: Brand, country: str, said: str
) -> None:
    Brand.objects.update(country=country, gift_valid_days=2000)
    html = page_of(client, f"{SHOP}terms/")
    assert "2000 days from the day it arrives" in html
    assert said in html
    Brand.objects.update(withdrawal_days=30)
    more = page_of(client, f"{SHOP}terms/")
    assert ("gives you 30 days" if "paying" in said else "within 30 days of paying after") in more


def test_what_a_brand_adds_stands_in_its_own_language(client: Client, told: Brand) -> None:
    Brand.objects.update(language="de", terms="Nur <i>solange</i> es kühl ist.\nUnd freundlich.")
    html = page_of(client, f"{SHOP}terms/", "es")
    assert '<bdi lang="de" dir="ltr">Nur &lt;i&gt;solange&lt;/i&gt; es kühl ist.</bdi>' in html
    assert '<bdi lang="de" dir="ltr">Und freundlich.</bdi>' in html


def test_an_order_keeps_the_terms_it_was_placed_under(
    client: Client, told: Brand, place: Place
) -> None:
    first, second = place(key="1"), place(key="2")
    told.terms = "From now on with sprinkles."
    told.save()
    third = place(key="3")
    with scope(brand=told):
        assert first.terms_id == second.terms_id != third.terms_id
        assert TermsVersion.objects.count() == 2
    for order, has in ((first, False), (third, True)):
        address = reverse("terms_version", args=[told.slug, order.terms_id])
        assert ("sprinkles" in page_of(client, address)) == has
        assert client.get(address)["X-Robots-Tag"] == "noindex"
        assert f'href="{address}"' in page_of(client, reverse("order", args=[order.link_token()]))
    assert "sprinkles" in page_of(client, f"{SHOP}terms/")


def test_a_version_is_dated_from_the_day_it_was_first_accepted(
    client: Client, told: Brand, place: Place
) -> None:
    order = place()
    then = timezone.now() - timedelta(days=40)
    with scope(brand=told):
        TermsVersion.objects.update(kept_at=then)
    with translation.override("en"):
        day = "As of " + date_format(timezone.localdate(then, told.tz), "DATE_FORMAT")
    assert day in page_of(client, f"{SHOP}terms/")
    assert day in page_of(client, f"{SHOP}terms/{order.terms_id}/")
    assert day not in page_of(client, f"{SHOP}terms/", "de")


def test_a_version_stays_as_it_was_read_whatever_the_reader_speaks_by_now(
    client: Client, told: Brand, place: Place
) -> None:
    order = place()
    html = page_of(client, f"{SHOP}terms/{order.terms_id}/", "de")
    assert '<bdi lang="en" dir="ltr">Whom you buy from</bdi>' in html


def test_nobody_reads_the_versions_of_another_brand_in_this_shop(
    client: Client, told: Brand, other_brand: Brand
) -> None:
    with scope(brand=other_brand):
        other = terms.keep(other_brand, language="en", now=timezone.now())
    assert client.get(f"{SHOP}terms/{other}/").status_code == 404
    assert client.get(f"/shop/{other_brand.slug}/terms/{other}/").status_code == 200


def test_an_order_that_waits_follows_the_terms_that_are_read_by_now(
    told: Brand, place: Place
) -> None:
    first = place(key="same")
    told.gift_valid_days += 1
    told.save()
    again = place(key="same")
    assert again.pk == first.pk
    assert again.terms_id != first.terms_id
    Order._base_manager.filter(pk=first.pk).update(state="cancelled", cancelled_at=timezone.now())
    told.gift_valid_days += 1
    told.save()
    assert place(key="same").terms_id == again.terms_id, "what is over stays as it was"


def test_the_same_words_are_kept_once(told: Brand, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    with scope(brand=told):
        first = terms.keep(told, language="es", now=now)
        with django_assert_num_queries(1):
            again = terms.keep(told, language="es", now=now + timedelta(days=1))
        assert again == first
        kept = TermsVersion.objects.get(pk=first)
    with translation.override("es"):
        assert kept.words() == terms.compose(told)


def test_mails_lead_to_what_was_accepted_and_to_what_is_kept(
    told: Brand, gift: Gift, code: Code
) -> None:
    gift.order.brand = told
    receipt = Delivery(brand=told, purpose="receipt", address="amy@friends.example", pk=gift.pk)
    with scope(brand=told):
        paid = emails.receipt_letter(receipt, gift.order)
        given = emails.gift_letter(
            Delivery(brand=told, purpose="gift", address="b@b.example", pk=gift.pk), gift
        )
    for letter, address in (
        (paid, f"{SHOP}terms/{gift.order.terms_id}/"),
        (given, "/your-data/"),
    ):
        html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]
        assert address in letter.body
        assert address in html


# --- Privacy -----------------------------------------------------------------------------------------


def test_the_days_are_those_that_the_product_keeps(
    told: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def texts() -> str:
        return " ".join(
            one.text for part in privacy.compose(told).sections for one in part.paragraphs
        )

    assert "A gift that was begun and not paid: 30 days." in texts()
    longer = [replace(kept, days=33) if kept.model is Draft else kept for kept in retention.KEPT]
    monkeypatch.setattr(retention, "KEPT", tuple(longer))
    assert "A gift that was begun and not paid: 33 days." in texts()


# --- Accessibility -------------------------------------------------------------------------------------


def test_what_is_not_met_is_said(
    client: Client, told: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not met yet" not in page_of(client, f"{SHOP}accessibility/")
    worse = {**wcag.VERDICTS, "open": ("2.4.7 Focus visible",)}
    monkeypatch.setattr(wcag, "VERDICTS", worse)
    html = page_of(client, f"{SHOP}accessibility/")
    assert "not met yet" in html
    assert "2.4.7 Focus visible" in html
    assert "Nobody has used it with a screen reader yet" in html


# --- What a country wants -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "empty", "lacking"),
    [
        ("US", ["legal_address"], ["legal_address"]),
        ("DE", ["support_email", "legal_name"], ["legal_name", "support_email"]),
        ("KR", [], ["representative", "support_phone", "tax_id"]),
        ("US", [], []),
    ],
)
def test_what_is_missing_goes_by_the_country(
    owner_client: Client, told: Brand, country: str, empty: list[str], lacking: list[str]
) -> None:
    told.country, told.opened_at = country, None
    for column in empty:
        setattr(told, column, "")
    told.save()
    assert wants.missing(told) == lacking
    checklist = owner_client.get(STUDIO).content.decode()
    section = owner_client.get(f"{STUDIO}brand/pages/").content.decode()
    for column in lacking:
        assert str(wants.FACTS[column]) in section
    assert ("Missing: " in checklist) == bool(lacking)
    assert ("Still missing on them" in section) == bool(lacking)


def test_the_owner_reads_which_pages_their_country_wants(owner_client: Client, told: Brand) -> None:
    Brand.objects.update(country="DE")
    section = owner_client.get(f"{STUDIO}brand/pages/").content.decode()
    assert "Directive (EU) 2019/882" in section
    assert "we know no law of your country" not in section
    told.country = "BR"
    assert wanted_words(told).startswith("We know no law of your country (Brazil)")
    told.country = "GB"
    assert "Legal notice, Privacy, Terms." in wanted_words(told)
