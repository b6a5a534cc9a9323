"""Who got a gift and sent one on: back to its sender, by the code at the counter, or from the shop; and whom
they gave to, again. Planned from a die of its own, so that the rest of the past stays as it is."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from brands.models import Store
from campaigns.links import counter_visits
from demo import senders
from demo.brands import DemoBrand
from demo.history import Bought, Came, Given, Look, gifts_of, life
from demo.replay import Act
from giftshop.orders.models import CameBy, Gift
from redemption.models import Redemption

SENT_ON = (0.2, 0.5, 0.5, 0.3)
"""How likely, by generation: who was given to by somebody they gave to is keener. Then it ends."""
LOOKED = 0.16
"""Who followed the code at the counter and gave nothing."""
WAYS = {CameBy.COUNTER: 4, CameBy.REPLY: 4, CameBy.SHOP: 3}


def grown(data: DemoBrand, story: Iterable[Look | Bought], *, ended: datetime) -> list[Bought]:
    """What came of the story's gifts, and of what came of them, as far as it was before the end."""
    dice = random.Random(f"chains of {data.slug}")  # nosec B311  # believable, not secret
    before = [part for part in story if isinstance(part, Bought)]
    found: list[Bought] = []
    for chance in SENT_ON:
        after = [
            _sent_on(data, dice, bought, position, given)
            for bought in before
            for position, given in enumerate(bought.gifts, start=1)
            if given.enjoyed and dice.random() < chance
        ]
        before = [bought for bought in after if bought.paid_at < ended]
        found += before
    return found


def _sent_on(
    data: DemoBrand, dice: random.Random, bought: Bought, position: int, given: Given
) -> Bought:
    assert given.enjoyed is not None  # nosec B101  # the caller looked
    way = dice.choices(list(WAYS), list(WAYS.values()))[0]
    minutes = {CameBy.COUNTER: 2, CameBy.REPLY: 300, CameBy.SHOP: 2000}[way]
    at = given.enjoyed.at + timedelta(seconds=70 + 60 * minutes * dice.random())
    paid_at = at + timedelta(seconds=dice.randint(35, 160))
    key = f"{bought.key}:on:{position}"
    came = Came(bought.key, position, way, given.enjoyed.store if way == CameBy.COUNTER else "")
    gifts = tuple(gifts_of(data, dice, given.recipient, paid_at))
    if way != CameBy.SHOP:
        gifts = (_back(data, dice, bought, given, paid_at),)
    visitor = f"demo-counter-{key}" if way == CameBy.COUNTER else ""
    return Bought(key, given.recipient, visitor, at, paid_at, gifts, came)


def _back(
    data: DemoBrand, dice: random.Random, bought: Bought, given: Given, paid_at: datetime
) -> Given:
    """The same treat for whoever sent it."""
    entry = next(entry for entry in data.menu if entry.name == given.treat)
    card = senders.card_for((bought.sender,), given.recipient, data, dice)
    words = card.to(bought.sender.name)
    what = (bought.sender, Gift.Channel.EMAIL, entry, given.size, words, card.design, None)
    return life(data, dice, *what, begins=paid_at)


def acts(data: DemoBrand, story: Iterable[Look | Bought]) -> Iterator[Act]:
    """Phones follow the code that a till showed: of those who gave then, and of some who only looked."""
    dice = random.Random(f"counters of {data.slug}")  # nosec B311  # as above
    for bought in story:
        if not isinstance(bought, Bought):
            continue
        if bought.came and bought.came.store:
            at = bought.placed_at - timedelta(seconds=40)
            visit = partial(_follow, bought.came.key, bought.came.position, bought.visitor_id, at)
            yield Act(at, visit, commits=True)
        for position, given in enumerate(bought.gifts, start=1):
            if given.enjoyed and dice.random() < LOOKED:
                at = given.enjoyed.at + timedelta(seconds=65)
                visitor = f"demo-looked-{bought.key}-{position}"
                visit = partial(_follow, bought.key, position, visitor, at)
                yield Act(at, visit, commits=True)


def _follow(key: str, position: int, visitor_id: str, at: datetime) -> None:
    """Nothing where the gift was not handed over after all."""
    gift = Gift.objects.get(order__key=key, position=position)
    handed_over = Redemption.objects.standing().filter(code=gift.code_id).first()
    if handed_over is not None:
        counter_visits.record(
            store=Store.objects.get(pk=handed_over.store_id),
            redemption_id=handed_over.pk,
            visitor_id=visitor_id,
            now=at,
        )
