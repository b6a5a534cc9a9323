"""Which choice is which where a list of labels was written anew: rows of a text have no keys."""

from collections.abc import Collection
from difflib import SequenceMatcher

ALIKE = 0.6
"""Of 1.0 for the same word: "Mint" is "Minze" in another language, and no "Mango"."""
PART_LENGTH_MIN = 3


def renames(gone: Collection[str], new: Collection[str]) -> dict[str, str]:
    """{"Peppermint": "Mint"}: of the new labels those that read like one that is gone, with which it was. The
    most alike find each other first, and none twice."""
    pairs = [(_likeness(old, label), old, label) for old in gone for label in new]
    found: dict[str, str] = {}
    for likeness, old, label in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if likeness >= ALIKE and label not in found and old not in found.values():
            found[label] = old
    return found


def _likeness(old: str, new: str) -> float:
    short, long = sorted((old.casefold(), new.casefold()), key=len)
    if len(short) >= PART_LENGTH_MIN and short in long:
        return 1 + len(short) / len(long)
    return SequenceMatcher(None, short, long).ratio()
