"""What somebody does in Stripe's dashboard, behind the shop's back."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double.objects import charges, endpoints, payouts, radar, refunds, sessions
from sandbox.stripe_double.objects.evidence import give
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World


class Dashboard:
    """``paid`` is the id of a charge, a payment intent or a Checkout Session. Answers Stripe's objects."""

    def __init__(self, world: World) -> None:
        self.world = world

    def refund(
        self,
        paid: str,
        *,
        amount: int | None = None,
        reason: str | None = None,
        metadata: dict[str, str] | None = None,
    ) -> Obj:
        """Give back what is left, or a part of it."""
        with self.world.act():
            size = None if amount is None else str(amount)
            given = {"amount": size, "reason": reason, "metadata": metadata}
            params = {name: value for name, value in given.items() if value is not None}
            charge = charges.find(self.world, paid)
            return shown(self.world, refunds.create(self.world, {"charge": charge["id"], **params}))

    def review(self, paid: str) -> Obj:
        """A rule of Radar sends the payment to a person."""
        with self.world.act():
            return shown(self.world, radar.review(self.world, charges.find(self.world, paid)))

    def approve_review(self, review_id: str) -> Obj:
        """That person finds nothing wrong."""
        with self.world.act():
            opened = self.world.store.get("review", review_id)
            return shown(self.world, radar.approve(self.world, opened, {}))

    def submit_evidence(self, dispute_id: str, **evidence: str) -> Obj:
        """Answer the bank: submit_evidence(id, uncategorized_text="winning_evidence")."""
        with self.world.act():
            dispute = self.world.store.get("dispute", dispute_id)
            return shown(self.world, give(self.world, dispute, {"evidence": evidence}))

    def expire(self, session_id: str) -> Obj:
        """Close a payment page."""
        with self.world.act():
            session = self.world.store.get("checkout.session", session_id)
            return shown(self.world, sessions.expire(self.world, session))

    def set_endpoint(
        self,
        endpoint_id: str = endpoints.OWN,
        *,
        enabled_events: list[str] | None = None,
        disabled: bool | None = None,
    ) -> Obj:
        """Choose of what an endpoint is told, or whether at all; the options' own if none is named."""
        with self.world.act():
            endpoints.own(self.world)
            endpoint = self.world.store.get("webhook_endpoint", endpoint_id)
            params: dict[str, Any] = {}
            if enabled_events is not None:
                params["enabled_events"] = enabled_events
            if disabled is not None:
                params["disabled"] = str(disabled).lower()
            return shown(self.world, endpoints.modify(self.world, endpoint, params))

    def pay_out(self, currency: str = "usd", *, arrives: bool = True) -> Obj:
        """Send to the bank what is not there yet; it arrives at once, or is under way."""
        with self.world.act():
            payout = payouts.create(self.world, currency)
            return shown(self.world, payouts.arrive(self.world, payout) if arrives else payout)

    def end_payout(self, payout_id: str, *, arrives: bool) -> Obj:
        """What was under way arrives, or comes back, even after it had arrived."""
        with self.world.act():
            payout = self.world.store.get("payout", payout_id)
            end = payouts.arrive if arrives else payouts.fail
            return shown(self.world, end(self.world, payout))
