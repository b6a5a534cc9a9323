"""Rooms stay small, files are named by what they are, no two import each other, and each arrow holds."""

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
from importlinter.domain.contract import registry

from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"node_modules", "__pycache__", "vendor"}
SOURCES = {".py", ".js", ".css", ".html", ".sql"}
FILES_MAX = 20

Contract = dict[str, Any]
LINTED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: list[Contract] = LINTED["contracts"]
each_contract = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each["name"])


def packages(root: Path) -> list[str]:
    """Every folder at the top with Python in it, found by looking."""
    found = {path.relative_to(root).parts[0] for path in root.glob("*/**/*.py")}
    return sorted(name for name in found if name.isidentifier() and name not in NOT_OURS)


OURS = (*(name for name in packages(ROOT) if name != "tests"), "static", "templates")


# --- Folders and names --------------------------------------------------------------------------


def sources(root: Path, tops: Iterable[str]) -> Iterator[Path]:
    """Every source file below these folders, by its path from the root."""
    for top in tops:
        for folder, folders, names in os.walk(root / top):
            folders[:] = [name for name in folders if name not in NOT_OURS and name[0] != "."]
            here = Path(folder).relative_to(root)
            yield from (here / name for name in names if Path(name).suffix in SOURCES)


def full(paths: Iterable[Path]) -> dict[str, int]:
    """Folders with more files than one look takes in, and how many they have."""
    counted: dict[str, int] = {}
    for path in paths:
        counted[str(path.parent)] = counted.get(str(path.parent), 0) + 1
    return {folder: count for folder, count in counted.items() if count > FILES_MAX}


FULL_YET = {"redemption/migrations"}
"""Which are made anew."""


def test_a_look_takes_in_each_folder():
    assert {*PRODUCT, "sandbox", "bench"} <= set(OURS)
    assert full(sources(ROOT, OURS)).keys() - FULL_YET == set()


def test_a_full_folder_is_found(tmp_path: Path):
    """The control."""
    for top, files in (("shop", FILES_MAX), ("till", FILES_MAX + 1)):
        (tmp_path / top / "vendor").mkdir(parents=True)
        (tmp_path / top / "vendor" / "not-ours.js").touch()
        for number in range(files):
            (tmp_path / top / f"{number}{('.py', '.html')[number % 2]}").touch()
    assert full(sources(tmp_path, ("shop", "till"))) == {"till": FILES_MAX + 1}


NOUNS = {"giving", "nothing", "opening", "planning", "posting"}
"""What a room is for (giving, planning); a ledger's word; hours of opening; nothing."""


UNDER_WAY_YET = "founding|playing|seeding|visiting"
"""Words of files that are being renamed."""


def verbs_under_way(paths: Iterable[Path]) -> list[str]:
    """Files and folders whose name says that something is being done, not what it is."""
    words = {
        (word, "/".join(path.parts[: depth + 1]))
        for path in paths
        for depth, part in enumerate(path.parts)
        for word in re.split(r"[^a-z]", part.lower())
    }
    return sorted(name for word, name in words if word.endswith("ing") and word not in NOUNS)


def test_files_are_named_by_what_they_are():
    named = verbs_under_way(sources(ROOT, OURS))
    assert [name for name in named if not re.search(UNDER_WAY_YET, Path(name).stem)] == []


def test_a_verb_under_way_is_found():
    """The control."""
    paths = [Path("shop/voiding.py"), Path("shop/issuing_by_hand.js"), Path("keys/ring/x.css")]
    fine = [Path("shop/posting.py"), Path("shop/opening_hours.py"), Path("shop/ingredients.py")]
    assert verbs_under_way([*paths, *fine]) == [
        "keys/ring",
        "shop/issuing_by_hand.js",
        paths[0].as_posix(),
    ]


# --- Circles ------------------------------------------------------------------------------------


@functools.cache
def graph(*names: str) -> grimp.ImportGraph:
    """Who imports whom in these packages, `if TYPE_CHECKING` included, and what of others."""
    return grimp.build_graph(*names, include_external_packages=True, cache_dir=None)


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Files that import each other, be it through others: each a way that ends where it began."""
    found = []
    left = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    while True:
        while ends := [name for name, imported in left.items() if not imported & left.keys()]:
            for name in ends:
                del left[name]
        if not left:
            return found
        way = [min(left)]  # each imports one that is left: whoever follows comes back
        while way[-1] not in way[:-1]:
            way.append(min(left[way[-1]] & left.keys()))
        found.append(way[way.index(way[-1]) :])
        for name in found[-1][1:]:
            del left[name]


def test_no_file_imports_itself_through_others():
    assert {"core", "giftshop", "sandbox", "bench", "tests"} <= set(packages(ROOT))
    assert [" -> ".join(circle) for circle in circles(graph(*packages(ROOT)))] == []


def test_a_circle_is_found_wherever_it_hides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The control: within a package, and through one import for types and one inside a function."""
    for name, text in {
        "ring_a/__init__.py": "",
        "ring_a/one.py": "from ring_a import two\n",
        "ring_a/two.py": "import typing\nif typing.TYPE_CHECKING:\n    from ring_b.three import Three\n",
        "ring_b/three.py": "def hidden():\n    import ring_a.one\n",
        "ring_b/innocent.py": "import ring_a.one\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert packages(tmp_path) == ["ring_a", "ring_b"]
    assert circles(grimp.build_graph("ring_a", "ring_b", cache_dir=None)) == [
        ["ring_a.one", "ring_a.two", "ring_b.three", "ring_a.one"]
    ]


# --- Arrows -------------------------------------------------------------------------------------


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


def is_kept(contract: Contract, importer: str = "", imported: str = "", new: str = "") -> bool:
    """Whether import-linter is content, with one more import or one new module if told so."""
    tried = deepcopy(linted())
    if importer:
        tried.add_import(importer=importer, imported=imported)
    if new:
        tried.add_module(new)
    options = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
    [own] = [each for each in options.contracts_options if each["name"] == contract["name"]]
    check = registry.get_contract_class(own["type"])(own["name"], options.session_options, own)
    return bool(check.check(tried, verbose=False).kept)


@pytest.fixture(scope="module", autouse=True)
def import_linter() -> None:
    configuration.configure()
    use_cases._register_contract_types(use_cases.read_user_options(str(ROOT / "pyproject.toml")))


@each_contract
def test_each_arrow_turned_round_breaks_its_contract(contract: Contract):
    assert is_kept(contract)
    wrong = list(wrong_imports(contract))
    assert wrong, f"what would break a contract of the type {contract['type']} is not known here"
    held = [pair for pair in wrong if is_kept(contract, *map(deepest, pair))]
    assert held == []
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
