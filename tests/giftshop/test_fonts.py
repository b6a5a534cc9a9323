"""Each face has the letters that its style sheet claims for it, and those of the names we write in it."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
FACE = re.compile(
    r'font-family: "(?P<family>[^"]+)";.*?font-weight: (?P<weight>[\d ]+);'
    r'.*?url\("(?P<file>[^"]+\.woff2)"\).*?unicode-range: (?P<letters>[^;]+);',
    re.DOTALL,
)
FACES = [
    match.groupdict()
    for rule in re.findall(r"@font-face \{.*?\}", (CSS / "fonts.css").read_text(), re.DOTALL)
    if (match := FACE.search(rule))
]
NAMES = {
    "English": "Zoë Brontë, naïve café — “O\u2019Neill” & sons \u2013 $8.50 · £4 · €3",
    "German": "ÄÖÜ äöüß ẞ „Grüße“ \u201aWeiß\u2018",
    "Spanish": "ÁÉÍÓÚÜÑ áéíóúüñ ¿Qué? ¡Sí! «Peña»",
    "Polish": "ĄĆĘŁŃÓŚŹŻ ąćęłńóśźż",
    "Czech": "ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ áčďéěíňóřšťúůýž",
    "Turkish": "ÇĞİÖŞÜ çğıöşü âîû",
    "Romanian": "ĂÂÎȘȚ ăâîșț",
    "Vietnamese": "".join(
        f"{base}{tone}"
        for base in ["A", "Ă", "Â", "E", "Ê", "I", "O", "Ô", "Ơ", "U", "Ư", "Y"]
        for tone in ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    )
    + "Đđ",
}
FAMILIES = {
    "text": {"Figtree", "Hanken Grotesk"},
    "display": {"Bricolage Grotesque"},
    "letter": {"Fraunces"},
}


def points(written: str) -> set[int]:
    """The letters of a unicode-range."""
    found: set[int] = set()
    for each in written.split(","):
        first, _, last = each.strip().removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


@cache
def font(file: str) -> TTFont:
    return TTFont(CSS / file)


def test_every_file_is_claimed_and_has_what_is_claimed_and_no_more() -> None:
    assert {(CSS / each["file"]).resolve() for each in FACES} == {
        each.resolve() for each in (CSS.parent / "fonts").glob("*.woff2")
    }
    for each in FACES:
        assert points(each["letters"]) == set(font(each["file"]).getBestCmap()), each["file"]


def test_our_own_words_need_one_file_of_each_face() -> None:
    """In the three languages that we speak: another letter would cost a first visit one more request."""
    root = CSS.parent.parent
    catalogues = root.glob("locale/*/LC_MESSAGES/django.po")
    letters = {ord(letter) for each in catalogues for letter in each.read_text()}
    assert {ord("ß"), ord("ñ")} <= letters
    for name in ("figtree", "bricolage-grotesque", "fraunces"):
        assert letters & _all_letters(name) <= set(
            font(f"../fonts/{name}-latin.woff2").getBestCmap()
        )


def _all_letters(name: str) -> set[int]:
    files = (each["file"] for each in FACES if f"/{name}-" in each["file"])
    return {letter for file in files for letter in font(file).getBestCmap()}


def test_no_letter_is_in_two_files_of_a_family_so_none_is_fetched_for_nothing() -> None:
    for families in FAMILIES.values():
        claimed = [points(each["letters"]) for each in FACES if each["family"] in families]
        assert sum(map(len, claimed)) == len(set().union(*claimed)), families


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("use", FAMILIES)
def test_names_are_written_in_the_face_of_the_page(use: str, language: str) -> None:
    words = unicodedata.normalize("NFC", NAMES[language] + NAMES[language].replace("İ", "").lower())
    claimed: set[int] = set()
    for each in FACES:
        if each["family"] in FAMILIES[use]:
            claimed |= points(each["letters"])
    assert not [letter for letter in words if ord(letter) not in claimed]


@pytest.mark.parametrize("face", FACES, ids=lambda face: str(face["file"]).rpartition("/")[2])
def test_a_face_has_the_weights_it_claims(face: dict[str, str]) -> None:
    first, _, last = face["weight"].partition(" ")
    claimed = (float(first), float(last or first))
    axes = (
        {axis.axisTag: axis for axis in font(face["file"])["fvar"].axes}
        if ("fvar" in font(face["file"]))
        else {}
    )
    assert set(axes) <= {"wght"}
    if "wght" in axes:
        assert claimed == (axes["wght"].minValue, axes["wght"].maxValue)
    else:
        assert not last


def test_every_weight_in_a_style_sheet_is_one_that_a_face_has() -> None:
    """The browser would draw the nearest one it has, and nobody would know."""
    reach = {
        use: [
            tuple(map(int, (each["weight"] + " " + each["weight"]).split()))
            for each in FACES
            if each["family"] in families
        ]
        for use, families in FAMILIES.items()
    }
    assert set(weights()) >= {("display", 700), ("letter", 430), ("text", 400)}
    for use, weight in weights():
        assert all(min(pair) <= weight <= max(pair) for pair in reach[use]), (use, weight)


def weights() -> list[tuple[str, int]]:
    """(use, weight) as the style sheets say them in `font:` and `font-weight:`; a weight beside no face
    is one of text, and of a heading where the selector names one."""
    tokens = dict(re.findall(r"(--weight-\w+): (\d{3});", (CSS / "tokens.css").read_text()))
    found = []
    for sheet in CSS.rglob("*.css"):
        if sheet.name == "fonts.css":
            continue
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text()):
            match = re.search(r"font(?:-weight)?:\s*(?:italic )?var\((--weight-\w+)\)", body)
            use = re.search(r"var\(--font-(text|display|letter|code)\)", body)
            if match and (use is None or use[1] != "code"):
                heading = re.search(r"\bh[123]\b|\.display\b", selector)
                found.append(
                    (use[1] if use else "display" if heading else "text", int(tokens[match[1]]))
                )
    return found
