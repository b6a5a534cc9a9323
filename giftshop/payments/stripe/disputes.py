"""Answers to disputes, at Stripe."""

from collections.abc import Mapping
from typing import Any

import stripe

from giftshop.payments.stripe.client import ask, client


class EvidenceRefused(Exception):
    """Stripe does not take it, now or later. Its words for why."""


def submit(*, dispute_id: str, evidence: Mapping[str, str], key: str) -> None:
    """Hand in the evidence for good, once for each `key`. One that was handed in already, by whomever, is
    left as it is. 1 or 2 calls. Raises EvidenceRefused and StripeUnavailable."""
    params: Any = {"evidence": dict(evidence), "submit": True}
    try:
        ask(
            lambda: client().v1.disputes.update(
                dispute_id, params, {"idempotency_key": f"evidence:{key}"}
            )
        )
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        if not _was_submitted(dispute_id):
            raise EvidenceRefused(str(error.user_message or error.code or "")) from error


def _was_submitted(dispute_id: str) -> bool:
    try:
        found = ask(lambda: client().v1.disputes.retrieve(dispute_id))
    except stripe.InvalidRequestError:
        return False
    return found.evidence_details.submission_count > 0
