"""How a discount is shared out, to the last coin. Amounts in minor units; nothing here knows of rows.

A discount lies on the gifts of an order by what each costs, so that each knows what was paid for it. Of a
gift that is used or paid back in parts, every part was paid for like the whole. How much of that can still go
back is what was paid for all that is not used, less what went back already (`paid_of`): it is the same
whatever the way there was. So whatever goes back or comes to an end, in parts, in any order, and around uses
that are undone, sums to what was paid for the gift, and never to a unit more.

Without a discount the same holds of coins alone: of 4995 fils 4990 can be sent.
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


def paid_of(left: int, *, amount: int, discount: int, currency: str, back: int = 0) -> int:
    """What was paid for so much that is left of a gift of that amount, of which `back` of what was paid, in
    whole coins, went back: rounded down to whole coins, for nothing less can be sent. For the whole it is all
    that was paid, for nothing nothing, and never less for more."""
    if not left:
        return 0
    unused = left + worth_of(back, amount=amount, discount=discount)
    return in_coins(unused * (amount - discount) // amount, currency) - back


def worth_of(back: int, *, amount: int, discount: int) -> int:
    """How much less a gift is worth after so much of what was paid for it went back, rounded down: what stays
    is never less than what the rest had paid for."""
    return back * amount // (amount - discount)
