"""One sheet and one script for each kind of page: nothing is left out, and joining changes no meaning."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from giftshop.static_files import bundles
from giftshop.static_files.bundles import BUNDLES, CannotJoinError, join_modules, join_sheets
from tests.server import ROOT

STATIC = ROOT / "static"


@pytest.fixture
def release(static_files_as_they_are: None, collected: Path, settings: Any) -> dict[str, str]:
    """The pages of this test name what was collected: names as written -> names as sent."""
    storage = {"BACKEND": "giftshop.static_files.storage.ReleaseStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    settings.STATIC_ROOT = str(collected)
    paths: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return paths


def test_every_sheet_and_module_reaches_a_page() -> None:
    sheets = {name for bundle in BUNDLES.values() for name in bundle.sheets}
    assert {str(file.relative_to(STATIC)) for file in STATIC.glob("css/**/*.css")} == sheets
    modules = set().union(*(reached(STATIC / bundle.module) for bundle in BUNDLES.values()))
    assert {file.resolve() for file in STATIC.glob("js/**/*.js")} == modules


def reached(module: Path) -> set[Path]:
    """A module and those that it imports."""
    named = bundles.IMPORT.findall(module.read_text())
    found = [reached((module.parent / address).resolve()) for _, address in named]
    return {module}.union(*found)


@pytest.mark.django_db
def test_a_page_names_one_sheet_and_one_script(release: dict[str, str], client: Client) -> None:
    page = client.get("/").content.decode()
    named = re.findall(r'(?:rel="stylesheet" href|<script src)="/static/([^"]+)"', page)
    assert named == [release["css/bundles/site.css"], release["js/bundles/site.js"]]


@pytest.mark.django_db
def test_the_same_page_names_each_file_where_they_are_served_as_written(client: Client) -> None:
    page = client.get("/").content.decode()
    named = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page)
    assert named == list(BUNDLES["site"].sheets)


def test_modules_run_once_each_after_what_they_need_and_keep_their_names_apart() -> None:
    files = {
        "js/a.js": 'import "./b/c.js"; // first\n'
        'import { say as told } from "./d.js";\nconst own = 1;\ntold(own);',
        "js/b/c.js": 'import { say } from "../d.js";\nconst own = 2;\nsay(own);\n'
        'const late = () => import("../e.js");',
        "js/d.js": "export function say(text) { out.push(text); }\nexport const own = 3;",
    }
    text = join_modules("js/bundles/a.js", "js/a.js", files.__getitem__)
    assert text.index("out.push") < text.index("own = 2") < text.index("own = 1")
    assert text.count("out.push") == 1
    assert 'import("../e.js")' in text
    assert "const { say: told } = module0;" in text
    assert "return { say, own };" in text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("export default 1;", "export default"),
        ("export let open = 1;", "export let"),
        ("export { a };", "export { a }"),
        ('export * from "./b.js";', "export *"),
        ('import b from "./b.js";', "import b"),
        ('import * as b from "./b.js";', "import *"),
        ('import { b } from "library";', "import { b }"),
        ("show(import.meta.url);", "import.meta"),
        ("await start();", "await start"),
        ("const ready = await start();", "const ready = await start"),
        ("const late = import(`./${name}.js`);", "import(`"),
        ("const text = `one\ntwo`;", "a template over several lines"),
        ('import { c } from "./b.js";', "js/b.js does not export c"),
        ('import "./b.js"; start();', 'import "./b.js"; start();'),
        ('import "./a.js";', "a circle: js/a.js > js/a.js"),
    ],
)
def test_what_joining_would_change_is_refused(text: str, why: str) -> None:
    files = {"js/a.js": text, "js/b.js": "export const b = 1;"}
    with pytest.raises(CannotJoinError, match=re.escape(why)):
        join_modules("js/bundles/a.js", "js/a.js", files.__getitem__)


def test_addresses_in_a_joined_sheet_are_written_as_seen_from_there() -> None:
    files = {
        "css/one.css": 'a { src: url("../fonts/a.woff2"); }',
        "css/pages/two.css": "b { src: url(mark.svg) url(data:x); }",
    }
    text = join_sheets("css/bundles/all.css", tuple(files), files.__getitem__)
    assert 'url("../../fonts/a.woff2")' in text
    assert 'url("../pages/mark.svg")' in text
    assert "url(data:x)" in text


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('@import "x.css";', "@import"),
        ('a { background: image-set("x.png" 1x); }', "image-set"),
        ('a::before { content: "one;  two"; }', '"one;  two"'),
        ("a::before { content: 'one { two'; }", "'one { two'"),
        ('a::before { content: "/* one */"; }', '"/* one */"'),
    ],
)
def test_what_joining_would_change_of_a_sheet_is_refused(rule: str, why: str) -> None:
    with pytest.raises(CannotJoinError, match=re.escape(why)):
        join_sheets("css/bundles/all.css", ("css/c.css",), lambda _: rule)


def test_marks_in_a_comment_are_none() -> None:
    rule = '/* it doesn\'t;  "so */ a { content: " · "; }'
    assert join_sheets("css/a.css", ("css/c.css",), lambda _: rule) == 'a{content: " · ";}'


def test_a_kind_without_a_module_or_sheets_does_not_exist() -> None:
    assert all(bundle.sheets and bundle.module for bundle in BUNDLES.values())
    assert set(bundles.joined(lambda name: (STATIC / name).read_text())) == {
        make(kind) for kind in BUNDLES for make in (bundles.sheet_of, bundles.script_of)
    }
