"""The register of Stripe's events: which types are acted on, what is asked about each, and who records it.

A room registers its kinds once, at the start. Rows of the inbox name their type in words alone, so that the
inbox knows no table of theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from giftshop.payments.models import StripeEvent


class WaitsForPayment(Exception):
    """What the event tells of was paid, and that is not written down here yet: it is read again later."""


@dataclass(frozen=True)
class Kind:
    types: frozenset[str]
    is_wanted: Callable[[StripeEvent], bool]
    """Whether it may tell what is not written down. May ask the database."""
    retrieve: Callable[[StripeEvent], Any]
    """Ask Stripe how it stands now: in a thread, without a database. None: Stripe knows no such thing."""
    record: Callable[[Any, StripeEvent, datetime], object]
    """Write down what retrieve() answered. Harmless when repeated. Raises WaitsForPayment."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Raises ValueError when somebody else acts on one of its types."""
    if taken := kind.types & _kinds.keys():
        raise ValueError(f"two act on {', '.join(sorted(taken))}")
    _kinds.update(dict.fromkeys(kind.types, kind))


def handled() -> list[str]:
    """The types that are kept and acted on, in one order."""
    return sorted(_kinds)


def find(event_type: str) -> Kind | None:
    return _kinds.get(event_type)
