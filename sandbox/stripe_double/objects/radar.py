"""Early fraud warnings and reviews: what is said of a charge before anybody moves its money."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double.errors import refused
from sandbox.stripe_double.objects import values
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

FRAUD_TYPES = (
    "card_never_received", "fraudulent_card_application", "made_with_counterfeit_card",
    "made_with_lost_card", "made_with_stolen_card", "misc", "unauthorized_use_of_card",
)  # fmt: skip


def warn(world: World, charge: Obj, fraud_type: str = "unauthorized_use_of_card") -> Obj:
    """An early fraud warning: nothing has happened to the money yet."""
    values.one_of({"fraud_type": fraud_type}, "fraud_type", FRAUD_TYPES)
    warning = world.make(
        "radar.early_fraud_warning",
        "issfr",
        actionable=_is_actionable(charge),
        charge=charge["id"],
        fraud_type=fraud_type,
        payment_intent=charge["payment_intent"],
    )
    emit(world, "radar.early_fraud_warning.created", warning)
    return warning


def look_again(world: World, charge: Obj, reason: str) -> None:
    """The charge was refunded or disputed: warnings and reviews may have nothing left to say.

    ``reason`` is the one that a review closes for.
    """
    for warning in list(world.store.newest("radar.early_fraud_warning")):
        before = warning["actionable"]
        if warning["charge"] == charge["id"] and before != _is_actionable(charge):
            world.save(warning, actionable=not before)
            emit(
                world, "radar.early_fraud_warning.updated", warning,
                previous={"actionable": before},
            )  # fmt: skip
    if not _is_actionable(charge) and charge["review"]:
        close(world, world.store.get("review", charge["review"]), reason)


def review(world: World, charge: Obj) -> Obj:
    """Somebody should look at this payment."""
    if charge["review"]:
        raise refused("This charge has a review already.", param="charge")
    opened = world.make(
        "review", "prv", charge=charge["id"], payment_intent=charge["payment_intent"]
    )
    world.save(charge, review=opened["id"])
    world.save(world.store.get("payment_intent", charge["payment_intent"]), review=opened["id"])
    emit(world, "review.opened", opened)
    return opened


def approve(world: World, opened: Obj, params: dict[str, Any]) -> Obj:
    """POST /v1/reviews/{id}/approve"""
    values.only_played(params, frozenset({"expand"}))
    if not opened["open"]:
        raise refused("This review is already closed.")
    close(world, opened, "approved")
    return opened


def close(world: World, opened: Obj, reason: str) -> None:
    """Nobody need look at it any more; the payment does not point at it then."""
    if not opened["open"]:
        return
    world.save(opened, open=False, closed_reason=reason, reason=reason)
    charge = world.store.get("charge", opened["charge"])
    world.save(charge, review=None)
    world.save(world.store.get("payment_intent", charge["payment_intent"]), review=None)
    emit(world, "review.closed", opened)


def _is_actionable(charge: Obj) -> bool:
    return not charge["disputed"] and not charge["refunded"]
