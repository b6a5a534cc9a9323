"""A brand's words in further languages: typed beside its own, shown to who reads them, kept at sale."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope

from brands.models import Brand
from brands.translations import cleaned
from core.locales import Text, joined
from core.templatetags.languages import in_language, written_in
from giftshop.catalog.models import Treat
from giftshop.catalog.translations import further_languages
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from redemption.models import AuditEntry
from tests.cast import Place, pay
from tests.giftshop.delivery.conftest import html_of, letters_to, parsed
from tests.giftshop.studio.test_brand import WORDS
from tests.giftshop.studio.test_menu import sent

pytestmark = pytest.mark.django_db

MENU = "/studio/frosty-spoon/menu/"
GERMAN = {
    "name_de": "Eisbecher",
    "description_de": "Mit Sirup.",
    "category_de": "Getränke",
    "category": "Drinks",
    "description": "With syrup.",
    "sizes-0-name_de": "Normal",
    "groups-0-name_de": "Sirup",
    "groups-0-options_de": "Kola\nWurzelbier",
}


@pytest.fixture
def float_(brand: Brand, owner_client: Client) -> Treat:
    assert owner_client.post(f"{MENU}new/", sent(**GERMAN)).status_code == 302
    return kept(brand)


def kept(brand: Brand) -> Treat:
    with scope(brand=brand):
        menu = Treat.objects.select_related("brand").prefetch_related(
            "prices", "option_groups__options"
        )
        return menu.get(slug="float")


def test_words_in_further_languages_are_kept_beside_the_brands_own(
    brand: Brand, float_: Treat
) -> None:
    assert further_languages(brand) == ["de", "es"]
    assert float_.translations == {
        "de": {"name": "Eisbecher", "category": "Getränke", "description": "Mit Sirup."}
    }
    [group] = float_.option_groups.all()
    assert [option.translations for option in group.options.all()] == [
        {"de": {"label": "Kola"}},
        {"de": {"label": "Wurzelbier"}},
    ]
    with scope(brand=brand):
        told = AuditEntry.objects.get(act="treat.added").details["changes"]
    assert told["translations"][1] == sorted(
        f"de: {words}"
        for words in (
            "Eisbecher",
            "Mit Sirup.",
            "Getränke",
            "Normal",
            "Sirup",
            "Kola",
            "Wurzelbier",
        )
    )


def test_the_form_shows_them_again_and_saving_it_changes_nothing(
    brand: Brand, float_: Treat, owner_client: Client
) -> None:
    page = owner_client.get(f"{MENU}float/").content.decode()
    for words in ("Eisbecher", "Mit Sirup.", "Normal", "Sirup", "Kola\nWurzelbier"):
        assert words in page
    keys = {"sizes-0-key": float_.prices.get().key, "groups-0-key": "syrup"}
    again = {**sent(**GERMAN), **keys, "sizes-INITIAL_FORMS": "1", "groups-INITIAL_FORMS": "1"}
    owner_client.post(f"{MENU}float/", again)
    with scope(brand=brand):
        assert not AuditEntry.objects.filter(act="treat.changed").exists()


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        ("Kola\r\n", [{"de": {"label": "Kola"}}, {}]),
        ("\r\nWurzelbier", [{}, {"de": {"label": "Wurzelbier"}}]),
        (
            "Kola\r\nWurzelbier\r\n\r\n",
            [{"de": {"label": "Kola"}}, {"de": {"label": "Wurzelbier"}}],
        ),
        ("\r\n", [{}, {}]),
    ],
)
def test_a_choice_at_either_end_may_stay_untranslated_each_time_it_is_saved(
    brand: Brand, owner_client: Client, lines: str, labels: list[object]
) -> None:
    owner_client.post(f"{MENU}new/", sent(**{**GERMAN, "groups-0-options_de": lines}))
    for _again in range(2):
        treat = kept(brand)
        [group] = treat.option_groups.all()
        assert [option.translations for option in group.options.all()] == labels
        page = owner_client.get(f"{MENU}float/").content.decode()
        # A browser drops the line break that follows the tag, and sends all others.
        shown = re.search(r'name="groups-0-options_de"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)
        assert shown
        again = sent(**{**GERMAN, "groups-0-options_de": shown[1].replace("\n", "\r\n")})
        again |= {"sizes-0-key": treat.prices.get().key, "groups-0-key": group.key}
        again |= {"sizes-INITIAL_FORMS": "1", "groups-INITIAL_FORMS": "1"}
        assert owner_client.post(f"{MENU}float/", again).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"groups-0-options_de": "Kola"}, "Above stand 2 choices"),
        ({"groups-0-options_de": "Kola\n" + "x" * 61}, "60 characters at most"),
        ({"name_de": "x" * 81}, "This is too long"),
        ({"sizes-1-name_de": "Gross"}, "What is this size called?"),
    ],
)
def test_what_does_not_fit_is_told_and_unfolded(
    brand: Brand, owner_client: Client, wrong: dict[str, str], words: str
) -> None:
    answer = owner_client.post(f"{MENU}new/", sent(**{**GERMAN, **wrong}))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    if "sizes-1-name_de" not in wrong:
        assert '<details class="translations" open>' in html


def test_a_shop_is_read_in_the_readers_language_and_else_in_the_brands(
    brand: Brand, float_: Treat, place: Place, client: Client
) -> None:
    with scope(brand=brand):
        Treat.objects.exclude(pk=float_.pk).update(category="Scoops")
    german = client.get("/shop/frosty-spoon/", headers={"accept-language": "de"}).content.decode()
    assert "Eisbecher" in german
    assert "Getränke" in german
    assert '<bdi lang="en" dir="ltr">Double scoop</bdi>' in german  # nobody translated it
    for language in ("en", "es"):
        page = client.get("/shop/frosty-spoon/", headers={"accept-language": language})
        assert "Eisbecher" not in page.content.decode()
        assert "Float" in page.content.decode()


@pytest.fixture
def translated(brand: Brand, treat: Treat) -> Treat:
    """What tests/cast.py sells, in German."""
    with scope(brand=brand):
        treat.translations = {"de": {"name": "Doppelkugel"}}
        treat.save(update_fields=["translations"])
        treat.prices.filter(key="regular").update(translations={"de": {"name": "Normal"}})
        for group in treat.option_groups.all():
            group.translations = {"de": {"name": "Sorte"}}
            group.save(update_fields=["translations"])
            for option in group.options.all():
                option.translations = {"de": {"label": f"{option.label} auf Deutsch"}}
                option.save(update_fields=["translations"])
    return treat


def test_a_gift_keeps_the_words_that_it_was_sold_with(
    brand: Brand, translated: Treat, place: Place, client: Client
) -> None:
    order = place()
    pay(order)
    with scope(brand=brand):
        gift = Gift.objects.with_everything()[0]
        assert gift.label == "Double scoop, Regular"
        assert gift.translations == {"de": {"label": "Doppelkugel, Normal"}}
        first = translated.option_groups.all()[0].options.all()[0].label
        translated.option_groups.all().delete()
        Treat.objects.filter(pk=translated.pk).update(
            name="Triple", translations={"de": {"name": "Dreierlei"}}
        )
        link = f"/gift/{gift.link_token()}/"
    client.post(f"{link}opening/")

    german = client.get(link, headers={"accept-language": "de"}).content.decode()
    assert "<h2>Doppelkugel, Normal</h2>" in german
    assert "Sorte" in german
    assert f"{first} auf Deutsch" in german
    assert 'lang="en"' not in german.split('id="choices"')[1].split("</form>")[0]
    spanish = client.get(link, headers={"accept-language": "es"}).content.decode()
    assert '<bdi lang="en" dir="ltr">Double scoop, Regular</bdi>' in spanish
    assert "Doppelkugel" not in spanish


def test_mails_are_in_the_language_of_the_order(
    brand: Brand, translated: Treat, place: Place
) -> None:
    order = place(language="de")
    pay(order)
    relay.drain()
    with scope(brand=brand):
        friend = Gift.objects.with_everything()[0].recipient
    for address in (order.sender_email, friend.email):
        [letter] = letters_to(address)
        text = parsed(letter).get_body(("plain",)).get_content()
        assert "Doppelkugel, Normal" in text
        assert "Double scoop" not in text
        assert "Doppelkugel, Normal" in html_of(letter)


def test_programs_are_told_the_brands_own_words_alone(
    brand: Brand, translated: Treat, place: Place
) -> None:
    pay(place())
    with scope(brand=brand):
        code = Gift.objects.with_everything()[0].code
        assert code is not None
        assert code.option_list is not None
        assert code.option_list.fits()
        [gift, *_rest] = Gift.objects.with_everything().select_related("option_list")
        assert gift.option_list == code.option_list
        with translation.override("de"):
            told = code.choices
    assert "auf Deutsch" not in str(told)
    assert all("translations" not in choice for choice in told)


def test_a_language_that_the_brand_leaves_keeps_its_words(
    brand: Brand, float_: Treat, owner_client: Client
) -> None:
    Brand.objects.filter(pk=brand.pk).update(languages=["en", "es"])
    assert "name_de" not in owner_client.get(f"{MENU}float/").content.decode()
    keys = {"sizes-0-key": "regular", "groups-0-key": "syrup"}
    counts = {"sizes-INITIAL_FORMS": "1", "groups-INITIAL_FORMS": "1"}
    spanish = {"name": "Ice float", "name_es": "Copa"}
    change = {**sent(), **keys, **counts, **spanish}
    assert owner_client.post(f"{MENU}float/", change).status_code == 302
    after = kept(brand)
    assert after.translations["es"] == {"name": "Copa"}
    assert after.translations["de"] == float_.translations["de"]


def test_what_nobody_translated_makes_the_same_list_of_options_as_ever(
    brand: Brand, treat: Treat
) -> None:
    with scope(brand=brand):
        choices: list[Any] = list(treat.snapshot(treat.prices.all()[0]))
    assert all("translations" not in choice for choice in choices)


def test_texts_know_their_language() -> None:
    with translation.override("de"):
        assert in_language(Text("Eisbecher", "de"), "en") == "Eisbecher"
        assert in_language("Float", "en") == '<bdi lang="en" dir="ltr">Float</bdi>'
        assert in_language(Text("<b>", "es"), "en") == '<bdi lang="es" dir="ltr">&lt;b&gt;</bdi>'
    assert written_in(Text("Eis", "de"), "en") == "de"
    assert written_in("Ice", "en") == "en"
    both = joined([Text("Sorte", "de"), Text("Soße", "de")])
    assert (both, written_in(both, "en")) == ("Sorte, Soße", "de")
    assert not isinstance(joined([Text("Sorte", "de"), "Sauce"]), Text)
    assert not isinstance(joined([]), Text)
    assert cleaned({"es": {"name": ""}, "de": {"name": "Eis", "label": ""}}) == {
        "de": {"name": "Eis"}
    }


def test_the_brand_and_its_news_are_read_in_further_languages(
    brand: Brand, owner_client: Client, treat: Treat
) -> None:
    said = {**WORDS, "tagline_de": "Zwei Löffel", "story_de": "Von Hand.\r\n\r\nKomm vorbei."}
    assert owner_client.post("/studio/frosty-spoon/brand/", said).status_code == 302
    today = timezone.localdate(timezone.now(), brand.tz).isoformat()
    told = {"title": "Spoons", "words": "Bring one.", "shown_from": today, "shown_until": today}
    told |= {"title_de": "Löffel", "words_de": "Bring einen mit."}
    added = owner_client.post("/studio/frosty-spoon/news/new/", told).headers["Location"]
    owner_client.post(f"{added}publication/", {"on": "yes"})
    shop = "/shop/frosty-spoon/"
    german = Client(headers={"Accept-Language": "de"}).get(shop).content.decode()
    for words in ("Zwei Löffel</h1>", "Von Hand.<br><br>Komm vorbei.", "Löffel</h3>"):
        assert words in german
    assert "Bring einen mit." in german
    spanish = Client(headers={"Accept-Language": "es"}).get(shop).content.decode()
    assert '<bdi lang="en" dir="ltr">Two spoons</bdi>' in spanish
    with scope(brand=brand):
        [told_of] = AuditEntry.objects.filter(act="brand.changed")
    assert told_of.details["changes"]["translations"] == [
        [],
        ["de: Von Hand.\n\nKomm vorbei.", "de: Zwei Löffel"],
    ]


def test_words_in_a_language_that_the_brand_left_wait(brand: Brand, owner_client: Client) -> None:
    page = "/studio/frosty-spoon/brand/"
    owner_client.post(page, {**WORDS, "tagline_de": "Zwei Löffel"})
    Brand.objects.filter(pk=brand.pk).update(languages=["en"])
    owner_client.post(page, {**WORDS, "tagline": "Three spoons"})
    brand.refresh_from_db()
    assert (brand.tagline, brand.translations) == (
        "Three spoons",
        {"de": {"tagline": "Zwei Löffel"}},
    )
