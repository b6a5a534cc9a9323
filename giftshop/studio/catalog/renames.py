"""Which choice is which where a list of labels was written anew: rows of a text have no keys."""

from collections.abc import Collection, Set

ALIKE = 0.55
"""Of 1.0 for the same word: "Mint" is "Minze" in another language, and no "Mango"."""
PART_LENGTH_MIN = 3


def renames(gone: Collection[str], new: Collection[str]) -> dict[str, str]:
    """{"Peppermint": "Mint"}: of the new labels those that read like one that is gone, with which it was. The
    most alike find each other first, and none twice. Some microseconds a pair: a sheet may hold twelve
    thousand lists of forty."""
    said = {label: (label.casefold(), _pairs(label.casefold())) for label in {*gone, *new}}
    pairs = [(_likeness(*said[old], *said[label]), old, label) for old in gone for label in new]
    found: dict[str, str] = {}
    for likeness, old, label in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if likeness >= ALIKE and label not in found and old not in found.values():
            found[label] = old
    return found


def _pairs(word: str) -> Set[str]:
    """{"mi", "in", "nt"} of "mint"."""
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _likeness(word: str, pairs: Set[str], other: str, others: Set[str]) -> float:
    """By the share of pairs of letters that both have."""
    if word == other:
        return 2
    short, long = sorted((word, other), key=len)
    if len(short) >= PART_LENGTH_MIN and short in long:
        return 1 + len(short) / len(long)
    return 2 * len(pairs & others) / (len(pairs) + len(others) or 1)
