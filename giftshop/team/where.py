"""For which stores a member or an invitation is: the whole brand, or some by name."""

from collections.abc import Sequence

from brands.models import Store
from giftshop.accounts.models import Invitation, Membership, OfStores

ALL_STORES = "all"
"""What the audit log keeps of the whole brand; else the stores' slugs."""

Where = Sequence[Store] | None
"""None: the whole brand."""


def told(where: Where) -> str | list[str]:
    """As the audit log keeps it."""
    return ALL_STORES if where is None else sorted(store.slug for store in where)


def kept(row: OfStores) -> Where:
    """Expects the brand's scope. One query, none for the whole brand."""
    return None if row.all_stores else list(row.stores.order_by("name"))


def put(row: Membership | Invitation, where: Where) -> None:
    """Saved together with its role, of which some are for the whole brand alone. In a transaction, at whose
    end the database compares the two."""
    row.all_stores = where is None
    row.save(update_fields=["role", "all_stores"])
    row.stores.set(where or [])
