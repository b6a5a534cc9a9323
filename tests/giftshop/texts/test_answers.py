"""What people write back."""

import pytest

from giftshop.texts.answers import Answer, read


@pytest.mark.parametrize(
    "text",
    [
        *(
            "STOP",
            "stop",
            " Stop. ",
            "Stop!",
            "STOPALL",
            "UNSUBSCRIBE",
            "Cancel",
            "END",
            "quit",
            "revoke",
        ),
        *("opt out", "OPT-OUT", "optout", "please stop", "Stop texting me", "remove me please"),
        *(
            "Don't text me again",
            "don\u2019t text me",
            "no more texts",
            "wrong number",
            "leave me alone",
        ),
        *(
            "I want you to stop",
            "not interested",
            "You have the wrong number, this is not Ben at all, sorry",
        ),
        *(
            "Stopp",
            "STOPP",
            "abmelden",
            "Ende",
            "Kündigen",
            "AUFHÖREN",
            "bitte keine SMS mehr",
            "abbestellen",
        ),
        *(
            "Ich möchte das nicht mehr bekommen",
            "Hör auf",
            "Lass mich in Ruhe",
            "Löschen Sie meine Nummer",
        ),
        *(
            "PARAR",
            "alto",
            "BAJA",
            "cancelar",
            "¡No más!",
            "no mas",
            "no quiero más mensajes",
            "Dejen de escribirme",
        ),
        *("darme de baja", "quiero la baja", "número equivocado", "no me escribas más"),
    ],
)
def test_whoever_may_mean_stop_is_taken_to_mean_it(text: str) -> None:
    assert read(text).answer == Answer.STOP


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("YES", Answer.YES),
        ("yes please", Answer.YES),
        ("Ja", Answer.YES),
        ("Sí", Answer.YES),
        ("si", Answer.YES),
        ("START", Answer.START),
        ("unstop", Answer.START),
        ("Alta", Answer.START),
        ("HELP", Answer.HELP),
        ("Hilfe!", Answer.HELP),
        ("ayuda", Answer.HELP),
        ("info", Answer.HELP),
        ("Thank you so much, it was lovely!", Answer.OTHER),
        ("Danke dir!", Answer.OTHER),
        ("Wir treffen uns am Ende der Straße an der Haltestelle um acht", Answer.OTHER),
        ("🎁", Answer.OTHER),
        ("", Answer.OTHER),
    ],
)
def test_other_words(text: str, answer: Answer) -> None:
    assert read(text).answer == answer


@pytest.mark.parametrize(
    ("text", "language"),
    [("STOP", ""), ("Stopp", "de"), ("baja", "es"), ("unsubscribe", "en"), ("ja", "de")],
)
def test_the_word_says_in_which_language(text: str, language: str) -> None:
    assert read(text).language == language


def test_a_long_text_is_read_in_time() -> None:
    assert read("nothing of any meaning " * 10_000).answer == Answer.OTHER
