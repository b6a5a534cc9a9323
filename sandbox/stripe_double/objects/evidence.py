"""Evidence against a dispute: put down, then sent to the bank once."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double.errors import bad_parameter, no_such, refused
from sandbox.stripe_double.objects import disputes, values
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

OUTCOMES = {"winning_evidence": "won", "losing_evidence": "lost"}  # what test mode listens for
ESCALATES = "escalate_inquiry_evidence"
LONGEST = 150_000  # all of it together
LONGEST_TEXT = 20_000
FILES = frozenset((
    "cancellation_policy", "customer_communication", "customer_signature",
    "duplicate_charge_documentation", "receipt", "refund_policy", "service_documentation",
    "shipping_documentation", "uncategorized_file",
))  # fmt: skip
"""Ids of uploads. The double takes none, so that each is unknown to it."""


def give(world: World, dispute: Obj, params: dict[str, Any]) -> Obj:
    """POST /v1/disputes/{id}: evidence and metadata; submitting test evidence decides at once."""
    values.only_played(params, frozenset({"evidence", "metadata", "submit", "expand"}))
    given = params.get("evidence") or {}
    if given and not dispute["status"].endswith("needs_response"):
        raise refused(f"This dispute takes no evidence: it is {dispute['status']}.")
    evidence = {**dispute["evidence"], **{name: text or None for name, text in given.items()}}
    _check(given, evidence)
    previous = {"evidence": {name: dispute["evidence"][name] for name in given}} if given else {}
    metadata = values.metadata(params, dispute["metadata"])
    world.save(dispute, evidence=evidence, metadata=metadata)
    dispute["evidence_details"]["has_evidence"] = any(evidence.values())
    if params.get("submit", "true") == "true" and given:
        return _submit(world, dispute, evidence["uncategorized_text"] or "", previous)
    emit(world, "charge.dispute.updated", dispute, previous=previous)
    return dispute


def _check(given: dict[str, Any], evidence: dict[str, Any]) -> None:
    for name, value in given.items():
        if name in FILES and value:
            raise no_such("file", value, f"evidence[{name}]")
        if len(str(value)) > LONGEST_TEXT:
            message = f"Invalid string: must be at most {LONGEST_TEXT} characters"
            raise bad_parameter(message, f"evidence[{name}]")
    if sum(len(str(value)) for value in evidence.values() if value) > LONGEST:
        message = f"All evidence together may have {LONGEST} characters."
        raise bad_parameter(message, "evidence")


def _submit(world: World, dispute: Obj, text: str, previous: dict[str, Any]) -> Obj:
    """The bank has it; the day to answer by no longer counts."""
    details = dispute["evidence_details"]
    details |= {
        "submission_count": details["submission_count"] + 1,
        "submission_method": "manual",
    }
    is_inquiry, before = dispute["status"].startswith("warning_"), dispute["status"]
    status = "warning_under_review" if is_inquiry else "under_review"
    world.save(dispute, status=status)
    previous = {**previous, "status": before}
    emit(world, "charge.dispute.updated", dispute, previous=previous)
    if is_inquiry and text == ESCALATES:
        return disputes.escalate(world, dispute)
    if outcome := OUTCOMES.get(text):
        return disputes.close(world, dispute, "warning_closed" if is_inquiry else outcome)
    return dispute
