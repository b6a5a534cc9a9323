"""The balance: transactions with fees, and what is left."""

from __future__ import annotations

import collections
from typing import Any

from sandbox.stripe_double.objects import lists
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

SETTLING_SECONDS = 2 * 24 * 60 * 60


def book(
    world: World,
    source: Obj,
    *,
    kind: str,
    category: str,
    amount: int,
    fee: int = 0,
    description: str | None = None,
    available_in: int = SETTLING_SECONDS,
) -> Obj:
    """One line of the balance; amounts with their sign, the fee as a positive number."""
    currency = source["currency"]
    details = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Dispute fee" if category == "dispute" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return world.make(
        "balance_transaction",
        "txn",
        amount=amount,
        available_on=world.now() + available_in,
        currency=currency,
        description=description,
        fee=fee,
        fee_details=[details] if fee else [],
        net=amount - fee,
        reporting_category=category,
        source=source["id"],
        type=kind,
        _payout=None,
    )


def list_(world: World, url: str, params: dict[str, Any]) -> Obj:
    """GET /v1/balance_transactions"""
    wanted = params.get("payout")
    if wanted:
        world.store.get("payout", wanted, "payout")
    return lists.page(
        world,
        url,
        "balance_transaction",
        params,
        keep=lambda line: not wanted or line["_payout"] == wanted,
        special=frozenset({"payout"}),
    )


def balance(world: World) -> Obj:
    """GET /v1/balance"""
    sums: dict[str, dict[str, int]] = {
        status: collections.defaultdict(int, {"usd": 0}) for status in ("available", "pending")
    }
    for line in world.store.newest("balance_transaction"):
        status = "available" if line["available_on"] <= world.now() else "pending"
        sums[status][line["currency"]] += line["net"]
    shown_sums = {
        status: [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in sorted(by_currency.items())
        ]
        for status, by_currency in sums.items()
    }
    reserved = [{"amount": 0, "currency": each["currency"]} for each in shown_sums["available"]]
    return {"object": "balance", "livemode": False, "connect_reserved": reserved, **shown_sums}
