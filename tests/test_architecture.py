"""What ARCHITECTURE.md, where.md and the decisions say of the code is so."""

import ast
import re
from pathlib import Path

import pytest

from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent


def defined_in(path: Path) -> set[str]:
    """Names at the top of a module, and of what stands in its classes: Code, Code.spend."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inside = [
                item for item in node.body if isinstance(item, ast.ClassDef | ast.FunctionDef)
            ]
            found |= {f"{node.name}.{item.name}" for item in inside}
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_a_link_with_a_name_leads_to_where_it_is_defined(name: str):
    named = re.findall(r"\[`([\w.]+)`\]\(([\w/]+\.py)\)", (ROOT / name).read_text())
    assert name != "ARCHITECTURE.md" or len(named) > 30
    for word, path in named:
        assert word in defined_in(ROOT / path), f"{word} is not in {path}"


@pytest.mark.parametrize(
    "document",
    [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))],
    ids=lambda path: path.name,
)
def test_a_link_that_shows_a_file_name_leads_to_that_file(document: Path):
    links = re.findall(
        r"\[`?([\w./-]+\.(?:py|js|css|html|md|yml|toml))`?\]\(([^)#:]+)\)", document.read_text()
    )
    assert [pair for pair in links if Path(pair[0]).name != Path(pair[1]).name] == []


@pytest.mark.parametrize(
    "document", sorted(ROOT.glob("docs/decisions/0*.md")), ids=lambda p: p.name
)
def test_a_decision_names_files_that_exist(document: Path):
    paths = re.findall(
        r"`((?:giftshop|redemption|campaigns|demo|brands|core|sandbox|static|tests)/[\w./]*)`",
        document.read_text(),
    )
    assert [path for path in paths if not (ROOT / path).exists()] == []


WHERE = re.findall(
    r"^\| ([^|]+) \| \[(.+)\]\(\.\./(.+)\) \| `(.+)` \|$",
    (ROOT / "docs/where.md").read_text(),
    re.MULTILINE,
)


def words_of(text: str) -> set[str]:
    """By how they begin: void and voided, link and links are one."""
    return {word.removesuffix("s")[:4] for word in re.findall("[a-z]+", text.lower())}


def is_said_by(path: str, question: str) -> bool:
    """Whether the names of a file and its folder, or of a folder above, hold a word of the question."""
    return bool(words_of(question) & words_of(path.partition("/")[2] or path))


@pytest.mark.parametrize(("question", "shown", "path", "name"), WHERE)
def test_a_rule_is_where_its_page_says(question: str, shown: str, path: str, name: str):
    assert shown == path
    assert path.split("/")[0] in PRODUCT
    assert name in defined_in(ROOT / path)
    assert is_said_by(path, question), f"{path} does not say what is asked: {question}"


def test_each_rule_is_asked_for_once():
    rows = (ROOT / "docs/where.md").read_text().count("](../")
    assert len(WHERE) == rows > 20
    assert len({question for question, *_ in WHERE}) == rows


def test_a_path_that_does_not_say_so_is_found():
    """The control."""
    assert is_said_by("redemption/codes/void.py", "who may void a gift")
    assert not is_said_by("redemption/redeem/guess_limit.py", "which addresses count as one")


ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()


def section(title: str) -> str:
    return ARCHITECTURE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("walk", ["An order", "A code", "A Stripe event", "A fact"])
def test_each_step_of_a_walk_leads_to_a_definition(walk: str):
    steps = re.split(r"^\d\. ", section(walk), flags=re.MULTILINE)[1:]
    assert len(steps) > 4
    assert [step for step in steps if not re.search(r"\[`\w+`\]\([\w/]+\.py\)", step)] == []


def test_a_newcomers_questions_are_answered_in_one_screen_each():
    _, *answers = section("A newcomer asks").split("\n### ")
    assert len(answers) >= 10
    assert all("?" in answer.partition("\n")[0] for answer in answers)
    assert [answer for answer in answers if answer.count("\n") > 20] == []
