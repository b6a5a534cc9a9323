"""Static files are collected anew exactly when something about them has changed."""

import os
from pathlib import Path

import pytest

from sandbox.demo.freshness import digest


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("static/css/base.css", "shop/static/shop/a.svg", "requirements/base.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was")
    return tmp_path


@pytest.mark.parametrize("name", ["static/css/base.css", "shop/static/shop/a.svg"])
def test_a_changed_file_is_noticed(checkout: Path, name: str):
    before = digest(checkout)
    assert digest(checkout) == before
    os.utime(checkout / name, (1, 1))
    assert digest(checkout) != before


def test_a_new_file_and_a_new_package_are_noticed(checkout: Path):
    first = digest(checkout)
    (checkout / "static" / "new.js").write_text("new")
    second = digest(checkout)
    (checkout / "requirements" / "base.txt").write_text("another==1.0")
    assert len({first, second, digest(checkout)}) == 3


def test_other_files_do_not_matter(checkout: Path):
    before = digest(checkout)
    (checkout / "shop" / "models.py").write_text("class Shop: ...")
    (checkout / ".local" / "static").mkdir(parents=True)
    (checkout / ".local" / "static" / "base.css").write_text("collected")
    assert digest(checkout) == before
