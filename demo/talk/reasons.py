"""Why people came, in the demo: the team believes in community; most of those who answer came for a treat."""

from datetime import datetime
from random import Random

from brands.models import Brand
from giftshop.accounts.models import Membership
from giftshop.orders.models import Gift, Order
from giftshop.reasons import answer, team
from giftshop.reasons.models import Reason
from redemption.models import Code

SAID = 0.4
"""Of those who were asked."""
BELIEVED = {
    "owner": (Reason.COMMUNITY, Reason.CLOSE, Reason.NEW),
    "marketer": (Reason.COMMUNITY, Reason.NEW, Reason.OPINION),
}
"""By role. The store managers have not said it yet: their studio asks them."""
LIKED = {
    Reason.TREAT: 12,
    Reason.DISCOUNT: 8,
    Reason.NEW: 5,
    Reason.INFORMATION: 4,
    Reason.REVIEWS: 4,
    Reason.EVENT: 2,
    Reason.SERVICE: 2,
    Reason.EXCLUSIVE: 2,
    Reason.OPINION: 1,
    Reason.CLOSE: 1,
    Reason.IDEAS: 1,
    Reason.COMMUNITY: 1,
}


def play(brand: Brand, now: datetime) -> None:
    """Expects the brand's scope. Who said it before has said it."""
    for member in Membership.objects.filter(brand=brand).select_related("brand"):
        if member.role in BELIEVED:
            team.believe(member, ranks=BELIEVED[member.role], now=now)
    for order in Order.objects.paid().filter(sender_erased_at=None).order_by("pk"):
        dice = Random(f"why {order.key}")  # nosec B311  # believable, not secret
        if dice.random() < SAID and order.paid_at:
            answer.of_sender(order_id=order.pk, ranks=_three(dice), now=order.paid_at)
    enjoyed = Gift.objects.filter(code__state=Code.State.REDEEMED, opened_at__isnull=False)
    for gift in enjoyed.select_related("order").order_by("pk"):
        dice = Random(f"why {gift.order.key} {gift.position}")  # nosec B311
        if dice.random() < SAID:
            answer.of_recipient(gift_id=gift.pk, ranks=_three(dice), now=gift.opened_at or now)


def _three(dice: Random) -> list[Reason]:
    """Different ones, the liked ones more often and earlier."""
    left = dict(LIKED)
    ranks: list[Reason] = []
    while len(ranks) < 3:
        (picked,) = dice.choices(list(left), list(left.values()))
        ranks.append(picked)
        del left[picked]
    return ranks
