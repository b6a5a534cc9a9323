"""What a release serves is complete, and each part of it is named by its content."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.server import ROOT

HASHED = re.compile(r"\.[0-9a-f]{12}(\.[a-z0-9]+)*$")
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([./][^"']*)["']""")
URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
STATIC_TAG = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")


def references(folder: Path, suffix: str, pattern: re.Pattern[str]) -> Iterator[tuple[Path, Path]]:
    """Each file of this kind, and each file that it names."""
    for path in folder.rglob(f"*{suffix}"):
        for name in pattern.findall(path.read_text()):
            if not name.startswith("data:"):
                yield path, (path.parent / name.partition("#")[0]).resolve()


def lost(found: list[tuple[Path, Path]]) -> list[str]:
    """References to what isn't there or has no hash in its name."""
    return [
        f"{path.name}: {target}"
        for path, target in found
        if not target.is_file() or not HASHED.search(target.name)
    ]


def test_every_script_imports_hashed_modules(collected: Path):
    found = list(references(collected, ".js", IMPORT))
    assert lost(found) == []
    assert any(target.name.startswith("decode.") for _, target in found)  # the import at run time


def test_every_sheet_names_hashed_files(collected: Path):
    found = list(references(collected, ".css", URL))
    assert lost(found) == []
    assert any(target.suffix == ".woff2" for _, target in found)


def test_an_unhashed_import_is_found(tmp_path: Path):
    """The control."""
    (tmp_path / "there.js").touch()
    (tmp_path / "there.0123456789ab.js").touch()
    (tmp_path / "app.js").write_text(
        'import "./there.0123456789ab.js";\nimport { one,\n two } from "./there.js";\n'
        'const gone = () => import("./gone.0123456789ab.js");\n'
    )
    names = [line.rpartition("/")[2] for line in lost(list(references(tmp_path, ".js", IMPORT)))]
    assert names == ["there.js", "gone.0123456789ab.js"]


def test_nothing_is_served_under_a_name_without_a_hash(collected: Path):
    files = [path for path in collected.rglob("*") if path.is_file()]
    assert [path.name for path in files if not HASHED.search(path.name)] == ["staticfiles.json"]


def test_every_file_that_a_page_names_is_there(collected: Path):
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in STATIC_TAG.findall(template.read_text())
    }
    assert named - set(paths) == set()
    assert [name for name in paths.values() if not (collected / name).is_file()] == []


def test_packages_bring_no_files(collected: Path):
    ours = {path.name for path in (ROOT / "static").iterdir() if path.is_dir()}
    assert {path.name for path in collected.iterdir() if path.is_dir()} == ours


def test_what_is_the_same_is_one_file(collected: Path) -> None:
    """Two names of one content are fetched and kept twice."""
    names: dict[bytes, list[str]] = {}
    for path in sorted(collected.rglob("*")):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            names.setdefault(path.read_bytes(), []).append(str(path.relative_to(collected)))
    assert [twins for twins in names.values() if len(twins) > 1] == []
    assert len(names) > 50
