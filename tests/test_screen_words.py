"""One word for one thing on the screens, in mails and messages, in English, German and Spanish.

`tests/test_words.py` looks at code and documents; here each text that gettext shows is read. A word that
was given up stands nowhere, a thing is translated by one word wherever it is named, and a place has one
name and one icon in every menu.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.test_translations import LANGUAGES, pairs

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
EVERY = ["en", *LANGUAGES]

every_language = pytest.mark.parametrize("language", EVERY)


@dataclass(frozen=True)
class GivenUp:
    """A second word for something, by language, and what is said in its place."""

    now: str
    patterns: dict[str, str]
    stays: str = "^$"
    """Texts that may say it all the same, by their English: what only programs or accountants read."""

    def found_in(self, language: str, texts: Iterable[tuple[str, str]]) -> list[str]:
        """Of (English, text) those that say it."""
        pattern = self.patterns.get(language)
        return [
            text
            for english, text in texts
            if pattern and re.search(pattern, text) and not re.search(self.stays, english)
        ]


FOR_PROGRAMS = r"^This device is not paired|^Send the header Authorization"
GIVEN_UP = (
    GivenUp("device, Gerät, dispositivo", dict.fromkeys(EVERY, r"(?i)\b(tablet|tableta)s?\b")),
    GivenUp(
        "connected, disconnected",
        {"en": r"(?i)\b(un)?(pair(ed|ing)|revoked?)\b"},
        stays=FOR_PROGRAMS,
    ),
    GivenUp(
        "QR code",
        {"en": r"(?i)\bsquares?\b", "de": r"(?i)quadrat", "es": r"(?i)cuadrad[oa]"},
    ),
    GivenUp(
        "to cancel a gift; to undo a redemption",
        {
            "en": r"(?i)\bvoid(?!ed$)|\brevers(e|ed)\b",
            "de": r"(?i)geschenk\w* stornier|%\(gift\)s stornier|rückgängig",
            "es": r"(?i)\banul|\brevertir",
        },
        stays=r"^Voided$",
    ),
    GivenUp("to sign in", {"en": r"(?i)\blog(ged)? ?in\b", "de": r"(?i)einlogg|eingeloggt"}),
    GivenUp("entrar", {"es": r"(?i)identifí?[cq]u?[ae]|inici(ar|a) sesión"}),
    GivenUp("Laden, Shop", {"de": r"(?i)\bfilial|\bgeschäfts?\b"}),
    GivenUp("la dirección", {"es": r"(?i)\bpropietari"}),
    GivenUp("Kampagne", {"de": r"\bAktion(en)?\b"}),
    GivenUp(
        "characters of a text, signs of a code",
        {"en": r"(?i)(most|room for) %?[\w()]* letters|letters below", "es": r"(?i)\d+ letras"},
    ),
    GivenUp("to redeem, in the studio", {"en": r"Enjoyed in a store|^Gifts bought"}),
)


def shown(language: str) -> list[tuple[str, str]]:
    """Each text of a language with the English that it stands for."""
    if language == "en":
        return [(english, english) for english, _text in pairs(LANGUAGES[0])]
    return list(pairs(language))


@every_language
def test_a_word_that_was_given_up_is_shown_nowhere(language: str) -> None:
    texts = shown(language)
    assert len(texts) > 1000
    assert {word.now: found for word in GIVEN_UP if (found := word.found_in(language, texts))} == {}


PLANTED = {
    "en": [
        *("Add a tablet", "Device paired", "Scan the square", "Void it", "Reverse it", "Log in"),
        *("A name of at most 60 letters", "Enjoyed in a store"),
    ],
    "de": [
        *(
            "Ein Tablet hinzufügen",
            "Scanne das Quadrat",
            "Ein Geschenk stornieren",
            "Jetzt einloggen",
        ),
        *("Ruf in der Filiale an", "So heißt das Geschäft", "Die Aktion liefe"),
    ],
    "es": [
        *("Añadir una tableta", "Escanea el cuadrado", "Anular el regalo", "Inicia sesión"),
        *("Identifícate", "El propietario puede", "60 letras"),
    ],
}


@every_language
def test_a_planted_word_is_found(language: str) -> None:
    """The control: each pattern of a language finds what stands for it."""
    unfound = [
        text
        for text in PLANTED[language]
        if not any(word.found_in(language, [("Planted", text)]) for word in GIVEN_UP)
    ]
    idle = [
        word.now
        for word in GIVEN_UP
        if language in word.patterns
        and not word.found_in(language, [("Planted", text) for text in PLANTED[language]])
    ]
    assert (unfound, idle) == ([], [])


@dataclass(frozen=True)
class Thing:
    """What is named so in English, and its one word in the others; texts that name it by no word."""

    english: str
    words: dict[str, str]
    unnamed: dict[str, str] = field(default_factory=dict)
    """By language, the beginnings of the English of texts that say it otherwise, as a pattern."""

    def missing(self, language: str, texts: Iterable[tuple[str, str]]) -> list[str]:
        named = re.compile(rf"(?i)(?<![\w<:])({self.english})(?![\w:])")
        return [
            f"{english} | {text}"
            for english, text in texts
            if named.search(re.sub(r"%\(\w+\)[sd]|\{\w+\}", "", english))
            and not re.search(rf"(?i){self.words[language]}", text)
            and not re.search(self.unnamed.get(language, "^$"), english)
        ]


THINGS = (
    Thing(
        "devices?",
        {"de": "gerät", "es": "dispositivo"},
        dict.fromkeys(LANGUAGES, "Authorization: Device"),
    ),
    Thing("stores?", {"de": "laden|läden", "es": "tienda"}),
    Thing("tills?", {"de": "kasse", "es": r"\bcajas?\b"}),
    Thing("campaigns?", {"de": "kampagne", "es": "campaña"}),
    Thing("links?", {"de": "link", "es": "enlace"}),
    Thing("receipts?", {"de": "beleg", "es": "recibo"}),
    Thing("franchisees?", {"de": "franchise", "es": "franquiciad"}),
    Thing("PINs?", {"de": r"\bPIN", "es": r"\bPIN"}),
    Thing("QR", {"de": r"\bQR", "es": r"\bQR"}),
    Thing("studio", {"de": "studio", "es": "estudio"}),
    Thing("counters?", {"de": "theke", "es": "mostrador"}),
    Thing("guests?", {"de": r"\bgast|\bgäst", "es": "cliente"}, {"de": "^What did the guest buy"}),
    Thing("staff", {"de": "team", "es": "personal"}, dict.fromkeys(LANGUAGES, "^By staff$")),
    Thing("managers?", {"de": "leitung", "es": "encargad"}, {"es": "^The manager's pages work"}),
    Thing("owners?", {"de": "inhaber", "es": "dirección"}, {"de": "^The address refused it"}),
    Thing(
        "orders?",
        {"de": "bestell", "es": "pedido"},
    ),
    Thing("undo|undone|undoes", {"de": "storn", "es": r"desh[aei]"}),
    Thing(
        r"cancel\w*",
        {"de": "annull", "es": "cancel"},
        {"de": "^Cancel$"},  # out of a dialog
    ),
    Thing("redeem(s|ed)?", {"de": "einlös|eingelös", "es": "canje"}),
    Thing("expire[sd]?|expiry", {"de": "abgelauf|abl[aä]uf", "es": "caduc"}),
    Thing("signs? in|signed in", {"de": r"\bmeld|an(zu)?meld|(an|ab)gemeld", "es": "entr|sesión"}),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thing_is_called_by_one_word_wherever_it_is_named(language: str) -> None:
    texts = shown(language)
    missing = [
        f"{thing.words[language]}: {each}"
        for thing in THINGS
        for each in thing.missing(language, texts)
    ]
    assert not missing, "\n".join(missing)


def test_another_word_for_a_thing_is_found() -> None:
    """The control."""
    device = THINGS[0]
    planted = [("Add a device", "Ein Tablet hinzufügen"), ("Add a device", "Ein Gerät hinzufügen")]
    assert device.missing("de", planted) == ["Add a device | Ein Tablet hinzufügen"]
    assert device.missing("de", [("Tell %(device)s", "Sag es")]) == []


MENU = re.compile(
    r'nav_item\.html" with [^%]*?label=_\("([^"]+)"\) icon="([\w-]+)"[^%]*? key="([\w-]+)"'
)


def test_a_place_has_one_name_and_one_icon_in_every_menu() -> None:
    names: dict[str, set[str]] = {}
    icons: dict[str, set[str]] = {}
    found = 0
    for path in TEMPLATES.rglob("*.html"):
        for name, icon, key in MENU.findall(path.read_text()):
            found += 1
            names.setdefault(key, set()).add(f"{name}, {icon}")
            icons.setdefault(icon, set()).add(name)
    assert found == sum(
        path.read_text().count('nav_item.html" with') for path in TEMPLATES.rglob("*.html")
    ), "a menu is written in a way that is not read here"
    assert [told for told in [*names.values(), *icons.values()] if len(told) > 1] == []
