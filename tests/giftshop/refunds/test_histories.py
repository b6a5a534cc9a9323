"""Whatever people, Stripe and banks do to a payment, and in whatever order Stripe is heard: one end for each.

A history is a path of acts (walk.py).
"""

import gc
import json
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.payments import event_types
from giftshop.payments.models import StripeEvent
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.refunds import subscribers, take
from giftshop.refunds.charge import read_refunds
from giftshop.refunds.lost import came_later
from giftshop.refunds.models import Dispute, Refund
from redemption.ledger import stripe_lines
from redemption.models import Account, Device, StaffMember
from sandbox.stripe_double import StripeDouble
from tests.cast import Place
from tests.figures import Figure
from tests.giftshop.refunds.in_process import keep_composed, keep_prepared, without_network
from tests.giftshop.refunds.of_stripe import BUYER
from tests.giftshop.refunds.stage import Stage, open_order
from tests.giftshop.refunds.walk import ALL, Walk

SEED = 20261129
SAMPLED = 2_000
SOME, FEW = 0.2, 0.03
pytestmark = pytest.mark.usefixtures("in_brand")


OFTEN, MORE = 2, 24


@pytest.fixture(params=[OFTEN, pytest.param(MORE, marks=pytest.mark.stress)])
def ways(request: pytest.FixtureRequest) -> int:
    """How often a history is lived through whose end depended on what is heard when."""
    number: int = request.param
    return number


@pytest.fixture
def apart() -> int:
    """Seconds by which Stripe's clock is ahead of ours."""
    return 0


@pytest.fixture
def quiet_double(
    settings: Any, monkeypatch: pytest.MonkeyPatch, apart: int
) -> Iterator[StripeDouble]:
    with StripeDouble(now=int(time.time()) + apart) as double:
        settings.STRIPE_API_BASE = double.url
        settings.STRIPE_SECRET_KEY = "sk_test_payments"
        without_network(double, monkeypatch)
        stripe_sdk.client.cache_clear()
        yield double
    stripe_sdk.client.cache_clear()


@pytest.fixture
def stage(
    quiet_double: StripeDouble,
    brand: Brand,
    place: Place,
    treat: Treat,
    device: Device,
    manager: StaffMember,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    keep_prepared(monkeypatch)
    keep_composed(monkeypatch)
    order = open_order(brand, place, treat)
    return Stage(quiet_double, order, device, manager)


@pytest.fixture
def walk(stage: Stage) -> Iterator[Walk]:
    stage.sure, stage.again = SOME, SOME
    gc.freeze()  # what pytest itself holds is not looked through again and again
    yield Walk(stage, SEED)
    gc.unfreeze()


LEADS_TO = {
    **dict.fromkeys(("choose-value", "choose-item", "choose-none", "fail"), ("refund-part",)),
    "succeed": ("refund-part-pending",),
    **dict.fromkeys(("escalate", "inquiry-closed"), ("inquiry",)),
    **dict.fromkeys(("won", "lost"), ("dispute",)),
    "lost-item": ("dispute-part", "lost"),
    "approve": ("review",),
    "clear": ("warn",),
    "send": ("ask-item-later",),
}
"""What makes an act legal that is not as soon as it is paid."""


def sample(walk: Walk, count: int) -> None:
    """A quarter from the payment page on. Of the others, which begin where the payment was heard of, each act
    has its share: those in which it comes as soon as it can, or less where little can follow on it."""
    walk.stage.is_sample = True
    walk.most = count // 4
    while walk.seen < walk.most:
        walk.tree((), 4, some=4, first=BUYER)
    others = count - walk.most
    with walk.begun("pay"):
        for at, name in enumerate(ALL, start=1):
            walk.most = count - others + others * at // len(ALL)
            before = LEADS_TO.get(name, ())
            with walk.begun(*before):
                seen = -1
                while seen < walk.seen < walk.most:
                    seen = walk.seen
                    walk.tree(("pay", *before), 3, some=5, first=(name,))
        walk.most = count
        while walk.seen < count:
            walk.tree(("pay",), 3, some=3)


@pytest.mark.timeout(1_800)  # two minutes of a processor, of which others may have the most
def test_sampled_histories_have_one_end(walk: Walk) -> None:
    walk.whole_every = 50
    walk.stage.sure, walk.stage.again = FEW, FEW
    sample(walk, SAMPLED)
    assert walk.found == []
    assert walk.seen == SAMPLED
    assert walk.acts.keys() == {*BUYER, *ALL}


@pytest.mark.stress
def test_sampled_histories_heard_again_have_one_end(walk: Walk, figure: Figure) -> None:
    walk.whole_every = 50
    walk.stage.sure, walk.stage.again = FEW, SOME
    walk.rng.seed(SEED + 1)
    sample(walk, SAMPLED)
    assert walk.found == []
    assert walk.seen == SAMPLED
    figure(
        "I27",
        "histories of up to six acts at random, Stripe heard at once, at random and again,"
        f" seed {SEED + 1}",
        size=f"{walk.seen:,} histories",
        result="one end each, books as Stripe's balance",
    )


@pytest.mark.stress
@pytest.mark.parametrize("scheduled", [False, True])
def test_all_histories_of_up_to_four_acts_have_one_end(
    walk: Walk, scheduled: bool, figure: Figure
) -> None:
    if scheduled:
        walk.stage.order.gifts.filter(position=2).update(
            deliver_at=timezone.now() + timedelta(days=1)
        )
    walk.stage.sure, walk.stage.again = FEW, FEW
    walk.whole_every = 500
    walk.tree((), 4, first=BUYER)
    assert walk.found == []
    figure(
        "I27",
        f"every legal history of up to four acts{', one gift scheduled' if scheduled else ''},"
        f" Stripe heard at once and at random, seed {SEED}",
        size=f"{walk.seen:,} histories",
        result="one end each, books as Stripe's balance",
    )


GOOD, GONE = [("active", 1000), ("active", 650)], [("voided", 0), ("voided", 0)]


@pytest.mark.parametrize(
    ("acts", "gifts"),
    [
        # Stripe's charge no longer names a review that is over.
        ("pay > review > approve", GOOD),
        # Two parts that never were away at once are not the whole.
        ("pay > refund-part > fail > refund-rest", GONE),
        # Which gifts a lost part was for is said once; what Stripe repeats changes nothing.
        ("pay > dispute-part > lost > lost-item > warn", [("active", 1000), ("voided", 0)]),
        # The bank gave the money back before a dispute began: the gifts are not good again.
        ("pay > resolution", GONE),
        ("pay > block", GOOD),
        # Asked for, and sent back in Stripe's dashboard before we sent it.
        ("pay > ask-item-later > refund-rest > send", GONE),
        # Said which gift the refund was for, no more is left than the bank took.
        (
            "pay > redeem-some > refund-part > dispute-part > lost > choose-item",
            GONE,
        ),
        # The bank took all, but for what had gone back before for one of them.
        ("pay > refund-part > dispute > lost > choose-item", GONE),
        ("pay > refund-part > inquiry > escalate > lost > choose-value", GONE),
    ],
)
def test_a_history_that_went_wrong_once(
    walk: Walk, acts: str, gifts: list[tuple[str, int]]
) -> None:
    walk.live(*acts.split(" > "))
    assert walk.found == []
    assert [tuple(gift) for gift in walk.end["gifts"]] == gifts
    assert Account.GOODWILL_EXPENSE not in walk.end["books"]


@pytest.mark.parametrize("size", ["refund-rest", "refund-rest-pending > succeed"])
def test_a_gift_that_no_refund_was_for_is_held_by_none_at_the_end(
    walk: Walk, size: str, ways: int
) -> None:
    """All were held until the refund arrived: then it was known to be for what is left of one."""
    for _ in range(ways):
        walk.live("pay", "refund-part", "choose-none", *size.split(" > "))
    assert walk.found == []
    assert walk.end["gifts"] == [["voided", 0], ["active", 650]]


@pytest.mark.parametrize("case", ["resolution", "dispute > lost", "dispute-part > lost"])
@pytest.mark.parametrize("sent", ["refund-rest", "refund-rest-pending > succeed", "refund-part"])
def test_that_a_refund_arrived_may_be_heard_after_the_bank_took_the_same_money(
    walk: Walk, sent: str, case: str, ways: int
) -> None:
    """It failed in the end, so that it had arrived is told by an old event alone."""
    acts = f"pay > {sent} > {case} > fail".split(" > ")
    for _ in range(ways):
        walk.live(*acts)
    assert walk.found == []
    assert Account.GOODWILL_EXPENSE not in walk.end["books"]


def test_that_a_refund_arrived_may_be_heard_after_another_was_made_in_its_place(
    walk: Walk, ways: int
) -> None:
    for acts in (
        "pay > refund-part > refund-rest > fail > refund-rest",
        "pay > refund-rest > fail > refund-rest",
        "pay > refund-rest > fail > refund-rest-pending",
        "pay > refund-rest-pending > succeed > fail > refund-part > refund-rest",
    ):
        for _ in range(ways):
            walk.live(*acts.split(" > "))
        assert walk.found == [], acts
        assert Account.GOODWILL_EXPENSE not in walk.end["books"]


@pytest.mark.parametrize("apart", [-3600, 30])
@pytest.mark.parametrize(
    "acts",
    [
        # Stripe refunds what a bank only asks about: it is taken when that becomes a dispute.
        "pay > inquiry > refund-part-pending > choose-item > succeed > escalate > lost > fail",
        # Ours, asked for by our clock and made by Stripe's.
        "pay > ask-item-pending > succeed > dispute > lost > fail",
    ],
)
def test_a_refund_came_before_the_money_was_taken_whatever_the_clocks_say(
    walk: Walk, acts: str, ways: int
) -> None:
    for _ in range(ways):
        walk.live(*acts.split(" > "))
    assert walk.found == []
    assert Account.GOODWILL_EXPENSE not in walk.end["books"]


def since_it_was_opened(
    found: Refund, disputes: Iterable[Dispute], code_ids: Collection[UUID]
) -> Counter[UUID]:
    """What must not be done: take an inquiry for a dispute since it was opened."""
    rows = list(disputes)
    for row in rows:
        row.withdrawn_at = None
    return came_later(found, rows, code_ids)


@pytest.mark.parametrize("is_right", [True, False])
def test_an_inquiry_takes_money_when_it_becomes_a_dispute(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, is_right: bool
) -> None:
    """A refund that was made in between, and arrived, is heard of last: it was its gift's money."""
    if not is_right:
        for module in (read_refunds, take):
            monkeypatch.setattr(module, "came_later", since_it_was_opened)
    stage = walk.stage
    with walk.begun("pay", "inquiry", "refund-part-pending", "choose-item"):
        since = stage.told()
        for name in ("succeed", "escalate", "lost", "fail"):
            stage.act(name)
        stage.hear(stage.events(since)[::-1])
        books = stage.judge(whole=True)["books"]
    assert (Account.GOODWILL_EXPENSE not in books) == is_right


@pytest.mark.parametrize("which", ["choose-value", "choose-item", "choose-none"])
@pytest.mark.parametrize(
    "then",
    [
        *("dispute > lost", "dispute-part > lost", "inquiry > escalate > lost"),
        *("dispute > won", "resolution", "warn"),
    ],
)
def test_for_which_gifts_a_refund_was_may_be_said_before_or_after_what_follows(
    walk: Walk, which: str, then: str
) -> None:
    ends = []
    for acts in (f"{which} > {then}", f"{then} > {which}"):
        walk.live("pay", "refund-part", *acts.split(" > "))
        assert walk.found == []
        ends.append({key: walk.end[key] for key in ("gifts", "refunds", "books", "owed", "holds")})
    for end in ends:
        # Stripe's names are others in another life.
        end["refunds"] = [row[1:] for row in end["refunds"]]
        end["holds"] = [row[:2] for row in end["holds"] or []]
    assert ends[0] == ends[1]


def trust_the_event(state: Any, event: StripeEvent, now: datetime) -> None:
    """What must not be done: believe an event that is old by now."""
    told = json.loads(event.payload)["data"]["object"]
    refunds = (
        replace(each, status=told["status"], gone_at=None) if each.id == told["id"] else each
        for each in state.refunds
    )
    subscribers.record(replace(state, refunds=tuple(refunds)), event, now)


def book_again(**line: Any) -> bool:
    """What must not be done: forget that the line was booked."""
    known = line.pop("line")
    return stripe_lines.post_line(line=replace(known, id=f"{known.id}-{uuid4()}"), **line)


@pytest.mark.parametrize("fault", ["trust", "twice"])
def test_a_planted_fault_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    walk.stage.sure = 1  # nothing is taken as known
    if fault == "trust":
        for name in subscribers.TYPES:
            kind = replace(event_types._kinds[name], record=trust_the_event)
            monkeypatch.setitem(event_types._kinds, name, kind)
    else:
        monkeypatch.setattr(read_refunds, "post_line", book_again)
    for _ in range(OFTEN):
        walk.live("pay", "refund-rest-pending", "succeed", "fail")
    assert walk.found
