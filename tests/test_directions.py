"""Pages turn with the direction of their language: styles say start and end, not left and right."""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "static" / "css"

SIDES = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right)|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
FOUR = re.compile(r"(?<![-\w])(padding|margin|inset|border-width|border-radius)\s*:\s*([^;}]+)")

ALLOWED = {
    ("layout.css", "border-radius: 70% 30% 20% 60%"): "the mark's leaf, a drawing",
    ("layout.css", "border-radius: 30% 70% 60% 20%"): "the mark's other leaf",
    ("pages/give.css", "border-width: 0 2px 2px 0"): "a chevron down, turned by 45 degrees",
    ("pages/manager.css", "border-width: 0 3px 3px 0"): "a chevron down, turned by 45 degrees",
}


def sides(value: str) -> bool:
    """Whether four values mean another thing when left and right change places."""
    while "(" in value:
        value = re.sub(r"\([^()]*\)", "", value)
    parts = value.split()
    return len(parts) == 4 and parts[1] != parts[3]


def corners(value: str) -> bool:
    parts = value.split()
    return len(parts) == 4 and (parts[0], parts[3]) != (parts[1], parts[2])


def faults(name: str, text: str) -> set[tuple[str, str]]:
    found = {(name, hit.group()) for hit in SIDES.finditer(text)}
    for hit in FOUR.finditer(text):
        turned = corners if hit[1] == "border-radius" else sides
        if turned(hit[2]):
            found.add((name, hit.group()))
    return found


def test_no_style_names_a_side() -> None:
    found: set[tuple[str, str]] = set()
    for path in CSS.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        found |= faults(str(path.relative_to(CSS)), text)
    assert found == set(ALLOWED)


def test_what_names_a_side_is_seen() -> None:
    for words in (
        "padding: 1px 2px 3px 4px",
        "margin-left: 1px",
        "text-align: right",
        "inset: 0 1px 0 0",
    ):
        assert faults("a.css", f"a {{ {words}; }}")
    assert faults("a.css", "a { border-radius: 1px 0 0 1px; }")
    for words in ("padding: 1px 2px 3px 2px", "margin-inline-start: 1px", "text-align: end"):
        assert not faults("a.css", f"a {{ {words}; }}")
