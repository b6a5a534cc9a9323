"""What ARCHITECTURE.md and the decisions say of the code is so."""

import ast
import re
from pathlib import Path

import pytest

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
    return found


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_a_link_with_a_name_leads_to_where_it_is_defined(name: str):
    named = re.findall(r"\[`([\w.]+)`\]\(([\w/]+\.py)\)", (ROOT / name).read_text())
    assert name != "ARCHITECTURE.md" or len(named) > 30
    for word, path in named:
        assert word in defined_in(ROOT / path), f"{word} is not in {path}"


@pytest.mark.parametrize(
    "document", sorted(ROOT.glob("docs/decisions/0*.md")), ids=lambda p: p.name
)
def test_a_decision_names_files_that_exist(document: Path):
    paths = re.findall(
        r"`((?:giftshop|redemption|campaigns|demo|brands|core|sandbox|static|tests)/[\w./]*)`",
        document.read_text(),
    )
    assert [path for path in paths if not (ROOT / path).exists()] == []
