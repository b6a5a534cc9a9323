"""What a till was told is done stays done (I6): the server as it is deployed, main process and workers,
and the database are killed under load."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django_scopes import scope

from brands.models import Brand
from redemption.models import Code, Redemption
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.cast import make_brand, make_store, symbols
from tests.figures import Figure
from tests.races.crowd import (
    Deployment,
    at_once,
    deployed,
    insist,
    kill_again_and_again,
    meanwhile,
)
from tests.races.durable import DurablePostgres
from tests.races.gifts import issue
from tests.races.tills import NoAnswer, NotSent, Reply, Till

TILLS = 8
GIFTS = 40
WORTH = 1_000_000
WEB_KILLS = 2  # the main process and a worker
CRASHES = 1
CONTROL_KILLS = 3
BETWEEN = (30, 90)
"""So many more redemptions before the next kill."""
SECONDS_TO_ANSWER = 15.0
WEB_KILLED = "granian's main process and its workers killed (SIGKILL) in turn"
DATABASE_CRASHED = "PostgreSQL killed (SIGKILL, fsync on)"
SEED = 20261122

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Acknowledged:
    """What a till was told, under which key, and how often it had asked in vain."""

    key: str
    code: Code
    amount: int
    reply: Reply
    asked_in_vain: int


@dataclass
class Day:
    """A day at the tills: everything that was acknowledged."""

    deployment: Deployment
    token: str
    codes: list[Code]
    seed: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def serve(self, n: int) -> None:
        """Redeem random parts of random gifts until the shop closes; never leave one unanswered."""
        shuffle = random.Random(self.seed * 1000 + n)
        texts = {code.pk: symbols(code) for code in self.codes}
        number = 0
        with closing(Till(self.deployment, self.token, SECONDS_TO_ANSWER)) as till:
            while not self.closed.is_set():
                number += 1
                key, amount = f"day-{self.seed}-{n}-{number}", shuffle.randrange(1, 50)
                code = shuffle.choice(self.codes)
                ask = partial(till.redeem, key, code=texts[code.pk], amount=amount)
                reply, vain = insist(till, self.deployment, ask)
                self.acknowledged.append(Acknowledged(key, code, amount, reply, vain))

    def ask_again(self) -> list[Reply]:
        """Every key once more, in the order of the acknowledgements."""
        shares: list[list[Acknowledged]] = [self.acknowledged[n::TILLS] for n in range(TILLS)]
        heard: dict[str, Reply] = {}

        def ask(n: int) -> None:
            with closing(Till(self.deployment, self.token)) as till:
                for one in shares[n]:
                    heard[one.key] = till.redeem(one.key, code=symbols(one.code), amount=one.amount)

        at_once(ask, TILLS)
        return [heard[one.key] for one in self.acknowledged]


def survive(day: Day, kill: Callable[[], None], *, kills: int) -> None:
    """Kill again and again under load, then check every acknowledgement against the database."""
    with meanwhile(day.serve, TILLS) as going_on:
        try:
            kill_again_and_again(
                kill,
                times=kills,
                progress=lambda: len(day.acknowledged),
                steps=BETWEEN,
                going_on=going_on,
                seed=day.seed,
            )
        finally:
            day.closed.set()


def differences(day: Day, brand: Brand) -> dict[str, object]:
    """What is not as the tills were told, by its kind. Nothing: each acknowledgement is there once, with
    its amount, and nothing else; and every answer is given again."""
    with scope(brand=brand):
        rows = {
            row.idempotency_key: (str(row.pk), row.code_id, row.amount)
            for row in Redemption.objects.all()
        }
        count = Redemption.objects.count()
        left = dict(Code.objects.values_list("pk", "balance"))
    told = {
        one.key: (one.reply.json.get("id"), one.code.pk, one.amount) for one in day.acknowledged
    }
    taken: Counter[object] = Counter()
    for one in day.acknowledged:
        taken[one.code.pk] += one.amount
    gone = {pk: WORTH - balance for pk, balance in left.items()}
    again = zip(day.acknowledged, day.ask_again(), strict=True)
    found: dict[str, Any] = {
        "answers but a yes, or none": {one.reply.status for one in day.acknowledged} ^ {201},
        "lost": told.items() - rows.items(),
        "never acknowledged": rows.items() - told.items(),
        "keys used twice": count - len(rows),
        "gone from balances": gone.items()
        ^ {code.pk: taken[code.pk] for code in day.codes}.items(),
        "answered otherwise when asked again": [
            one.key
            for one, reply in again
            if (reply.status, reply.replayed, reply.body) != (201, True, one.reply.body)
        ],
    }
    return {kind: which for kind, which in found.items() if which}


def web_killed(paired: PairedDevice, brand: Brand, *, kills: int) -> tuple[Day, dict[str, object]]:
    """A day on which the server's processes are killed, and what is not as the tills were told."""
    codes = issue(brand, GIFTS, amount=WORTH, kind=Code.Kind.VALUE)
    with deployed() as deployment:
        day = Day(deployment, paired.token, codes, SEED)
        survive(day, deployment.kill, kills=kills)
        return day, differences(day, brand)


def tell(figure: Figure, day: Day, what: str, *, kills: int) -> None:
    vain = sum(one.asked_in_vain > 0 for one in day.acknowledged)
    figure(
        "I6",
        f"{what} under {TILLS} tills, seed {day.seed}",
        size=f"{kills} kills, {len(day.acknowledged):,} acknowledged",
        result=f"0 lost, 0 twice; {vain} asked again after no answer, one effect each",
        zero_in=len(day.acknowledged),
    )


def database_crashed(durable: DurablePostgres, *, crashes: int) -> tuple[Day, dict[str, object]]:
    """A day on which the database is killed, and what is not as the tills were told."""
    brand = make_brand("frosty-spoon")
    paired = devices.pair_directly(
        store=make_store(brand, "pike-street"), name="Tablet", profile="integration"
    )
    codes = issue(brand, GIFTS, amount=WORTH, kind=Code.Kind.VALUE)
    with deployed() as deployment:
        day = Day(deployment, paired.token, codes, SEED)
        survive(day, durable.crash, kills=crashes)
        return day, differences(day, brand)


def test_what_was_acknowledged_survives_killed_web_processes(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    day, found = web_killed(paired, brand, kills=WEB_KILLS)
    assert found == {}, f"seed {day.seed}"
    call_command("verify_ledger")
    tell(figure, day, WEB_KILLED, kills=WEB_KILLS)


def test_what_was_acknowledged_survives_a_crashed_database(
    durable: DurablePostgres, figure: Figure
) -> None:
    day, found = database_crashed(durable, crashes=CRASHES)
    assert found == {}, f"seed {day.seed}"
    call_command("verify_ledger")
    tell(figure, day, DATABASE_CRASHED, kills=CRASHES)


@pytest.mark.stress
def test_the_control_that_answers_before_it_commits_loses_some(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    codes = issue(brand, GIFTS, amount=WORTH, kind=Code.Kind.VALUE)
    told: list[str] = []
    closed = threading.Event()
    with deployed(wsgi="tests.races.early_wsgi:application") as deployment:

        def serve(n: int) -> None:
            mine = codes[n::TILLS]  # a slow commit holds its code: nobody waits for another
            with closing(Till(deployment, paired.token, SECONDS_TO_ANSWER)) as till:
                number = 0
                while not closed.is_set():
                    number += 1
                    assert deployment.up.wait(120)
                    code = mine[number % len(mine)]
                    try:
                        reply = till.redeem(f"early-{n}-{number}", code=symbols(code), amount=1)
                    except (NotSent, NoAnswer):
                        continue
                    if reply.status == 201:
                        told.append(reply.json["id"])

        with meanwhile(serve, TILLS) as going_on:
            try:
                kill_again_and_again(
                    deployment.kill,
                    times=CONTROL_KILLS,
                    progress=lambda: len(told),
                    steps=BETWEEN,
                    going_on=going_on,
                    seed=SEED,
                )
            finally:
                closed.set()
    with scope(brand=brand):
        found = {str(pk) for pk in Redemption.objects.values_list("pk", flat=True)}
    lost = len(set(told) - found)
    assert lost > 0
    figure(
        "I6",
        "control: a server that answers before it commits, killed the same way",
        size=f"{CONTROL_KILLS} kills, {len(told):,} acknowledged",
        result=f"{lost} lost",
    )
