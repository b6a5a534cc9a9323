"""What a buyer, Stripe, banks and the shop's owner in Stripe's dashboard do at the double: acts by name."""

from typing import Any

from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.errors import StripeError

PART = 650

BUYER = ("pay",)
OF_STRIPE = (
    *("refund-part", "refund-rest", "refund-part-pending", "refund-rest-pending"),
    *("succeed", "fail", "dispute", "dispute-part", "inquiry", "resolution", "block"),
    *("escalate", "won", "lost", "inquiry-closed", "warn", "review", "approve"),
)
NEEDS = {
    "succeed": ("refund", "pending"),
    "fail": ("refund", "pending", "succeeded"),
    "escalate": ("dispute", "warning_needs_response"),
    "inquiry-closed": ("dispute", "warning_needs_response"),
    "won": ("dispute", "needs_response"),
    "lost": ("dispute", "needs_response"),
}
"""Kinds of Stripe's things, of which one has to be in one of these states."""


class NotLegal(Exception):
    """This act is none that could come here."""


class AtStripe:
    """All about the one session. No act is heard of by the shop; one that is not legal changes nothing."""

    def __init__(self, double: StripeDouble, session: str) -> None:
        self.double, self.session = double, session

    def legal(self, names: tuple[str, ...]) -> list[str]:
        """Those for which there is what they need: a cheap look, before each is tried."""
        return [name for name in names if name not in NEEDS or self._find(*NEEDS[name])]

    def act(self, name: str) -> None:
        """Raises NotLegal."""
        try:
            self._act(name)
        except StripeError as no:
            raise NotLegal(name) from no

    def _act(self, name: str) -> None:
        issuer, dashboard = self.double.issuer, self.double.dashboard
        if name == "pay":
            if self.double.pay(self.session) != "paid":
                raise NotLegal(name)
        elif name.startswith("refund-"):
            _, size, *how = name.split("-")
            self.double.faults(refunds=how[0] if how else "succeeded")
            dashboard.refund(self.session, amount=PART if size == "part" else None)
        elif name in {"dispute", "dispute-part"}:
            issuer.dispute(self.session, amount=PART if name == "dispute-part" else None)
        elif name in {"inquiry", "resolution", "block"}:
            issuer.dispute(self.session, case=name)
        elif name == "warn":
            if self._find("radar.early_fraud_warning"):
                raise NotLegal(name)  # once is enough
            issuer.warn(self.session)
        elif name == "review":
            dashboard.review(self.session)
        elif name == "approve":
            reviews = [each for each in self._find("review") if each["open"]]
            if not reviews:
                raise NotLegal(name)
            dashboard.approve_review(reviews[0]["id"])
        else:
            found = self._find(*NEEDS[name])
            if not found:
                raise NotLegal(name)
            self._follow(name, str(found[0]["id"]))

    def _follow(self, name: str, key: str) -> None:
        """What becomes of a refund or a dispute."""
        issuer = self.double.issuer
        if name == "succeed":
            issuer.succeed_refund(key)
        elif name == "fail":
            issuer.fail_refund(key)
        elif name == "escalate":
            issuer.escalate_inquiry(key)
        else:
            issuer.close_dispute(key, {"inquiry-closed": "warning_closed"}.get(name, name))

    def _find(self, kind: str, *statuses: str) -> list[dict[str, Any]]:
        """The newest first."""
        found = self.double.world.store.newest(kind)
        return [each for each in found if not statuses or each["status"] in statuses]
