"""What a brand owes for a gift falls or rises: the part that was paid for, and the part that was a discount.

Of a gift that was bought at a discount, somebody paid a part, and the rest is the brand's promotional
expense. Whatever the brand comes to owe, or owes no more, has both parts, as redemption/discounts.py says.
Only redeeming moves the whole: what was handed over was worth all of it, and what it cost stays spent.
"""

from redemption.ledger.posting import Leg
from redemption.models import Account, Code


def legs(
    code: Code, *, before: int, after: int, against: Account, names: Code | None = None
) -> list[Leg]:
    """Its balance goes from `before` to `after`: what was paid for that stands against `against`, what was
    not against the promotional expense. `names`: the code that the leg of what was paid names."""
    paid = code.paid_of(before) - code.paid_of(after)
    sides = [
        Leg(Account.GIFT_LIABILITY, before - after, code=code),
        Leg(against, -paid, code=names),
        Leg(Account.PROMO_EXPENSE, paid - (before - after), code=code),
    ]
    return [side for side in sides if side.amount]
