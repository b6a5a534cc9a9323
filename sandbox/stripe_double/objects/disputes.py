"""Disputes and early fraud warnings: what banks do to a paid charge."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double import money
from sandbox.stripe_double.errors import refused
from sandbox.stripe_double.objects import values
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.ledger import book
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

DAYS_TO_ANSWER = 9
EVIDENCE = {"winning_evidence": "won", "losing_evidence": "lost"}  # what test mode listens for


def open_(
    world: World, charge: Obj, *, amount: int | None = None, reason: str = "fraudulent"
) -> Obj:
    """The buyer's bank takes the money back for now."""
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise refused("Only a paid charge without a dispute can be disputed.", param="charge")
    amount = amount or charge["amount"]
    dispute = world.make(
        "dispute",
        "du",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=reason,
    )
    dispute["evidence_details"]["due_by"] = world.now() + DAYS_TO_ANSWER * 24 * 60 * 60
    world.save(charge, disputed=True, _charged_back=True)
    emit(world, "charge.dispute.created", dispute)
    line = book(
        world, dispute, kind="adjustment", category="dispute", amount=-amount, fee=money.DISPUTE_FEE,
        description=f"Chargeback withdrawal for {charge['id']}", available_in=0,
    )  # fmt: skip
    world.save(dispute, balance_transactions=[shown(world, line)])
    emit(world, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(world: World, dispute: Obj, outcome: str) -> Obj:
    """The bank decides: "won" brings the money back, "lost" does not."""
    if dispute["status"] in ("won", "lost"):
        raise refused("This dispute is already closed.")
    charge = world.store.get("charge", dispute["charge"])
    before = dispute["status"]
    world.save(dispute, status=outcome)
    emit(world, "charge.dispute.updated", dispute, previous={"status": before})
    if outcome == "won":
        world.save(charge, _charged_back=False)
        line = book(
            world, dispute, kind="adjustment", category="dispute_reversal", amount=dispute["amount"],
            description=f"Chargeback reversal for {charge['id']}", available_in=0,
        )  # fmt: skip
        world.save(
            dispute, balance_transactions=[*dispute["balance_transactions"], shown(world, line)]
        )
        emit(world, "charge.dispute.funds_reinstated", dispute)
    emit(world, "charge.dispute.closed", dispute)
    return dispute


def modify(world: World, dispute: Obj, params: dict[str, Any]) -> Obj:
    """POST /v1/disputes/{id}: evidence and metadata; submitting test evidence decides at once."""
    values.only_played(params, frozenset({"evidence", "metadata", "submit", "expand"}))
    evidence = {**dispute["evidence"], **(params.get("evidence") or {})}
    metadata = values.metadata(params, dispute["metadata"])
    world.save(dispute, evidence=evidence, metadata=metadata)
    dispute["evidence_details"]["has_evidence"] = any(evidence.values())
    if params.get("submit", "true") != "true" or "evidence" not in params:
        return dispute
    dispute["evidence_details"]["submission_count"] += 1
    dispute["evidence_details"]["submission_method"] = "manual"
    if outcome := EVIDENCE.get(evidence["uncategorized_text"] or ""):
        return close(world, dispute, outcome)
    world.save(dispute, status="under_review")
    emit(world, "charge.dispute.updated", dispute, previous={"status": "needs_response"})
    return dispute


def warn(world: World, charge: Obj, fraud_type: str = "unauthorized_use_of_card") -> Obj:
    """An early fraud warning: nothing has happened to the money yet."""
    warning = world.make(
        "radar.early_fraud_warning",
        "issfr",
        charge=charge["id"],
        fraud_type=fraud_type,
        payment_intent=charge["payment_intent"],
    )
    emit(world, "radar.early_fraud_warning.created", warning)
    return warning
