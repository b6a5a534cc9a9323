"""Rooms stay small, files are named by what they are, and no two import each other."""

import functools
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp
import pytest

from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"node_modules", "__pycache__", "vendor"}
SOURCES = {".py", ".js", ".css", ".html", ".sql"}
FILES_MAX = 20


def packages(root: Path) -> list[str]:
    """Every folder at the top with Python in it, found by looking."""
    tops = [top for top in root.iterdir() if top.name.isidentifier() and top.name not in NOT_OURS]
    return sorted(top.name for top in tops if next(top.rglob("*.py"), None))


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
    """Folders with more files than one look takes in, and how many they have. Migrations are a numbered
    list, which grows until a release squashes it."""
    counted: dict[str, int] = {}
    for path in paths:
        if path.parent.name == "migrations":
            continue
        counted[str(path.parent)] = counted.get(str(path.parent), 0) + 1
    return {folder: count for folder, count in counted.items() if count > FILES_MAX}


def test_a_look_takes_in_each_folder():
    assert {*PRODUCT, "sandbox", "bench"} <= set(OURS)
    assert full(sources(ROOT, OURS)) == {}


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
    assert verbs_under_way(sources(ROOT, OURS)) == []


def test_a_verb_under_way_is_found():
    """The control."""
    paths = [Path("shop/voiding.py"), Path("shop/issuing_in_bulk.js"), Path("keys/ring/x.css")]
    fine = [Path("shop/posting.py"), Path("shop/opening_hours.py"), Path("shop/ingredients.py")]
    assert verbs_under_way([*paths, *fine]) == [
        "keys/ring",
        "shop/issuing_in_bulk.js",
        paths[0].as_posix(),
    ]


# --- Circles ------------------------------------------------------------------------------------


@functools.cache
def graph(*names: str) -> grimp.ImportGraph:
    """Who imports whom in these packages, `if TYPE_CHECKING` included, and what of others."""
    return grimp.build_graph(*names, include_external_packages=True, cache_dir=None)


def imports(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """What each module imports."""
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Files that import each other, be it through others: each a way that ends where it began."""
    found = []
    left = dict(imports)
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
    assert [" -> ".join(circle) for circle in circles(imports(graph(*packages(ROOT))))] == []


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
    assert circles(imports(grimp.build_graph("ring_a", "ring_b", cache_dir=None))) == [
        ["ring_a.one", "ring_a.two", "ring_b.three", "ring_a.one"]
    ]


def scripts() -> dict[str, set[str]]:
    """What each of our scripts imports, each by its path."""
    return {
        str(path): {
            os.path.normpath(path.parent / told)
            for told in re.findall(
                r'(?:from |import |import\()"(\.[^"]+)"', (ROOT / path).read_text()
            )
        }
        for path in sources(ROOT, ("static",))
        if path.suffix == ".js"
    }


def test_each_import_of_a_script_leads_to_a_file_and_none_back():
    assert "static/js/till/scan/reader.js" in scripts()["static/js/till/scan/camera.js"]
    told = {imported for each in scripts().values() for imported in each}
    assert [path for path in sorted(told) if not (ROOT / path).is_file()] == []
    assert circles(scripts()) == []
