"""The arrows hold, the test that holds them bites, and ARCHITECTURE.md tells where things are."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (*PRODUCT, "sandbox")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

WRONG = {
    "campaigns watch giftshop, giftshop uses redemption, all stand on brands and core": (
        "redemption/codes/qr.py",
        "import giftshop.logs",
    ),
    "inside redemption: the API and the till redeem, redeeming stands on codes, these on the books": (
        "redemption/codes/wipe.py",
        "import redemption.redeem.lookup",
    ),
    "inside giftshop: delivery and payments stand on orders, orders on catalog and friends": (
        "giftshop/outbox/relay.py",
        "import giftshop.orders.schedule",
    ),
    "the sandbox stands alone": ("sandbox/places.py", "import core.ids"),
    "the product never imports the sandbox": ("campaigns/wording.py", "import sandbox.places"),
    "only the Stripe client speaks to Stripe": ("giftshop/orders/checkout.py", "import stripe"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """As `make check` does it, without a cache."""
    words = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-P", "-c", words, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_imports_follow_the_arrows():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


def test_a_wrong_import_breaks_each_contract(tmp_path: Path):
    """The control: one wrong import for each contract, inside a function, where it could hide."""
    assert WRONG.keys() == {contract["name"] for contract in CONTRACTS}
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        only_code = shutil.ignore_patterns("__pycache__", "*.svg", "*.css", "*.js", "*.json")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_code)
    for module, line in WRONG.values():
        with (tmp_path / module).open("a") as source:
            source.write(f"\n\ndef hidden() -> None:\n    {line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"Contracts: 0 kept, {len(CONTRACTS)} broken." in done.stdout


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
        r"`((?:giftshop|redemption|campaigns|brands|core|sandbox|static|tests)/[\w./]*)`",
        document.read_text(),
    )
    assert [path for path in paths if not (ROOT / path).exists()] == []
