"""The counters of the dashboard: each is declared here, once.

From the declaration follow the column of a rollup (models/fact.py), what an event adds to it (the SQL of
rollups.py, for new facts, for a visit and for a count anew) and the sum that pages read
(dashboard/figures.py). To add one, declare it, make the migration, and say in
tests/campaigns/facts/test_rollups.py how a hand would count it.

Sums are columns, not rows of name and value: a fact moves a dozen of them in one row by one statement,
they are read together, and the database holds each to be a number.
"""

from dataclasses import dataclass, field, fields

from giftshop.outbox.topics import Topic

PAID = f"topic = '{Topic.ORDER_PAID}'"
SENT = f"topic = '{Topic.GIFT_SENT}'"
OPENED = f"topic = '{Topic.GIFT_OPENED}'"
AT_THE_COUNTER = f"topic IN ('{Topic.CODE_REDEEMED}', '{Topic.REDEMPTION_REVERSED}')"
BASKET_TOLD = "(basket_total IS NOT NULL OR extra_amount <> 0)"
COUPON = "offer_id IS NOT NULL"
"""Of what an offer gave: promotion, and no part of what was sold."""
TAKEN = f"topic = '{Topic.OFFER_USED}' AND code_id IS NOT NULL"
TAKEN_OFF = f"topic = '{Topic.OFFER_USED}' AND code_id IS NULL"
"""What an offer took off an order gives no code: it is used with the order."""
VOIDED = f"topic = '{Topic.CODE_VOIDED}' AND offer_id IS NULL"
COUPON_VOIDED = f"topic = '{Topic.CODE_VOIDED}' AND {COUPON}"
PROMOTION_MOVED = f"topic = '{Topic.PROMOTION_MOVED}'"
"""What an offer cost became less, or more again: of a coupon with its code, of a discount without."""
COUPON_COST = f"{TAKEN} OR {COUPON_VOIDED} OR {PROMOTION_MOVED} AND code_id IS NOT NULL"
DISCOUNT_COST = f"{TAKEN_OFF} OR {PROMOTION_MOVED} AND code_id IS NULL"
MONEY_BACK = "topic IN ('refund.arrived', 'refund.returned', 'dispute.lost')"
GIVEN = "COALESCE(is_promotional, order_id IS NULL)"
"""Nobody paid for it. Facts of old only say whether there was an order."""
A_GUEST = "COALESCE(gifts, quantity)"
"""Of an amount that is spent in parts only the first is a guest who comes."""


@dataclass(frozen=True)
class Counter:
    """What an event adds to it, in SQL of whole numbers; empty: nothing. An undone redemption is a fact
    that takes away what it undoes, since its figures are negative."""

    of_fact: str = ""
    """Of a fact, on the day it happened, and at its store."""
    of_sale: str = ""
    """Of what became of a sold gift, on the day of the sale."""
    of_visit: str = ""


def _counted(**declared: str) -> int:
    return field(default=0, metadata={"counter": Counter(**declared)})


def _each(topic: str, column: str) -> str:
    """Of facts of the topic, what their column says."""
    return f"CASE WHEN {topic} THEN {column} ELSE 0 END"


@dataclass(frozen=True)
class Counters:
    """The sums of one row, or of many. Money in minor units of the brand's currency."""

    visits: int = _counted(of_visit="(NOT visit.is_repeat)::int")
    orders: int = _counted(of_fact=_each(PAID, "1"))
    gifts_sold: int = _counted(of_fact=_each(f"{PAID} OR {VOIDED}", "quantity"))
    """Less those that were taken back, on the day they were."""
    revenue: int = _counted(of_fact=_each(f"{PAID} OR {MONEY_BACK}", "amount"))
    """Less what went back, on the day it did."""
    delivered: int = _counted(of_sale=_each(SENT, "quantity"))
    """Like the next, and redeemed_of_sold: of the gifts sold on this day, so far."""
    opened: int = _counted(of_sale=_each(OPENED, "quantity"))
    redeemed: int = _counted(of_fact=_each(AT_THE_COUNTER, "quantity"))
    redeemed_amount: int = _counted(of_fact=_each(AT_THE_COUNTER, "amount"))
    spend_over: int = _counted(of_fact=_each(AT_THE_COUNTER, "spend_over"))
    baskets: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND {BASKET_TOLD}", "quantity"))
    """Redemptions of which the till told what else was bought."""
    repeats: int = _counted(of_visit="(visit.is_repeat AND NOT visit.said_yes)::int")
    """Follows of links that were no visits of their own."""
    redeemed_of_sold: int = _counted(of_sale=_each(AT_THE_COUNTER, "COALESCE(gifts, quantity)"))
    given_away: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND {GIVEN}", "quantity"))
    """Redeemed gifts that nobody had paid for."""
    sales: int = _counted(of_fact=_each(PAID, "amount"))
    """What these gifts were paid with, whatever went back."""
    sold: int = _counted(of_fact=_each(PAID, "quantity"))
    """All gifts sold on this day, whatever became of them: of which delivered, opened, redeemed_of_sold and
    the next are parts."""
    taken_back_of_sold: int = _counted(of_sale=_each(VOIDED, "-quantity"))
    taken_back: int = _counted(of_fact=_each(VOIDED, "-quantity"))
    """Gifts that were sold and voided before anything of them was used."""
    went_back: int = _counted(of_fact=_each(MONEY_BACK, "-amount"))
    """Money: refunds that arrived and lost disputes, less refunds that came back from the bank."""
    guests: int = _counted(of_fact=_each(AT_THE_COUNTER, A_GUEST))
    """Gifts that came to a counter, each once, however often an amount was used."""
    given_guests: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND {GIVEN}", A_GUEST))
    """Guests with a gift that nobody had paid for."""
    first_time: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND NOT is_returning", A_GUEST))
    """Guests who had come with no gift before."""
    came_back: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND is_returning", A_GUEST))
    """Guests who had. Of the others nobody knows."""
    coupons: int = _counted(of_fact=_each(TAKEN, "quantity"))
    """What offers gave, on the day it was taken."""
    coupon_cost: int = _counted(of_fact=_each(COUPON_COST, "amount"))
    """What that was booked with as promotion, less what was left of those that were taken back or expired."""
    coupons_used: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND {COUPON}", A_GUEST))
    """Coupons that came to a counter, each once: guests that they brought."""
    coupons_used_amount: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND {COUPON}", "amount"))
    """What was handed over on them, at the price they were booked with."""
    coupon_over: int = _counted(of_fact=_each(f"{AT_THE_COUNTER} AND {COUPON}", "spend_over"))
    discounts: int = _counted(of_fact=_each(TAKEN_OFF, "quantity"))
    """Orders of which an offer took something off."""
    discount_cost: int = _counted(of_fact=_each(DISCOUNT_COST, "amount"))
    """What that was: promotion, and no part of what was paid. Less the discount on what was not used of gifts
    that went back, were voided, were lost to a dispute or expired."""
    coupon_baskets: int = _counted(
        of_fact=_each(f"{AT_THE_COUNTER} AND {COUPON} AND {BASKET_TOLD}", "quantity")
    )
    """Of which the till told what else was bought."""


COUNTERS: dict[str, Counter] = {each.name: each.metadata["counter"] for each in fields(Counters)}
NAMES = tuple(COUNTERS)
