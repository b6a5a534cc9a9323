"""How a discount is shared out, to the last coin. Amounts in minor units; nothing here knows of rows.

A discount lies on the gifts of an order by what each costs, so that each knows what was paid for it. Of a
gift that is used or paid back in parts, every part was paid for like the whole: how much of it, says what is
left on it alone (`paid_of`), and not the way there. So whatever goes back or comes to an end, in parts and
in any order, sums to what was paid for the gift, and never to a unit more.
"""

from collections.abc import Sequence

from core.money import coin, in_coins, least_charge

WHOLE = 100
"""Percent."""


def percent_of(total: int, percent: int, currency: str) -> int:
    """So much of it, a part of a coin rounded up: in favour of whoever pays."""
    step = WHOLE * coin(currency)
    return -(-total * percent // step) * coin(currency)


def in_coins_up(amount: int, currency: str) -> int:
    """The amount, a part of a coin rounded up."""
    return in_coins(amount + coin(currency) - 1, currency)


def most_off(total: int, gifts: int, currency: str) -> int:
    """As much as can be taken off a total of so many gifts: what is left can be charged, and has a coin for
    each gift. 0 where that is nothing."""
    step = coin(currency)
    least = in_coins_up(least_charge(currency), currency)
    return max(0, in_coins(total, currency) - max(least, gifts * step))


def spread(discount: int, amounts: Sequence[int], currency: str) -> list[int]:
    """The part of each amount, in whole coins, that sums to the discount: by largest remainder, the first
    ones first. None is all of its amount. Raises ValueError for more than `most_off`, or for less than
    coins."""
    step, total = coin(currency), sum(amounts)
    if discount % step or not 0 <= discount <= total - step * len(amounts):
        raise ValueError(f"{discount} of {total} can't be spread over {len(amounts)} amounts")
    if not discount:
        return [0] * len(amounts)
    parts = [discount * amount // (total * step) * step for amount in amounts]
    rest = [discount * amount - part * total for amount, part in zip(amounts, parts, strict=True)]
    by_rest = sorted(range(len(amounts)), key=lambda at: (-rest[at], at))
    left = (discount - sum(parts)) // step
    while left:  # once round, but where what an amount would get is all of it
        for at in by_rest:
            if left and parts[at] + step < amounts[at]:
                parts[at] += step
                left -= 1
    return parts


def paid_of(left: int, *, amount: int, discount: int, currency: str) -> int:
    """What was paid for so much that is left of a gift of that amount, rounded down to whole coins, for
    nothing less can be sent back: for the whole all that was paid, for nothing nothing, and never less for
    more. Without a discount it is what is left."""
    if not discount:
        return left
    return in_coins(left * (amount - discount) // amount, currency)


def left_with(paid: int, *, amount: int, discount: int) -> int:
    """The least that is left of it where so much was paid for that, in whole coins: paid_of() of it is `paid`
    again."""
    return -(-paid * amount // (amount - discount))
