"""A balance is never negative and never overspent (I2): many tills take parts of a few gifts."""

import random
import threading
from collections import Counter
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scope

from brands.models import Brand
from redemption.models import Code
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.figures import Figure
from tests.races.crowd import meanwhile
from tests.races.gifts import issue
from tests.races.tills import Till
from tests.server import Server, running

TILLS = 32
GIFTS = 4
OPS = 1000
CONTROL_OPS = 300
AMOUNT_MAX = 40
SEED = 20261122

pytestmark = pytest.mark.django_db(transaction=True)

BOOKS = """
    SELECT count(*) FILTER (WHERE c.balance < 0 OR c.balance > c.amount),
           count(*) FILTER (WHERE c.balance <> -coalesce(l.posted, 0)),
           count(*) FILTER (WHERE coalesce(r.redeemed, 0) <> c.amount - c.balance)
      FROM redemption_code c
      LEFT JOIN (SELECT code_id, sum(amount) AS posted FROM redemption_posting
                  WHERE account = 'gift_liability' GROUP BY code_id) l ON l.code_id = c.id
      LEFT JOIN (SELECT code_id, sum(amount) AS redeemed FROM redemption_redemption
                  GROUP BY code_id) r ON r.code_id = c.id
"""
"""In one statement, so in one snapshot: balances out of bounds, unlike their postings, unlike what was
redeemed. No reversals happen here."""


def wrong_books() -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(BOOKS)
        row = cursor.fetchone()
    return (row[0], row[1], row[2])


def take_parts(
    server: Server, token: str, codes: list[Code], *, ops: int, seed: int
) -> tuple[Counter[str], int, list[tuple[int, int, int]]]:
    """Answers by status and reason, what the answers say was redeemed, and the books each second."""
    texts = [symbols(code) for code in codes]
    answers: Counter[str] = Counter()
    redeemed = [0] * TILLS
    over = threading.Event()
    left = iter(range(ops))
    lock = threading.Lock()

    def draw() -> int | None:
        with lock:
            return next(left, None)

    def serve(n: int) -> None:
        shuffle = random.Random(seed * 1000 + n)
        with closing(Till(server, token)) as till:
            while (op := draw()) is not None:
                amount = shuffle.randrange(1, AMOUNT_MAX)
                text = shuffle.choice(texts)
                reply = till.redeem(f"part-{seed}-{op}", code=text, amount=amount)
                with lock:
                    answers[f"{reply.status} {reply.reason}".strip()] += 1
                if reply.status == 201:
                    redeemed[n] += reply.json["redeemed"]["amount"]

    seen = []
    with meanwhile(serve, TILLS) as going_on:
        while going_on():
            seen.append(wrong_books())
            over.wait(1)  # the books are read every second, however long it takes
    return answers, sum(redeemed), seen


def test_parts_never_exceed_the_whole(paired: PairedDevice, brand: Brand, figure: Figure) -> None:
    redeemed, gone, readings = take_all(paired, brand, ops=OPS)
    assert redeemed == gone
    assert set(readings) == {(0, 0, 0)}
    call_command("verify_ledger")
    tell(figure, ops=OPS, readings=len(readings))


def take_all(
    paired: PairedDevice, brand: Brand, *, ops: int
) -> tuple[int, int, list[tuple[int, int, int]]]:
    """What the answers say was redeemed, what is gone from the balances, and the books each second.

    The gifts together are worth nine tenths of what is asked for: the last tenth must be refused."""
    worth = ops * AMOUNT_MAX // 2 * 9 // 10 // GIFTS
    codes = issue(brand, GIFTS, amount=worth, kind=Code.Kind.VALUE)
    with running() as server:
        answers, redeemed, seen = take_parts(server, paired.token, codes, ops=ops, seed=SEED)
    assert set(answers) <= {"201", "409 insufficient_balance", "409 already_redeemed", "503 busy"}
    assert answers["201"] > ops // 2
    assert answers["409 insufficient_balance"] + answers["409 already_redeemed"] > 0
    assert answers["503 busy"] < ops // 100
    with scope(brand=brand):
        left = sum(Code.objects.values_list("balance", flat=True))
    return redeemed, worth * GIFTS - left, [*seen, wrong_books()]


def tell(figure: Figure, *, ops: int, readings: int) -> None:
    figure(
        "I2",
        f"{TILLS} tills take random parts of {GIFTS} gifts; books read every second, seed {SEED}",
        size=f"{ops:,} redemptions",
        result=f"0 overspent, 0 below zero, {readings} readings agree",
        zero_in=ops,
    )


@pytest.mark.stress
def test_the_control_without_its_guard_overspends(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    codes = issue(brand, GIFTS, amount=CONTROL_OPS * AMOUNT_MAX, kind=Code.Kind.VALUE)
    with running(wsgi="tests.races.unguarded_wsgi:application") as server:
        _answers, redeemed, seen = take_parts(
            server, paired.token, codes, ops=CONTROL_OPS, seed=SEED
        )
    with scope(brand=brand):
        taken = sum(code.amount - code.balance for code in Code.objects.all())
    assert redeemed > taken
    assert max(wrong_books()[1:]) > 0
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    found = sum(reading != (0, 0, 0) for reading in (*seen, wrong_books()))
    figure(
        "I2",
        "control: the same without the guard",
        size=f"{CONTROL_OPS:,} redemptions",
        result=f"{redeemed - taken:,} cents redeemed that no balance lost, {found} readings differ",
    )
