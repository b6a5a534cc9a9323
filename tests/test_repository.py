"""The repository's own words agree with its code: settings, links, names, commands, templates."""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.core.management import get_commands

from redemption.api import serializers
from redemption.ledger.verify import CHECKS
from redemption.redeem.reasons import Reason, status_code
from redemption.redeem.reverse import ReversalRefusal
from sandbox.environment import new_secrets
from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"node_modules", "htmlcov", "__pycache__", "vendor"}
OURS_THOUGH_HIDDEN = {".ci", ".github"}
BINARY = {".png", ".woff2", ".ico", ".mo", ".jpg", ".mp3", ".wav"}
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def files() -> Iterator[Path]:
    """Every file of ours; nothing that was installed, made or cached."""
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [
            name
            for name in subfolders
            if name not in NOT_OURS and (name[0] != "." or name in OURS_THOUGH_HIDDEN)
        ]
        yield from (
            Path(folder, name)
            for name in names
            if name != ".git" and not name.startswith(".coverage")  # .git: a file in a worktree
        )


def modules() -> Iterator[Path]:
    return (path for name in PRODUCT for path in (ROOT / name).rglob("*.py"))


DOCUMENTS = sorted(path for path in files() if path.suffix == ".md")
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


# --- .env.example -------------------------------------------------------------------------------


def read_by_settings() -> set[str]:
    tree = ast.parse((ROOT / "giftshop" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value
        for call in calls
        if re.fullmatch(r"env\.\w+", ast.unparse(call.func))
        and isinstance(call.args[0], ast.Constant)
    }


def read_by_compose() -> set[str]:
    """What docker compose takes from .env; what it says by itself need not be there."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))


def explained() -> dict[str, tuple[str, str]]:
    """Name -> (value, the line above), of lines that set or only suggest a value."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = {}
    for above, line in zip(["", *lines], lines, strict=False):
        if match := re.fullmatch(r"#?([A-Z][A-Z_]*)=(.*)", line):
            found[match[1]] = (match[2].strip('"'), above)
    return found


def test_every_variable_is_explained_and_nothing_else():
    assert {"SECRET_KEY", "LOG_JSON", "CODE_PEPPERS"} <= read_by_settings()
    assert explained().keys() == read_by_settings() | read_by_compose()


def test_each_variable_has_a_comment():
    bare = [name for name, (_, above) in explained().items() if not above.startswith("# ")]
    assert set(bare) <= {"WORKER_CONCURRENCY"}, "which shares the line above WEB_WORKERS"


def test_no_secret_has_a_value_that_could_be_forgotten():
    secret = {name for name in explained() if re.search("SECRET|PEPPER|_KEYS|PASSWORD", name)}
    assert len(secret) > 5
    assert {name for name in secret if explained()[name][0]} == set()


def test_the_settings_can_read_the_example():
    filled = {**new_secrets(), "EMAIL_URL": "smtp://127.0.0.1:1025"}
    values = {name: value for name, (value, _) in explained().items()}
    done = subprocess.run(
        [sys.executable, "-c", "import giftshop.settings"],
        cwd=ROOT,
        env={**values, **filled, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


# --- Documents ----------------------------------------------------------------------------------


def links(document: Path) -> list[tuple[str, str]]:
    """(text, target) of the links and pictures that stay in the repository."""
    prose = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", prose)
    return [(text, target) for text, target in found if "://" not in target]


def anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@each_document
def test_every_link_leads_somewhere(document: Path):
    for _text, target in links(document):
        path, _, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        if found.parent == ROOT / "docs" / "screens":
            continue  # below
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found), target


def test_the_readme_leads_to_every_page_of_the_docs():
    led = {(ROOT / target.partition("#")[0]).resolve() for _, target in links(ROOT / "README.md")}
    pages = {*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "guides").glob("*.md")}
    assert len(pages) > 15
    assert pages - led == set()


def test_the_pictures_of_the_readme_are_there():
    pictures = [ROOT / target for _, target in links(ROOT / "README.md") if "screens" in target]
    assert len(pictures) == 3
    if not (ROOT / "docs" / "screens").is_dir():
        pytest.skip("make screens has not been run yet")
    assert [path.name for path in pictures if not path.is_file()] == []


@each_document
def test_every_command_exists(document: Path):
    text = document.read_text()
    code = "\n".join(
        re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    )
    targets = set(re.findall(r"^\.PHONY: (\w+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|&& )make ([a-z]+)", code, re.MULTILINE)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", code)) <= get_commands().keys()


@each_document
def test_python_in_a_document_names_what_exists(document: Path):
    for block in re.findall(r"^ *```python\n(.*?)^ *```", document.read_text(), re.M | re.S):
        tree = ast.parse(re.sub(r"^   ", "", block, flags=re.M) if block[0] == " " else block)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = import_module(node.module)
                for name in node.names:
                    assert hasattr(module, name.name) or import_module(f"{node.module}.{name.name}")


def test_decisions_are_numbered_without_gaps_and_listed():
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for number, page in enumerate(pages, start=1):
        assert page.read_text().startswith(f"# {number}. "), page.name
        assert page.read_text().count("\n") < 60, f"{page.name} is longer than a page"
    listed = re.findall(
        r"^\| \[(\d{4})\]\((.+?)\) \| (.+) \|$", (folder / "README.md").read_text(), re.M
    )
    titles = [page.read_text().splitlines()[0].partition(". ")[2] for page in pages]
    assert listed == [(p.name[:4], p.name, t) for p, t in zip(pages, titles, strict=True)]


def test_the_glossary_and_the_code_use_the_same_words():
    rows = re.findall(
        r"^\| (\*\*.+?) \|.*\| `([\w.]+)` \|$", (ROOT / "docs/glossary.md").read_text(), re.M
    )
    assert len(rows) > 50
    told = [word for cell, _ in rows for word in re.findall(r"\*\*(.+?)\*\*", cell)]
    assert [word for word in told if told.count(word) > 1] == []
    named = [resolve(dotted) for _, dotted in rows]
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in PRODUCT]
    assert [model.__name__ for model in ours if model not in named] == []
    for word, dotted in rows:
        if dotted.split(".")[-1][0].isupper() and dotted.split(".")[-2] in {
            "models",
            "Account",
            "State",
        }:
            assert word.split("**")[1].replace(" ", "_").lower() in {
                snake(dotted),
                dotted.split(".")[-1].lower(),
            }


def snake(dotted: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", dotted.split(".")[-1]).lower()


def resolve(dotted: str) -> Any:
    """redemption.models.Code.State.ON_HOLD -> what it is. Raises when there is no such thing."""
    names = dotted.split(".")
    for cut in range(len(names), 0, -1):
        try:
            found: Any = import_module(".".join(names[:cut]))
        except ModuleNotFoundError:
            continue
        for name in names[cut:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(dotted)


def test_the_api_guide_lists_every_reason_with_its_status():
    listed = re.findall(
        r"^\| `(\w+)` \| (\d{3}) \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE
    )
    told = [(reason.value, str(status_code(reason))) for reason in Reason]
    reversals = [
        (r.value, "404" if r == ReversalRefusal.UNKNOWN_REDEMPTION else "409")
        for r in ReversalRefusal
    ]
    assert listed == told + reversals


def test_the_api_guides_examples_have_fields_that_the_api_reads():
    text = (ROOT / "docs/api.md").read_text()
    bodies = [
        json.loads(body) for body in re.findall(r"-d '(.+?)'$", text, re.MULTILINE | re.DOTALL)
    ]
    asked = (serializers.LookupRequest, serializers.RedemptionRequest, serializers.ReversalRequest)
    for body, serializer in zip(bodies, asked, strict=True):
        assert body.keys() <= serializer().fields.keys()
    table = re.findall(r"^\| `(\w+)` \| [A-Z]", text, re.MULTILINE)
    assert table == list(serializers.RedemptionRequest().fields)


def test_the_ledger_runbook_explains_every_check():
    text = (ROOT / "docs/runbooks/verify-the-ledger.md").read_text()
    assert tuple(re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE)) == CHECKS


def test_the_licence_is_the_same_everywhere():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()
    assert "Apache-2.0" in (ROOT / "README.md").read_text()


# --- Every file ---------------------------------------------------------------------------------

REGISTRY_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
)
MACHINE_PATHS = re.compile(r"(?<![\w.:}])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/")


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        if path.suffix not in BINARY and path != Path(__file__):
            yield str(path.relative_to(ROOT)), path.read_text()


def test_no_file_names_a_package_registry():
    found = [name for name, text in texts() if any(host in text for host in REGISTRY_HOSTS)]
    assert found == []


def test_no_file_names_a_place_on_somebodys_machine():
    found = [(name, match[0]) for name, text in texts() if (match := MACHINE_PATHS.search(text))]
    assert found == []


def test_yaml_files_can_be_read():
    for path in files():
        if path.suffix in {".yml", ".yaml"}:
            assert yaml.safe_load(path.read_text())
