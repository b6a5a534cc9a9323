"""Keys of rows that are written by the thousand."""

from typing import TypedDict


class _Bare(TypedDict):
    db_constraint: bool
    db_index: bool


BARE: _Bare = {"db_constraint": False, "db_index": False}
"""Neither looked up in the table that it names nor indexed by itself, both of which every row would pay
for. Only for what is never deleted (PROTECT) and was just read by whoever writes the row."""
