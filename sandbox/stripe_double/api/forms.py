"""Stripe's form encoding, undone: ``a[0][b]=c`` becomes ``{"a": [{"b": "c"}]}``."""

from __future__ import annotations

import urllib.parse
from typing import Any

FREE_KEYS = frozenset({"metadata"})  # whose keys are the caller's own, digits too


def decode(raw: str) -> dict[str, Any]:
    """Nested mappings and lists of strings; ``expand[]=x`` counts as the next item of a list."""
    root: dict[str, Any] = {}
    for name, value in urllib.parse.parse_qsl(raw, keep_blank_values=True):
        *outer, last = [part.rstrip("]") for part in name.split("[")]
        branch = root
        for part in outer:
            deeper = branch.setdefault(part or str(len(branch)), {})
            if not isinstance(deeper, dict):
                deeper = branch[part] = {}
            branch = deeper
        branch[last or str(len(branch))] = value
    return {key: _with_lists(value, key) for key, value in root.items()}


def _with_lists(tree: Any, name: str) -> Any:
    if not isinstance(tree, dict):
        return tree
    if name in FREE_KEYS:
        return tree
    grown = {key: _with_lists(value, key) for key, value in tree.items()}
    if grown and all(key.isdigit() for key in grown):
        return [grown[key] for key in sorted(grown, key=int)]
    return grown
