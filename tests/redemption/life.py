"""A gift's life in plain Python: what each act must answer, and what the books say afterwards."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WINDOW = timedelta(seconds=60)
BREAKAGE_AFTER = timedelta(days=30)
LIMIT = 500
BY_MANAGER = ""
"""What a hold by hand is for; a dispute's is named by the dispute."""


@dataclass
class Spent:
    """One redemption that happened."""

    amount: int
    store: int
    at: datetime
    reversed: bool = False


@dataclass
class Life:
    """One gift. `choosy`: asks for a flavour. `by`: the person who issued it by hand."""

    amount: int
    expires_at: datetime
    is_paid: bool = True
    item: bool = False
    choosy: bool = False
    stores: tuple[int, ...] = (0, 1)
    by: str = ""
    discount: int = 0
    state: str = "active"
    holds: set[str] = field(default_factory=set)
    asked_by: str = ""
    lapsed: int = 0
    used: int = 0
    back: int = 0
    """Of what was paid, sent back."""
    balance: int = field(init=False)

    def __post_init__(self) -> None:
        self.balance = self.amount

    @property
    def paid(self) -> int:
        return self.amount - self.discount

    @property
    def paid_left(self) -> int:
        """What was paid for all that was never used, a part of a unit less, and did not go back."""
        if not self.balance:
            return 0
        return (self.amount - self.used) * self.paid // self.amount - self.back

    @property
    def held_for_a_case(self) -> bool:
        return bool(self.holds - {BY_MANAGER})


class Books:
    """The accounts of one brand. Each act answers "ok" or why not, and moves what it moves."""

    def __init__(self, time_zone: str) -> None:
        self.time_zone = ZoneInfo(time_zone)
        self.accounts: Counter[str] = Counter()
        self.refused = 0

    def issue(self, life: Life) -> None:
        self._move(
            life.paid,
            "stripe_clearing" if life.is_paid else "promo_expense",
            "gift_liability",
        )
        self._move(life.discount, "promo_expense", "gift_liability")

    def redeem(
        self, life: Life, *, amount: int | None, flavour: str, store: int, who: str, now: datetime
    ) -> str:
        wanted = life.balance if amount is None else amount
        settled = self._settled_no(life, store, who, now)
        if settled:
            self.refused += 1
            return settled
        if flavour and not life.choosy:
            return "invalid"
        if life.choosy and not flavour:
            return "choices_required"
        if wanted > life.balance:
            self.refused += 1
            return "insufficient_balance"
        if wanted <= 0 or (life.item and wanted != life.balance):
            return "invalid"
        life.balance -= wanted
        life.used += wanted
        if not life.balance:
            life.state = "redeemed"
        self._move(wanted, "gift_liability", _earned_at(store))
        return "ok"

    def _settled_no(self, life: Life, store: int, who: str, now: datetime) -> str:
        if store not in life.stores:
            return "wrong_store"
        if life.state != "active":
            return {"redeemed": "already_redeemed"}.get(life.state, life.state)
        if now >= life.expires_at:
            return "expired"
        return "second_person" if life.by and who in {"", life.by} else ""

    def reverse(self, life: Life, spent: Spent, *, store: int, manager: bool, now: datetime) -> str:
        until = spent.at + WINDOW
        if manager:
            day = spent.at.astimezone(self.time_zone).date() + timedelta(days=1)
            until = max(until, datetime.combine(day, time.min, tzinfo=self.time_zone))
        no = (
            (store != spent.store and "unknown_redemption")
            or (spent.reversed and "already_reversed")
            or (now > until and "window_passed")
            or (life.state not in {"active", "redeemed"} and "not_active")
        )
        if no:
            self.refused += 1
            return no
        spent.reversed = True
        life.balance += spent.amount
        life.used -= spent.amount
        life.state = "active"
        self._move(spent.amount, _earned_at(spent.store), "gift_liability")
        return "ok"

    def void(self, life: Life) -> str:
        no = self._not_to_be_voided(life) or (life.balance > LIMIT and "two_people")
        if no:
            return no
        self._close(life, "voided", "refunds" if life.is_paid else "promo_expense")
        return "ok"

    def ask(self, life: Life, who: str) -> str:
        no = self._not_to_be_voided(life) or (life.asked_by and "already_asked")
        if no:
            return no
        life.asked_by = who
        return "ok"

    def decide(self, life: Life, who: str, *, approved: bool) -> str:
        no = (life.asked_by == who and "same_person") or (approved and self._not_to_be_voided(life))
        if no:
            return no
        life.asked_by = ""
        if approved:
            self._close(life, "voided", "refunds" if life.is_paid else "promo_expense")
        return "ok"

    @staticmethod
    def _not_to_be_voided(life: Life) -> str:
        return (not life.balance and "nothing_left") or (life.held_for_a_case and "held") or ""

    def refund(self, life: Life, part: int | None = None) -> str:
        if not life.is_paid:
            return "not_paid"
        no = self._not_to_be_voided(life)
        if not no and life.paid_left:  # of a cent that nobody paid nothing goes back
            self._send_back(life, life.paid_left if part is None else min(part, life.paid_left))
        return no or "ok"

    def _send_back(self, life: Life, sent: int) -> None:
        if sent == life.paid_left:
            self._close(life, "voided", "stripe_clearing")
            return
        life.back += sent
        worth = life.balance
        life.balance = life.amount - life.used - life.back * life.amount // life.paid
        self._move(sent, "gift_liability", "stripe_clearing")
        self._move(worth - life.balance - sent, "gift_liability", "promo_expense")

    def hold(self, life: Life, subject: str = BY_MANAGER) -> str:
        if not life.balance:
            return "not_active"
        if subject in life.holds:
            return "on_hold_already"
        life.holds.add(subject)
        life.state = "on_hold"
        return "ok"

    def release(self, life: Life, subject: str = BY_MANAGER) -> str:
        if life.state != "on_hold":
            return "not_on_hold"
        if subject not in life.holds:
            return "held"
        life.holds.remove(subject)
        life.state = "on_hold" if life.holds else "active"
        return "ok"

    def dispute(self, life: Life, dispute: str) -> None:
        self._move(life.paid, "dispute_loss", "stripe_clearing")
        self.hold(life, dispute)

    def win(self, life: Life, dispute: str) -> None:
        self._move(life.paid, "stripe_clearing", "dispute_loss")
        self.release(life, dispute)

    def lose(self, life: Life) -> None:
        if life.balance:
            self._close(life, "voided", "dispute_loss")

    def expire(self, life: Life, now: datetime) -> bool:
        if life.state != "active" or life.expires_at > now - BREAKAGE_AFTER:
            return False
        life.lapsed = life.balance
        self._close(life, "expired", "breakage" if life.is_paid else "promo_expense")
        return True

    def extend(self, life: Life, until: datetime, now: datetime) -> str:
        if life.state in {"redeemed", "voided"}:
            return "spent"
        if until <= max(life.expires_at, now):
            return "not_later"
        if life.state == "expired":
            life.state, life.balance = "active", life.lapsed
            paid = life.paid_left
            self._move(paid, "breakage" if life.is_paid else "promo_expense", "gift_liability")
            self._move(life.lapsed - paid, "promo_expense", "gift_liability")
        life.expires_at = until
        return "ok"

    def _close(self, life: Life, state: str, account: str) -> None:
        paid = life.paid_left
        self._move(paid, "gift_liability", account)
        self._move(life.balance - paid, "gift_liability", "promo_expense")
        life.state, life.balance, life.holds = state, 0, set()

    def _move(self, amount: int, debit: str, credit: str) -> None:
        if not amount:
            return
        self.accounts[debit] += amount
        self.accounts[credit] -= amount


def _earned_at(store: int) -> str:
    """The second store is run by a franchisee."""
    return "store_payable" if store else "sales"
