"""Is there an order in which one till after the other could have got these very answers? (I3)

A history holds what tills asked of one gift, with the moments when each question left and its answer
came. It is linearizable when every act can be given one moment between its two so that the acts, done
one by one in that order on a plain model, give the answers that were seen. A question without an answer
may have been carried out at any moment after it left, or never.

The search is Wing and Gong's (1993), with Lowe's memory of what was tried: of the acts that could come
next, one that the model agrees with is taken; a set of acts already done, left in the same state, is
looked at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["redeem", "reverse", "look"]
NEVER = float("inf")


@dataclass(frozen=True)
class Act:
    """One question and its answer.

    `name`: of the redemption that is made or reversed. `outcome`: ok, unknown, or the reason of the
    refusal. `balance`: what the answer said is left, where it said so.
    """

    kind: Kind
    name: str
    invoked: float
    answered: float = NEVER
    amount: int = 0
    outcome: str = "unknown"
    balance: int | None = None


@dataclass(frozen=True)
class Gift:
    """The model: what is left, and the redemptions that stand and those that were reversed."""

    balance: int
    standing: frozenset[tuple[str, int]] = frozenset()
    reversed: frozenset[str] = frozenset()

    def after(self, act: Act) -> "Gift | None":
        """The gift once the act was done now, with the answer it got; None if it can't have been."""
        outcome, gift = self._done(act)
        if act.outcome == "unknown":
            return gift
        said = {None, gift.balance}
        return gift if outcome == act.outcome and act.balance in said else None

    def _done(self, act: Act) -> tuple[str, "Gift"]:
        if act.kind == "look":
            return "ok", self
        return self._redeemed(act) if act.kind == "redeem" else self._reversed(act)

    def _redeemed(self, act: Act) -> tuple[str, "Gift"]:
        if not self.balance:
            return "already_redeemed", self
        if act.amount > self.balance:
            return "insufficient_balance", self
        standing = self.standing | {(act.name, act.amount)}
        return "ok", Gift(self.balance - act.amount, standing, self.reversed)

    def _reversed(self, act: Act) -> tuple[str, "Gift"]:
        if act.name in self.reversed:
            return "already_reversed", self
        for name, amount in self.standing:
            if name == act.name:
                standing = self.standing - {(name, amount)}
                return "ok", Gift(self.balance + amount, standing, self.reversed | {name})
        return "unknown_redemption", self


def is_linearizable(history: Sequence[Act], balance: int) -> bool:
    """For a gift that began with this balance."""
    acts = sorted(history, key=lambda act: act.invoked)
    must = sum(1 << n for n, act in enumerate(acts) if act.outcome != "unknown")
    start = (0, Gift(balance))
    seen, waiting = {start}, [start]
    while waiting:
        done, gift = waiting.pop()
        if done & must == must:
            return True
        for n in _next(acts, done):
            after = gift.after(acts[n])
            known = (done | 1 << n, after) if after else start
            if after and known not in seen:
                seen.add(known)
                waiting.append(known)
    return False


def _next(acts: Sequence[Act], done: int) -> Iterator[int]:
    """Those that began before any of the others had to be over; acts with an answer come last, so
    that they are tried first: what is unknown is only needed when the rest can't be explained."""
    todo = [n for n in range(len(acts)) if not done >> n & 1]
    first_over = min((acts[n].answered for n in todo), default=NEVER)
    able = [n for n in todo if acts[n].invoked <= first_over]
    return iter(sorted(able, key=lambda n: acts[n].outcome != "unknown"))
