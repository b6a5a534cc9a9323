"""What somebody means who answers a text: stop, start, yes, help, or something else.

Whoever could mean stop is taken to mean it: the words that carriers and the FCC name (47 CFR 64.1200(a)(10)),
those of each language of the product, and any reasonable wording. Who did not mean it says START.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    STOP = "stop"
    START = "start"
    YES = "yes"
    HELP = "help"
    OTHER = "other"


@dataclass(frozen=True)
class Meant:
    """`language`: of the word that said so; empty where several have it."""

    answer: Answer
    language: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP = {
    "": _words("stop stopall arret"),
    "en": _words("unsubscribe cancel end quit revoke optout remove"),
    "de": _words(
        "stopp abmelden abbestellen ende aufhoren kundigen beenden austragen loschen widerruf widerrufe"
    ),
    "es": _words("parar pare para alto baja cancelar detener detente basta fin salir eliminar"),
}
"""Each alone, or first of a few words."""

STRONG = _words(
    "stop stopall stopp unsubscribe optout abmelden abbestellen austragen baja parar revoke"
)
"""Anywhere in what is short."""

PHRASES = (
    *(
        "opt out",
        "no more",
        "remove me",
        "leave me alone",
        "take me off",
        "do not text",
        "dont text",
    ),
    *(
        "do not message",
        "dont message",
        "do not contact",
        "dont contact",
        "do not send",
        "dont send",
    ),
    *("not interested", "wrong number", "lose my number", "delete my number", "go away"),
    *(
        "keine sms",
        "keine nachricht",
        "keine weiteren",
        "nicht mehr",
        "lass mich in ruhe",
        "kein interesse",
    ),
    *("falsche nummer", "hor auf", "horen sie auf", "meine nummer loschen", "losch meine nummer"),
    *(
        "no mas",
        "no quiero",
        "no me escrib",
        "no me mand",
        "no me envi",
        "darme de baja",
        "dame de baja",
    ),
    *(
        "dejen de",
        "deja de",
        "numero equivocado",
        "no me interesa",
        "borra mi numero",
        "dejame en paz",
    ),
)
"""Anywhere, whatever stands around them."""

START = {
    "": _words("start unstop"),
    "en": _words("subscribe resume"),
    "de": _words("anmelden wieder"),
    "es": _words("iniciar alta empezar"),
}
YES = {"en": _words("yes y yeah yep ok okay"), "de": _words("ja j"), "es": _words("si sí s")}
HELP = {"": _words("info"), "en": _words("help"), "de": _words("hilfe"), "es": _words("ayuda")}
SHORT = 6
"""Words; in what is longer a single word may mean anything."""


def read(text: str) -> Meant:
    """Of the body of a text that came in."""
    words = _plain(text).split()
    if not words:
        return Meant(Answer.OTHER)
    first, alone, few = words[0], len(words) == 1, len(words) <= SHORT
    joined = f" {' '.join(words)} "
    for answer, kept in ((Answer.YES, YES), (Answer.START, START), (Answer.HELP, HELP)):
        if alone and (language := _language(first, kept)) is not None:
            return Meant(answer, language)
    if few and (language := _language(first, STOP)) is not None:
        return Meant(Answer.STOP, language)
    if few and (strong := next((word for word in words if word in STRONG), "")):
        return Meant(Answer.STOP, _language(strong, STOP) or "")
    if any(f" {phrase}" in joined for phrase in PHRASES):
        return Meant(Answer.STOP)
    for answer, kept in ((Answer.YES, YES), (Answer.HELP, HELP)):
        if few and (language := _language(first, kept)) is not None:
            return Meant(answer, language)
    return Meant(Answer.OTHER)


def _language(word: str, kept: dict[str, frozenset[str]]) -> str | None:
    return next((language for language, words in kept.items() if word in words), None)


def _plain(text: str) -> str:
    """Small letters without accents, apostrophes and signs: "¡No más!" -> "no mas"."""
    bare = unicodedata.normalize("NFKD", text[:1600].casefold())
    bare = "".join(each for each in bare if not unicodedata.combining(each))
    return re.sub(r"[^\w]+", " ", re.sub(r"['\u2019`\u00b4]", "", bare))
