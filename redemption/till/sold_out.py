"""What a store can't hand over today, as whoever keeps the menu tells it: this package knows no menus."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from brands.models import Store

Told = Callable[[Store, UUID, datetime], frozenset[tuple[str, str]]]
"""(store, code's id, now) -> (choice's key, option's key) of what is sold out there."""

_tellers: list[Told] = []


def tell_by(teller: Told) -> None:
    """Once, at the start of the process."""
    _tellers.append(teller)


def choices_gone(store: Store, code_id: UUID, now: datetime) -> frozenset[tuple[str, str]]:
    """Of what can be chosen with this code. As many queries as its tellers need. Expects the scope."""
    return frozenset().union(*(teller(store, code_id, now) for teller in _tellers))
