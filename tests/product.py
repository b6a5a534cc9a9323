"""The product's top-level packages, for tests that look at all of it: what mypy is told to check."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT: tuple[str, ...] = tuple(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["packages"]
)
