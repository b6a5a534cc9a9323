"""All about the money of one order: its payments, its gifts, what went back, and what banks asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from giftshop.orders.models import Gift, Order
from giftshop.payments.models import Payment
from giftshop.refunds.ask import AskRefusal
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.models import Dispute, FraudWarning, Refund, RefundLine
from giftshop.refunds.owed import owed, sent
from redemption.models import Redemption


@dataclass(frozen=True)
class GiftMoney:
    """Minor units."""

    gift: Gift
    left: int
    """On its code."""
    owed: int
    """Of it to the sender, and not sent."""
    sent: int
    """Went back for it, or is about to."""
    is_under_way: bool
    uses: Sequence[Redemption] = ()

    @property
    def is_credit(self) -> bool:
        """Its recipient gave it back, and its worth is on a credit of the sender's."""
        return bool(self.gift.code and self.gift.code.reference.startswith("credit:"))

    @property
    def paid(self) -> int:
        """What was paid for what is left."""
        return self.gift.code.paid_left if self.gift.code else 0

    @property
    def open(self) -> int:
        """What can go back and costs the shop nothing more."""
        return self.paid + self.owed

    @property
    def most(self) -> int:
        """What can go back at all: of what was redeemed, too."""
        return max(0, self.gift.paid - self.sent)

    @property
    def takes_amount(self) -> bool:
        """A part of it can go back. A treat that nobody touched goes back whole."""
        return self.gift.is_amount or self.open < self.most

    @property
    def redeemed(self) -> int:
        return sum(use.amount for use in self.uses if not hasattr(use, "reversal"))


@dataclass(frozen=True)
class OrderMoney:
    order: Order
    payments: list[Payment]
    gifts: list[GiftMoney]
    refunds: list[Refund]
    disputes: list[Dispute]
    warnings: list[FraudWarning]
    owed_beside: int = 0
    """Owed back for no gift in particular."""
    paid: Payment | None = field(init=False)

    def __post_init__(self) -> None:
        paid = [each for each in self.payments if each.state == Payment.State.PAID]
        object.__setattr__(self, "paid", paid[0] if paid else None)

    @property
    def owed(self) -> int:
        return self.owed_beside + sum(each.owed for each in self.gifts)

    @property
    def unclear(self) -> list[Refund]:
        return [each for each in self.refunds if each.is_unclear]

    @property
    def undecided(self) -> list[Refund]:
        return [each for each in self.refunds if each.state == Refund.State.WAITING]

    @property
    def lost(self) -> list[Dispute]:
        return [each for each in self.disputes if each.is_unclear]

    @property
    def open_warnings(self) -> list[FraudWarning]:
        return [each for each in self.warnings if each.holds()]

    @property
    def refusal(self) -> AskRefusal | None:
        """Why nothing can be sent back just now."""
        if self.paid is None:
            return AskRefusal.NOT_PAID
        if any(each.status in Dispute.OPEN for each in self.disputes if self._is_of_paid(each)):
            return AskRefusal.DISPUTED
        if any(self._is_of_paid(each) for each in self.unclear):
            return AskRefusal.UNCLEAR
        if not any(each.most and not each.is_under_way for each in self.gifts):
            return AskRefusal.NOTHING
        return None

    def _is_of_paid(self, case: Refund | Dispute) -> bool:
        return self.paid is not None and case.payment_id == self.paid.pk

    def kept(self) -> list[Any]:
        """What the version of its forms is made of."""
        return [
            *((one.gift.pk, one.left, one.owed, one.sent, one.is_under_way) for one in self.gifts),
            *((one.pk, one.state, one.is_unclear) for one in self.refunds),
            *((one.pk, one.status, one.is_unclear) for one in self.disputes),
        ]


def read(order: Order) -> OrderMoney:
    """At most 15 queries. Expects the brand's scope, and the order locked where it decides something."""
    payments = list(order.payments.filter(state__in=Payment.MONEY_CAME).order_by("attempt"))
    refunds = Refund.objects.filter(payment__in=payments).order_by("-asked_at", "-pk")
    disputes = Dispute.objects.filter(payment__in=payments).order_by("-opened_at", "-pk")
    warnings = FraudWarning.objects.filter(payment__in=payments).order_by("-made_at", "-pk")
    paid = next((each for each in payments if each.state == Payment.State.PAID), None)
    owing = owed(paid) if paid else {}
    beside = sum(owed(each)[None] for each in payments if each != paid)
    return OrderMoney(
        order=order,
        payments=payments,
        gifts=_gifts(order, paid, owing),
        refunds=list(refunds.prefetch_related("lines__gift")),
        disputes=list(disputes),
        warnings=list(warnings),
        owed_beside=beside + owing.get(None, 0),
    )


def _gifts(order: Order, paid: Payment | None, owing: Any) -> list[GiftMoney]:
    gifts = with_worth(order.gifts.with_everything().filter(code__isnull=False))
    lines = RefundLine.objects.filter(refund__payment=paid, gift__isnull=False)
    sent_before = sent(paid) if paid else Counter[UUID | None]()
    under_way = set(lines.filter(refund__state__in=Refund.OPEN).values_list("gift", flat=True))
    uses: dict[UUID, list[Redemption]] = {}
    redemptions = Redemption.objects.filter(code__in=[gift.code_id for gift in gifts])
    for use in redemptions.select_related("store", "staff", "device", "reversal").order_by(
        "redeemed_at"
    ):
        uses.setdefault(use.code_id, []).append(use)
    return [
        GiftMoney(
            gift=gift,
            left=gift.code.balance,
            owed=owing.get(gift.pk, 0),
            sent=sent_before[gift.pk],
            is_under_way=gift.pk in under_way,
            uses=uses.get(gift.code.pk, ()),
        )
        for gift in gifts
        if gift.code
    ]
