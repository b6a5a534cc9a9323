"""Whose words stand on a page: what a brand wrote says its language, a name keeps to itself."""

from django.utils.translation import override

from core.bidi import isolated
from core.locales import direction, is_language, with_country
from core.templatetags.languages import bdi, in_language, lang, ltr


def test_a_tag_is_a_language_as_bcp_47_writes_it():
    good = ["en", "de", "pt-BR", "zh-Hans", "zh-Hant-TW", "es-419", "ckb", "vi"]
    assert [tag for tag in good if not is_language(tag)] == []
    bad = ["", "xx", "EN", "en_US", "pt-br", "english", "en-", "../en"]
    assert [tag for tag in bad if is_language(tag)] == []


def test_a_language_has_a_direction():
    assert {direction(tag) for tag in ("ar", "he", "fa", "ur", "ckb")} == {"rtl"}
    assert {direction(tag) for tag in ("en", "de", "zh-Hans", "vi", "nonsense")} == {"ltr"}


def test_a_shared_link_names_the_language_with_its_country():
    assert [with_country(tag) for tag in ("en", "de", "es", "xx")] == [
        "en_US",
        "de_DE",
        "es_ES",
        "xx",
    ]


def test_words_in_another_language_than_the_page_say_which():
    with override("de"):
        assert in_language("Mint & more", "en") == '<bdi lang="en" dir="ltr">Mint &amp; more</bdi>'
        assert in_language("نعناع", "ar") == '<bdi lang="ar" dir="rtl">نعناع</bdi>'
        assert in_language("Minze", "de") == "Minze"
        assert in_language("نعناع", "de") == "<bdi>نعناع</bdi>"
        assert (in_language("", "en"), lang("de"), lang("")) == ("", "", "")
        assert lang("pt-BR") == ' lang="pt-BR" dir="ltr"'


def test_what_was_marked_is_not_marked_again():
    with override("de"):
        assert in_language(in_language("a<b", "en"), "") == '<bdi lang="en" dir="ltr">a&lt;b</bdi>'


def test_a_name_turns_nothing_round():
    assert bdi("أمينة <b>") == "<bdi>أمينة &lt;b&gt;</bdi>"
    assert (bdi(""), bdi(None)) == ("", "")


def test_in_plain_text_a_name_in_arabic_or_hebrew_is_isolated():
    assert isolated("أمينة") == "\u2068أمينة\u2069"
    assert isolated("Ben דוד") == "\u2068Ben דוד\u2069"
    assert (isolated("Nguyễn Thị"), isolated("")) == ("Nguyễn Thị", "")


def test_no_name_ends_its_isolation_by_itself():
    assert isolated("أمينة\u2069 \u202eevil") == "\u2068أمينة evil\u2069"
    assert isolated("A\u202emy\u2066") == "Amy"


def test_what_is_no_languages_is_read_from_the_left():
    assert ltr("+55 %") == '<bdi dir="ltr">+55 %</bdi>'
    assert (ltr("a<b"), ltr("")) == ('<bdi dir="ltr">a&lt;b</bdi>', "")
