"""Imports follow the arrows of every contract, and each contract breaks when one is turned round."""

import functools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import configuration
from importlinter.application import use_cases
from importlinter.application.user_options import UserOptions
from importlinter.domain.contract import ContractCheck, registry

from tests.product import PRODUCT
from tests.test_layout import ROOT, graph, sources

Contract = dict[str, Any]
LINTED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: list[Contract] = LINTED["contracts"]
each_contract = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each["name"])


def linted() -> grimp.ImportGraph:
    """What import-linter looks at."""
    return graph(*LINTED["root_packages"])


def layers(contract: Contract, container: str) -> list[list[str]]:
    """The modules of each layer, the highest first; only layers whose modules are siblings."""
    split = [re.split(r" *\| *", layer) for layer in contract["layers"]]
    return [[f"{container}.{name}".lstrip(".") for name in layer] for layer in split]


def beside(rooms: Iterable[str]) -> list[str]:
    """The largest rooms of the product and the sandbox, without any of these in them."""

    def parts(room: str) -> list[str]:
        if room in rooms:
            return []
        if not any(other.startswith(f"{room}.") for other in rooms):
            return [room]
        return [part for child in sorted(linted().find_children(room)) for part in parts(child)]

    return [part for top in LINTED["root_packages"] for part in parts(top)]


def wrong_imports(contract: Contract) -> Iterator[tuple[str, str]]:
    """(importer, imported): whatever this contract forbids, one pair for each arrow."""
    if contract["type"] == "layers":
        for container in contract.get("containers", [""]):
            rows = layers(contract, container)
            for higher, lower in combinations(rows, 2):
                yield from product(lower, higher)
            for siblings in rows:
                yield from permutations(siblings, 2)
    elif contract["type"] == "forbidden":
        yield from product(contract["source_modules"], contract["forbidden_modules"])
    elif contract["type"] == "protected":
        allowed = contract["allowed_importers"]
        yield from product(beside(allowed), contract["protected_modules"])
    elif contract["type"] == "independence":
        yield from permutations(contract["modules"], 2)


def deepest(module: str) -> str:
    """A file in this room: the arrow is that of the whole room. Of others' packages, the package."""
    if linted().is_module_squashed(module):
        return module
    return max(
        linted().find_descendants(module), key=lambda name: (name.count("."), name), default=module
    )


@functools.cache
def options() -> UserOptions:
    return use_cases.read_user_options(str(ROOT / "pyproject.toml"))


def checked(contract: Contract, tried: grimp.ImportGraph) -> ContractCheck:
    """What import-linter says; it may take from this graph what the contract passes over."""
    [own] = [each for each in options().contracts_options if each["name"] == contract["name"]]
    check = registry.get_contract_class(own["type"])(own["name"], options().session_options, own)
    return check.check(tried, verbose=False)


def is_kept(contract: Contract, importer: str = "", imported: str = "", new: str = "") -> bool:
    """Whether import-linter is content, with one more import or one new module if told so."""
    tried = deepcopy(linted())
    if importer:
        tried.add_import(importer=importer, imported=imported)
    if new:
        tried.add_module(new)
    return bool(checked(contract, tried).kept)


def held(contract: Contract, wrong: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The wrong imports that do not break it. Where layers are, of which there are hundreds, all are tried
    at once: each must be told as a way of one step."""
    arrows = {(deepest(importer), deepest(imported)) for importer, imported in wrong}
    if contract["type"] != "layers":
        return {arrow for arrow in arrows if is_kept(contract, *arrow)}
    tried = deepcopy(linted())
    for importer, imported in arrows:
        tried.add_import(importer=importer, imported=imported)
    told = checked(contract, tried).metadata["invalid_dependencies"]
    ways = [route["chain"] for each in told for route in each["routes"]]
    return arrows - {
        (str(way[0]["importer"]), str(way[0]["imported"])) for way in ways if len(way) == 1
    }


@pytest.fixture(scope="module", autouse=True)
def import_linter() -> None:
    configuration.configure()
    use_cases._register_contract_types(options())


@each_contract
def test_each_arrow_turned_round_breaks_its_contract(contract: Contract):
    assert is_kept(contract)
    wrong = list(wrong_imports(contract))
    assert wrong, f"what would break a contract of the type {contract['type']} is not known here"
    assert held(contract, wrong) == set()
    if contract.get("exhaustive"):
        assert not is_kept(contract, new=f"{contract['containers'][0]}.annexe")


def lint_imports(folder: Path) -> str:
    """What `make check` sees, without a cache."""
    words = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", words, "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "300"},  # a name on one line
        capture_output=True,
        text=True,
    )
    assert done.returncode == (0 if " 0 broken." in done.stdout else 1), done.stdout + done.stderr
    return done.stdout


def test_imports_follow_the_arrows():
    assert {*PRODUCT, "sandbox"} <= set(LINTED["root_packages"])
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in lint_imports(ROOT)


def test_a_wrong_import_breaks_each_contract(tmp_path: Path):
    """The control: a copy with one wrong import for each contract, inside a function, where it hides."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in sources(ROOT, LINTED["root_packages"]):
        if path.suffix == ".py":
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    for contract in CONTRACTS:
        importer, imported = map(deepest, next(wrong_imports(contract)))
        file = tmp_path / f"{importer.replace('.', '/')}.py"
        with (file if file.exists() else file.with_suffix("") / "__init__.py").open("a") as source:
            source.write(f"\n\ndef hidden() -> None:\n    import {imported}\n")
    said = lint_imports(tmp_path)
    assert f"Contracts: 0 kept, {len(CONTRACTS)} broken." in said
    assert {each["name"] for each in CONTRACTS} <= set(re.findall("(.+) BROKEN", said))
