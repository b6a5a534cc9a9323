"""Every catalog is whole, keeps the places and marks of the English, and is compiled; pages speak it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils.translation import ngettext, override, pgettext

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from redemption.redeem.reasons import Reason
from redemption.redeem.reverse import ReversalRefusal
from tests.giftshop.giving.steps import ready_draft, url

LOCALE = Path(settings.BASE_DIR) / "locale"
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]

every_language = pytest.mark.parametrize("language", LANGUAGES)


def catalog(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return read_mo(file)


def texts(entry: str | tuple[str, ...] | list[str]) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry)


def context(message: Message) -> str:
    """Babel leaves it as bytes when it reads what is compiled."""
    raw: str | bytes = message.context or ""
    return raw.decode() if isinstance(raw, bytes) else raw


def entries(language: str) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalog(language) if message.id)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each translated text beside the English it stands for: the first form beside the singular."""
    for message in entries(language):
        english = texts(message.id)
        for place, text in enumerate(texts(message.string)):
            yield english[min(place, len(english) - 1)], text


def places(text: str) -> Counter[str]:
    return Counter(re.findall(r"%\(\w+\)[sd]|\{\w*\}|%%", text))


def marks(text: str) -> Counter[str]:
    """HTML tags with their attributes, and entities."""
    return Counter(re.findall(r"</?[a-z][^<>]*>|&\w+;", text))


def test_every_offered_language_has_a_catalog() -> None:
    assert sorted(path.name for path in LOCALE.iterdir()) == sorted(LANGUAGES)


@every_language
def test_every_text_is_translated_in_all_its_forms(language: str) -> None:
    forms = catalog(language).num_plurals
    missing = [
        message.id
        for message in entries(language)
        if message.fuzzy
        or not all(texts(message.string))
        or len(texts(message.string)) != (forms if message.pluralizable else 1)
    ]
    assert missing == []


@every_language
def test_places_for_names_and_numbers_are_kept(language: str) -> None:
    assert [pair for pair in pairs(language) if places(pair[0]) != places(pair[1])] == []


@every_language
def test_markup_is_kept_and_no_attribute_can_break(language: str) -> None:
    assert [pair for pair in pairs(language) if marks(pair[0]) != marks(pair[1])] == []
    assert [pair for pair in pairs(language) if pair[0].count('"') != pair[1].count('"')] == []


@every_language
def test_edges_and_the_voice_are_kept(language: str) -> None:
    """No text gains or loses spaces at its ends, a colon at its end, or an exclamation mark."""
    for english, text in pairs(language):
        assert text == text.strip() or english != english.strip(), text
        assert english.endswith(":") == text.endswith(":"), text
        assert english.count("!") == text.count("!"), text


QUOTES = {"de": ("„", "“"), "es": ("«", "»")}
POLITE = {"de": r"(?<!^)(?<![.:!?…] )\b(Sie|Ihnen|Ihre?[mnrs]?)\b", "es": r"(?i)\b(usted(es)?)\b"}


@every_language
def test_quotes_and_address_are_the_languages_own(language: str) -> None:
    """„Deutsch“ and «español», never “English” or "straight"; and everybody is du or tú."""
    wrong = [text for _english, text in pairs(language) if _is_foreign(language, text)]
    assert wrong == []
    assert _is_foreign("de", "Das ist “so” gemeint")
    assert _is_foreign("es", "Es „así“")
    assert _is_foreign("de", "Bitte prüfen Sie das")


def _is_foreign(language: str, text: str) -> bool:
    opens, closes = QUOTES[language]
    words = re.sub(r"<[^>]*>", "", text)
    others = set('"“”„«»') - {opens, closes}
    unpaired = words.count(opens) != words.count(closes)
    return bool(others & set(words) or unpaired or re.search(POLITE[language], words))


@every_language
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written, made = catalog(language), compiled(language)

    def told(of: Catalog) -> dict[tuple[str, str], list[str]]:
        return {
            (context(message), texts(message.id)[0]): texts(message.string)
            for message in of
            if message.id
        }

    assert told(made) == told(written), "make messages"
    assert made.num_plurals == written.num_plurals


@every_language
def test_what_a_till_refuses_is_said_in_its_language(language: str) -> None:
    labels = {*Reason.labels, *ReversalRefusal.labels}
    with override(language):
        assert labels.isdisjoint(str(label) for label in [*Reason.labels, *ReversalRefusal.labels])


def test_counts_take_the_right_form() -> None:
    one, many = "%(number)s gift today", "%(number)s gifts today"
    expected = {"de": ("Geschenk heute", "Geschenke heute"), "es": ("regalo hoy", "regalos hoy")}
    for language, (singular, plural) in expected.items():
        with override(language):
            for count in (0, 1, 2, 1_000_000):
                ending = singular if count == 1 else plural
                assert ngettext(one, many, count).endswith(f" {ending}")


def sources() -> Iterator[Path]:
    """What people read is written in these."""
    for app in ("templates", "brands", "campaigns", "core", "giftshop", "redemption"):
        for kind in ("html", "mjml", "txt", "py"):
            yield from (Path(settings.BASE_DIR) / app).rglob(f"*.{kind}")


ALONE = re.compile(
    r"""\{% translate (["'])(?P<tag>.*?)\1(?! *context)|(?<![n\w])_\((?P<call>"[^"]*")\)"""
)


def test_no_text_stands_alone_and_as_a_singular() -> None:
    """A catalogue holds such a text once, with its plural: Python 3.11.2 then finds it for nobody who asks
    for it alone, and says it in English. A context tells the two apart."""
    singulars = {texts(each.id)[0] for each in entries("de") if len(texts(each.id)) > 1}
    assert len(singulars) > 20
    alone = {
        found["tag"] or str(found["call"])[1:-1]
        for file in sources()
        for found in ALONE.finditer(file.read_text())
    }
    assert len(alone) > 400
    assert alone & singulars == set()
    with override("de"):
        assert pgettext("heading", "Where to enjoy it") == "Hier kannst du es genießen"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "language", "words", "money", "day"),
    [
        ("de-AT,de;q=0.9", "de", "2-mal schenken:", "13,00\xa0$", r"bis \d{1,2}\. [A-ZÄ]\w+ 20\d\d"),
        ("es-MX,es;q=0.9", "es", "Enviar 2 regalos", "13,00\xa0US$", r"\d{1,2} de [a-z]+ de 20\d\d"),
    ],
)  # fmt: skip
def test_a_page_comes_in_the_readers_language_money_and_dates(
    client: Client,
    brand: Brand,
    treat: Treat,
    accept: str,
    language: str,
    words: str,
    money: str,
    day: str,
) -> None:
    draft = ready_draft(client, brand, treat)
    response = client.get(url(draft, "pay"), headers={"accept-language": accept})
    page = response.content.decode()
    assert f'<html lang="{language}"' in page
    assert response.headers["Content-Language"] == language
    assert words in page
    assert money in page
    assert re.search(day, page)
    assert "Nothing is sent before it is paid" not in page


@pytest.mark.django_db
def test_the_shop_shows_prices_in_the_readers_way(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    german = {"accept-language": "de"}
    page = client.get(f"/shop/{brand.slug}/", headers=german).content.decode()
    assert "Leckerei schenken" in page
    assert "ab 6,50\xa0$" in page
    assert "$6.50" not in page


@pytest.mark.django_db
def test_a_language_that_is_not_offered_gets_english(client: Client, brand: Brand) -> None:
    page = client.get(f"/shop/{brand.slug}/", headers={"accept-language": "fi"}).content.decode()
    assert '<html lang="en"' in page
