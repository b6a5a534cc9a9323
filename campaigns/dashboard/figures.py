"""What is counted, by name: each figure is one counter of the rollups and the facts behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.dashboard.definitions import DEFINITIONS, Definition
from campaigns.facts.counters import NAMES, Counters
from campaigns.models import Fact

VISITS_TO_TELL = 10
AT_THE_COUNTER = (Fact.Topic.CODE_REDEEMED, Fact.Topic.REDEMPTION_REVERSED)


@dataclass(frozen=True)
class Figures(Counters):
    """Sums of one row, or of many, and what follows from them."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Figures":
        """Of a row of values() that names the counters."""
        return cls(**{name: int(row[name] or 0) for name in NAMES})

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) - getattr(other, name) for name in NAMES))

    @property
    def nothing_happened(self) -> bool:
        return self == Figures()

    @property
    def follows(self) -> int:
        """How often links were followed, by visits and again during them."""
        return self.visits + self.repeats

    @property
    def spend_is_known(self) -> bool:
        """Some till told what was spent beyond a gift."""
        return self.baskets > 0

    @property
    def came_in(self) -> int:
        """What senders paid, less what went back, and what was spent at counters beyond a gift."""
        return self.revenue + self.spend_over

    @property
    def known_guests(self) -> int:
        """Of whom it is known whether they had come before."""
        return self.first_time + self.came_back

    @property
    def has_coupons(self) -> bool:
        return bool(self.coupons or self.coupons_used or self.coupon_cost)

    @property
    def has_discounts(self) -> bool:
        return bool(self.discounts or self.discount_cost)

    @property
    def has_promotion(self) -> bool:
        return self.has_coupons or self.has_discounts

    @property
    def coupon_spend_is_known(self) -> bool:
        """The same of what was spent beyond a coupon."""
        return self.coupon_baskets > 0

    @property
    def each_coupon(self) -> int | None:
        """What was handed over on a used coupon, on average, rounded to the minor unit."""
        used = self.coupons_used
        return round(self.coupons_used_amount / used) if used > 0 else None

    @property
    def orders_per_visit(self) -> float | None:
        """None where it would say nothing: visits are few, or orders go back to visits of other days."""
        told = self.visits >= VISITS_TO_TELL and self.orders <= self.visits
        return self.orders / self.visits if told else None


def total(rows: "list[Figures]") -> Figures:
    return sum(rows, Figures())


PART, OF_A_SALE = "occurred_at", "sold_at"
A_COUPON = Q(offer__isnull=False)
WITH_A_CODE = A_COUPON & Q(code_id__isnull=False)
TAKEN_OFF = A_COUPON & Q(code_id=None)
GIVEN = Q(is_promotional=True) | Q(is_promotional=None, order_id=None)
A_GUEST = Coalesce("gifts", "quantity")


@dataclass(frozen=True)
class Figure:
    """A counter that pages show, and the facts that it is the sum of: `part` is what each adds."""

    name: str
    label: str | Promise
    topics: tuple[str, ...]
    part: Any
    is_money: bool = False
    count: str = ""
    """Of money: the counter of the gifts whose money it is."""
    only: Q = field(default_factory=Q)
    """Of these facts alone."""
    day: str = PART
    """By which moment of a fact it is counted."""
    drops_zero: bool = False
    """A fact that adds nothing is none of it."""
    of_gifts: Any = None
    """Of orders: what the gifts of one treat in an order add, as an aggregate of gifts."""

    @property
    def definition(self) -> Definition:
        return DEFINITIONS[self.name]

    @property
    def is_of_visits(self) -> bool:
        """Which are no facts, and are counted one by one."""
        return not self.topics

    @property
    def is_by_store(self) -> bool:
        """Of what happens at a counter. Sales and visits happen at no store."""
        return self.topics == AT_THE_COUNTER and self.day == PART

    @property
    def is_by_offer(self) -> bool:
        """Of what offers gave alone."""
        return self.only in (A_COUPON, WITH_A_CODE, TAKEN_OFF)

    @property
    def is_by_treat(self) -> bool:
        """Of what is told gift by gift, or can be."""
        of_orders = self.only == TAKEN_OFF or set(self.topics) & OF_ORDERS
        told_so = not self.is_of_visits and not of_orders
        return told_so or self.of_gifts is not None

    @property
    def is_by_guest(self) -> bool:
        """Of what people do of whom it may be known whether they had come before."""
        return self.is_of_visits or self.topics == AT_THE_COUNTER


OF_ORDERS = {
    Fact.Topic.ORDER_PAID,
    Fact.Topic.REFUND_ARRIVED,
    Fact.Topic.REFUND_RETURNED,
    Fact.Topic.DISPUTE_LOST,
}
MONEY_BACK = (
    Fact.Topic.REFUND_ARRIVED,
    Fact.Topic.REFUND_RETURNED,
    Fact.Topic.DISPUTE_LOST,
)
SOLD, VOIDED = Fact.Topic.ORDER_PAID, Fact.Topic.CODE_VOIDED
TAKEN, MOVED = Fact.Topic.OFFER_USED, Fact.Topic.PROMOTION_MOVED

TILES = ("gifts_sold", "revenue", "redeemed", "redeemed_amount", "visits", "spend_over")
"""What a page of figures begins with."""

FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            *("gifts_sold", _("Gifts sold"), (SOLD, VOIDED), F("quantity")),
            only=~A_COUPON,
            drops_zero=True,
        ),
        Figure(
            *("revenue", _("Revenue from gifts"), (SOLD, *MONEY_BACK), F("amount")),
            is_money=True,
            count="gifts_sold",
        ),
        Figure("redeemed", _("Redeemed in a store"), AT_THE_COUNTER, F("quantity")),
        Figure(
            *("redeemed_amount", _("Worth of gifts redeemed"), AT_THE_COUNTER, F("amount")),
            is_money=True,
            count="redeemed",
        ),
        Figure("visits", _("Visits through links"), (), Value(1), only=Q(is_repeat=False)),
        Figure("follows", _("Follows of links"), (), Value(1), only=Q(said_yes=False)),
        Figure(
            *("spend_over", _("Spend over the gift"), AT_THE_COUNTER, F("spend_over")),
            is_money=True,
            count="baskets",
        ),
        Figure(
            *("came_in", _("Came in"), (SOLD, *MONEY_BACK, *AT_THE_COUNTER)),
            Case(When(topic__in=AT_THE_COUNTER, then=F("spend_over")), default=F("amount")),
            is_money=True,
            count="orders",
            drops_zero=True,
        ),
        Figure(
            *("baskets", _("Redeemed with a bill that the till told"), AT_THE_COUNTER),
            F("quantity"),
            only=~Q(basket_total=None) | ~Q(extra_amount=0),
        ),
        Figure("orders", _("Orders"), (SOLD,), Value(1)),
        Figure("guests", _("Guests at the counter"), AT_THE_COUNTER, A_GUEST, drops_zero=True),
        Figure(
            *("first_time", _("First-time guests"), AT_THE_COUNTER, A_GUEST),
            only=Q(is_returning=False),
            drops_zero=True,
        ),
        Figure(
            *("came_back", _("Guests who came back"), AT_THE_COUNTER, A_GUEST),
            only=Q(is_returning=True),
            drops_zero=True,
        ),
        Figure(
            *("known_guests", _("Guests of whom we know"), AT_THE_COUNTER, A_GUEST),
            only=~Q(is_returning=None),
            drops_zero=True,
        ),
        Figure(
            *("given_away", _("Given away and redeemed"), AT_THE_COUNTER, F("quantity")),
            only=GIVEN,
        ),
        Figure(
            *("given_guests", _("Guests with a gift nobody paid for"), AT_THE_COUNTER, A_GUEST),
            only=GIVEN,
            drops_zero=True,
        ),
        Figure(
            *("taken_back", _("Gifts taken back"), (VOIDED,), -F("quantity")),
            only=~A_COUPON,
            drops_zero=True,
        ),
        Figure("coupons", _("Coupons taken"), (TAKEN,), F("quantity"), only=WITH_A_CODE),
        Figure(
            *(
                "coupon_cost",
                _("Cost of coupons as promotion"),
                (TAKEN, VOIDED, MOVED),
                F("amount"),
            ),
            is_money=True,
            count="coupons",
            only=WITH_A_CODE,
        ),
        Figure("discounts", _("Orders with a discount"), (TAKEN,), F("quantity"), only=TAKEN_OFF),
        Figure(
            *("discount_cost", _("Discounts as promotion"), (TAKEN, MOVED), F("amount")),
            is_money=True,
            count="discounts",
            only=TAKEN_OFF,
        ),
        Figure(
            *("coupons_used", _("Coupons used at the counter"), AT_THE_COUNTER, A_GUEST),
            only=A_COUPON,
            drops_zero=True,
        ),
        Figure(
            *("coupons_used_amount", _("Handed over on coupons"), AT_THE_COUNTER, F("amount")),
            is_money=True,
            count="coupons_used",
            only=A_COUPON,
        ),
        Figure(
            *("coupon_over", _("Spend beyond coupons"), AT_THE_COUNTER, F("spend_over")),
            is_money=True,
            count="coupon_baskets",
            only=A_COUPON,
        ),
        Figure(
            *("went_back", _("Money that went back"), MONEY_BACK, -F("amount")),
            is_money=True,
            count="orders",
        ),
        Figure("sold", _("Sold in these days"), (SOLD,), F("quantity"), of_gifts=Count("pk")),
        Figure(
            *("sales", _("Paid for what was sold"), (SOLD,), F("amount")),
            is_money=True,
            count="sold",
            of_gifts=Sum(F("amount") - F("discount")),
        ),
        Figure(
            *("taken_back_of_sold", _("Taken back of those sold"), (VOIDED,), -F("quantity")),
            day=OF_A_SALE,
            drops_zero=True,
        ),
        Figure(
            *("delivered", _("Delivered of those sold"), (Fact.Topic.GIFT_SENT,), F("quantity")),
            day=OF_A_SALE,
        ),
        Figure(
            *("opened", _("Opened of those sold"), (Fact.Topic.GIFT_OPENED,), F("quantity")),
            day=OF_A_SALE,
        ),
        Figure(
            *("redeemed_of_sold", _("Redeemed of those sold"), AT_THE_COUNTER, A_GUEST),
            day=OF_A_SALE,
            drops_zero=True,
        ),
    )
}
