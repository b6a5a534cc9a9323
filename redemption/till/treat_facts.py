"""What a till should know of the treat of a code, as whoever keeps the menu tells it: this package knows no
menus."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from brands.models import Store


@dataclass(frozen=True)
class TreatFacts:
    gone: frozenset[str] = frozenset()
    """"flavour:mint": what could be chosen and is sold out at the store."""
    is_here: bool = True
    """Whether the store has it on its menu."""
    had_at: tuple[str, ...] = ()
    """The names of the stores that have it, where this one has not."""
    contents: Any = None
    """Allergens and diet of the treat, for components/gift/contents.html."""
    choices: Mapping[str, Any] = field(default_factory=dict)
    """The same of its choices, by "flavour:mint"."""


Teller = Callable[[Store, UUID, datetime], TreatFacts | None]
"""(store, code's id, now) -> facts, or None for a code that it does not know."""

_tellers: list[Teller] = []


def tell_by(teller: Teller) -> None:
    """Once, at the start of the process."""
    _tellers.append(teller)


def treat_facts(store: Store, code_id: UUID, now: datetime) -> TreatFacts:
    """As many queries as its tellers need. Expects the scope."""
    told = (teller(store, code_id, now) for teller in _tellers)
    return next((facts for facts in told if facts), TreatFacts())
