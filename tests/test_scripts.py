"""Every module is on a page, and every data attribute has two ends: who writes it and who reads it."""

import posixpath
import re
from pathlib import Path

from giftshop.static_files.bundles import BUNDLES, IMPORT, LATER
from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "static" / "js"

READ_BY_A_NAME_OF_ITS_OWN = {"typo", "foreign", "short", "empty"}
"""What is wrong with a code, by the state that typed_code.js is in: problem.dataset[state]."""
READ_BY_OTHERS = re.compile(r"^hx-")
"""htmx's own."""


def text_of(paths: list[Path]) -> str:
    return "\n".join(path.read_text() for path in paths)


def written() -> set[str]:
    """Names of data attributes in templates, in widgets and by scripts."""
    pages = text_of([*(ROOT / "templates").rglob("*.html")])
    code = text_of([path for name in PRODUCT for path in (ROOT / name).rglob("*.py")])
    scripts = text_of([*JS.rglob("*.js")])
    by_scripts = re.findall(r'Attribute\("data-([a-z][a-z-]*)"', scripts)
    by_scripts += [dashed(name) for name in re.findall(r"dataset\.(\w+) (?:\?\?)?= ", scripts)]
    return {
        *re.findall(r"(?<![\w-])data-([a-z][a-z-]*)", pages),
        *re.findall(r'["\s]data-([a-z][a-z-]*)', code),
        *by_scripts,
    }


def read() -> set[str]:
    """Names of data attributes that a script or a style sheet looks at."""
    scripts = text_of([*JS.rglob("*.js")])
    styles = text_of([*(ROOT / "static" / "css").rglob("*.css")])
    names = re.findall(r"dataset\??\.(\w+)", scripts) + re.findall(
        r'"(\w+)" in \w+\.dataset', scripts
    )
    for taken in re.findall(r"\{ ([^{}]+) \} = [^;\n]*dataset\b", scripts):
        names += [part.split(":")[0].strip() for part in taken.split(",")]
    return {
        *re.findall(r"data-([a-z][a-z-]*)", without_comments(scripts) + styles),
        *(dashed(name) for name in names),
    }


def without_comments(script: str) -> str:
    return re.sub(r"^\s*//.*$|\s// .*$", "", script, flags=re.MULTILINE)


def dashed(name: str) -> str:
    """shareTitle -> share-title."""
    return re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def test_every_data_attribute_is_read_by_somebody() -> None:
    found = {name for name in written() if not READ_BY_OTHERS.match(name)}
    assert len(found) > 100
    assert found - read() == READ_BY_A_NAME_OF_ITS_OWN


def test_every_data_attribute_that_is_read_is_written_by_somebody() -> None:
    assert read() - written() == set()


def test_every_module_is_on_a_page() -> None:
    reached: set[str] = set()
    waiting = {bundle.module for bundle in BUNDLES.values() if bundle.module}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        text = (ROOT / "static" / name).read_text()
        asked = [hit[2] for hit in IMPORT.finditer(text)] + [hit[1] for hit in LATER.finditer(text)]
        beside = {posixpath.normpath(posixpath.join(posixpath.dirname(name), a)) for a in asked}
        waiting |= beside - reached
    ours = {f"js/{path.relative_to(JS)}" for path in JS.rglob("*.js")}
    assert len(ours) > 30
    assert ours - reached == set()
    assert {name for name in reached - ours if not name.startswith("vendor/")} == set()
