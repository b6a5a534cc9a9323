"""What the bank that issued the buyer's card does."""

from __future__ import annotations

from sandbox.stripe_double.objects import charges, disputes, radar, refunds
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World


class Issuer:
    """``paid`` is the id of a charge, a payment intent or a Checkout Session. Answers Stripe's objects."""

    def __init__(self, world: World) -> None:
        self.world = world

    def succeed_refund(self, refund_id: str) -> Obj:
        """A pending refund reaches the buyer."""
        with self.world.act():
            refund = self.world.store.get("refund", refund_id)
            refunds.succeed(self.world, refund)
            return shown(self.world, refund)

    def fail_refund(self, refund_id: str, reason: str = "expired_or_canceled_card") -> Obj:
        """A pending refund comes back, or one that had succeeded."""
        with self.world.act():
            refund = self.world.store.get("refund", refund_id)
            refunds.fail(self.world, refund, reason)
            return shown(self.world, refund)

    def dispute(
        self,
        paid: str,
        *,
        amount: int | None = None,
        reason: str = "fraudulent",
        case: str = "chargeback",
    ) -> Obj:
        """The buyer complains. ``case``: "chargeback", "inquiry", or one of the two that are prevented:
        "resolution" (the buyer has the money back) and "block" (the claim is stopped)."""
        with self.world.act():
            charge = charges.find(self.world, paid)
            return shown(
                self.world,
                disputes.open_(self.world, charge, amount=amount, reason=reason, case=case),
            )

    def escalate_inquiry(self, dispute_id: str) -> Obj:
        """An inquiry becomes a chargeback."""
        with self.world.act():
            dispute = self.world.store.get("dispute", dispute_id)
            return shown(self.world, disputes.escalate(self.world, dispute))

    def close_dispute(self, dispute_id: str, outcome: str) -> Obj:
        """Decide it: a chargeback "won" or "lost", an inquiry "warning_closed"."""
        with self.world.act():
            dispute = self.world.store.get("dispute", dispute_id)
            return shown(self.world, disputes.close(self.world, dispute, outcome))

    def warn(self, paid: str, fraud_type: str = "unauthorized_use_of_card") -> Obj:
        """An early fraud warning."""
        with self.world.act():
            charge = charges.find(self.world, paid)
            return shown(self.world, radar.warn(self.world, charge, fraud_type))
