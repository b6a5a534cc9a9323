"""What a brand owes for a gift falls or rises: the part that was paid for, and the part that was a discount.

Of a gift that was bought at a discount, somebody paid a part, and the rest is the brand's promotional
expense. Whatever the brand comes to owe, or owes no more, has both parts, as redemption/discounts.py says.
Only redeeming moves the whole: what was handed over was worth all of it, and what it cost stays spent.

Without a discount the rest is what is less than a coin, which can't be sent: 5 of 4995 fils. The brand earned
it with what was used, so it is breakage.
"""

from redemption.ledger.posting import Leg
from redemption.models import Account, Code


def legs(
    code: Code, *, before: int, after: int, against: Account, names: Code | None = None
) -> list[Leg]:
    """Its balance goes from `before` to `after` by anything but a refund: what was paid for that stands
    against `against`, the rest against the promotional expense or breakage. `names`: the code that the leg
    of what was paid names."""
    paid = code.paid_of(before) - code.paid_of(after)
    if code.origin == Code.Origin.PROMOTIONAL:  # nobody paid, and figures ask whose cost it was
        paid, names = before - after, code
    return sides(code, worth=before - after, paid=paid, against=against, names=names)


def sides(
    code: Code, *, worth: int, paid: int, against: Account, names: Code | None = None
) -> list[Leg]:
    """As legs(), where it is known how much of that worth was paid."""
    rest = Account.PROMO_EXPENSE if code.discount else Account.BREAKAGE
    if against == rest:
        paid = worth
    found = [
        Leg(Account.GIFT_LIABILITY, worth, code=code),
        Leg(against, -paid, code=names),
        Leg(rest, paid - worth, code=code),
    ]
    return [side for side in found if side.amount]
