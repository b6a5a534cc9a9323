"""What some payments did to the balance: the sum of their balance transactions, by currency."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World


@dataclass(frozen=True)
class Total:
    """Signed integers of the smallest unit; ``net`` is what the balance moved by, ``amount`` less ``fee``."""

    amount: int = 0
    fee: int = 0
    net: int = 0

    def __add__(self, line: Obj) -> Total:
        return Total(self.amount + line["amount"], self.fee + line["fee"], self.net + line["net"])


def totals(world: World, *, key: str, values: Collection[str]) -> dict[str, Total]:
    """Of every charge whose metadata has one of the values under the key, with its refunds and disputes."""
    wanted = {str(value) for value in values}
    sources = {
        charge["id"]
        for charge in world.store.newest("charge")
        if charge["metadata"].get(key) in wanted
    }
    for kind in ("refund", "dispute"):
        sources |= {each["id"] for each in world.store.newest(kind) if each["charge"] in sources}
    found: dict[str, Total] = {}
    for line in world.store.newest("balance_transaction"):
        if line["source"] in sources:
            found[line["currency"]] = found.get(line["currency"], Total()) + line
    return found
