"""A balance is a linearizable register (I3): what tills hear could have come from one till at a time."""

import random
import time
from dataclasses import dataclass

import pytest
from django.core.management import call_command

from brands.models import Brand
from redemption.models import Code
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.figures import Figure
from tests.races.crowd import deployed, kill_again_and_again, meanwhile
from tests.races.gifts import issue
from tests.races.histories import TILLS_PER_GIFT, WORTH, History, Recorder
from tests.races.linearizability import is_linearizable

GIFTS = 10
OPS_PER_GIFT = 100
CONTROL_GIFTS = 4
SEED = 20261122

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def whole_day_to_reverse(brand: Brand) -> None:
    brand.reversal_window_seconds = 24 * 3600
    brand.save()


def test_what_tills_hear_has_an_order_that_explains_it(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    judged = judge(paired, brand, gifts=GIFTS, ops_per_gift=OPS_PER_GIFT)
    assert judged.without_order == [], f"seed {SEED}"
    call_command("verify_ledger")
    judged.tell(figure)


def record(
    paired: PairedDevice,
    brand: Brand,
    *,
    gifts: int,
    ops_per_gift: int,
    kills: int = 0,
    **options: str,
) -> tuple[list[History], Recorder]:
    codes = issue(brand, gifts, amount=WORTH, kind=Code.Kind.VALUE)
    found: list[History] = []
    with deployed(**options) as deployment:
        recorder = Recorder(deployment, paired.token, SEED)

        def work(_n: int) -> None:
            found.extend(
                recorder.record([symbols(code) for code in codes], ops_per_gift=ops_per_gift)
            )

        with meanwhile(work, 1) as going_on:
            kill_again_and_again(
                deployment.kill,
                times=kills,
                progress=lambda: recorder.done,
                steps=(gifts, max(gifts + 1, gifts * ops_per_gift // (kills + 2))),
                going_on=going_on,
                seed=SEED,
            )
    return found, recorder


@dataclass(frozen=True)
class Judged:
    """What tills heard of some gifts, and the gifts whose history no order explains."""

    gifts: int
    kills: int
    acts: int
    unknown: int
    without_order: list[str]
    seconds: float

    def tell(self, figure: Figure) -> None:
        killed = f"the server killed {self.kills} times" if self.kills else "no kills"
        figure(
            "I3",
            f"{TILLS_PER_GIFT} tills redeem, undo and look at each gift, {killed};"
            f" searched for an order, seed {SEED}",
            size=f"{self.acts:,} acts on {self.gifts} gifts",
            result=f"{len(self.without_order)} without an order, {self.unknown} unanswered,"
            f" {self.seconds:.1f} s search",
            zero_in=self.acts,
        )


def judge(
    paired: PairedDevice, brand: Brand, *, gifts: int, ops_per_gift: int, kills: int = 0
) -> Judged:
    """Have the tills act, see that all kinds of answers came, then look for an order of each history."""
    histories, recorder = record(paired, brand, gifts=gifts, ops_per_gift=ops_per_gift, kills=kills)
    started = time.monotonic()
    acts = [act for history in histories for act in history.acts]
    unknown = sum(act.outcome == "unknown" for act in acts)
    assert len(acts) + recorder.turned_away == gifts * ops_per_gift
    assert recorder.turned_away < len(acts) // 20
    assert {act.outcome for act in acts} >= {"ok", "insufficient_balance", "already_reversed"}
    assert bool(unknown) == bool(kills)
    lost = [history.name for history in histories if not is_linearizable(history.acts, WORTH)]
    return Judged(gifts, kills, len(acts), unknown, lost, time.monotonic() - started)


@pytest.mark.stress
def test_the_control_without_its_guard_has_no_order(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    histories, _recorder = record(
        paired,
        brand,
        gifts=CONTROL_GIFTS,
        ops_per_gift=OPS_PER_GIFT,
        wsgi="tests.races.unguarded_wsgi:application",
    )
    rejected = sum(not is_linearizable(history.acts, WORTH) for history in histories)
    assert rejected == CONTROL_GIFTS
    figure(
        "I3",
        "control: the same without the guard",
        size=f"{CONTROL_GIFTS} gifts",
        result=f"{rejected} without an order",
    )


def test_one_digit_changed_in_a_true_history_is_found(paired: PairedDevice, brand: Brand) -> None:
    """The judge is awake for what the product really says, too."""
    (history,), _recorder = record(paired, brand, gifts=1, ops_per_gift=OPS_PER_GIFT)
    assert is_linearizable(history.acts, WORTH)
    shuffle = random.Random(SEED)
    told = [n for n, act in enumerate(history.acts) if act.balance is not None]
    for n in shuffle.sample(told, 10):
        act = history.acts[n]
        wrong = type(act)(**{**vars(act), "balance": (act.balance or 0) + 7})
        changed = [*history.acts[:n], wrong, *history.acts[n + 1 :]]
        assert not is_linearizable(changed, WORTH)
