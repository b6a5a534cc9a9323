"""The judge of histories is judged first: it accepts what can have happened and nothing else."""

import random

import pytest

from tests.races.linearizability import Act, is_linearizable


def redeem(name: str, at: float, to: float, amount: int, balance: int) -> Act:
    return Act("redeem", name, at, to, amount, "ok", balance)


def refused(name: str, at: float, to: float, amount: int, reason: str, balance: int) -> Act:
    return Act("redeem", name, at, to, amount, reason, balance)


def look(at: float, to: float, balance: int) -> Act:
    return Act("look", "", at, to, outcome="ok", balance=balance)


def reverse(name: str, at: float, to: float, balance: int) -> Act:
    return Act("reverse", name, at, to, outcome="ok", balance=balance)


LOST = Act("redeem", "lost", 1, amount=30)

GOOD = {
    "nothing happened": [],
    "one after the other": [redeem("a", 0, 1, 40, 60), redeem("b", 2, 3, 60, 0)],
    "at once, the later question first": [redeem("a", 0, 9, 40, 0), redeem("b", 1, 8, 60, 40)],
    "a look during a redemption sees either": [
        redeem("a", 0, 9, 40, 60),
        look(1, 2, 100),
        look(3, 4, 60),
    ],
    "too much is refused": [
        redeem("a", 0, 1, 40, 60),
        refused("b", 2, 3, 61, "insufficient_balance", 60),
    ],
    "spent, given back, spent again": [
        redeem("a", 0, 1, 100, 0),
        refused("b", 2, 3, 1, "already_redeemed", 0),
        reverse("a", 4, 5, 100),
        redeem("c", 6, 7, 100, 0),
    ],
    "no answer, and it happened": [LOST, look(2, 3, 70)],
    "no answer, and it happened much later": [LOST, look(2, 3, 100), look(4, 5, 70)],
    "no answer, and it never happened": [LOST, look(2, 3, 100), redeem("a", 4, 5, 100, 0)],
    "an undo without an answer": [
        redeem("a", 0, 1, 40, 60),
        Act("reverse", "a", 2),
        look(3, 4, 60),
        look(5, 6, 100),
    ],
}

BAD = {
    "lost update": [redeem("a", 0, 9, 40, 60), redeem("b", 1, 8, 40, 60)],
    "stale look": [redeem("a", 0, 1, 40, 60), look(2, 3, 100)],
    "looks that go back in time": [redeem("a", 0, 9, 40, 60), look(1, 2, 60), look(3, 4, 100)],
    "spent twice": [redeem("a", 0, 9, 100, 0), redeem("b", 1, 8, 100, 0)],
    "refused although there is enough": [refused("a", 0, 1, 50, "insufficient_balance", 100)],
    "an answer before its question could be done": [
        redeem("a", 2, 3, 40, 0),
        redeem("b", 4, 5, 60, 40),
    ],
    "undone twice": [redeem("a", 0, 1, 40, 60), reverse("a", 2, 9, 100), reverse("a", 3, 8, 100)],
    "an undo that was forgotten": [
        redeem("a", 0, 1, 40, 60),
        reverse("a", 2, 3, 100),
        look(4, 5, 60),
    ],
    "without an answer it happens once at most": [LOST, look(2, 3, 70), look(4, 5, 40)],
    "without an answer it never happens before it was asked": [look(-2, -1, 70), LOST],
}


@pytest.mark.parametrize("history", GOOD.values(), ids=GOOD.keys())
def test_it_accepts(history: list[Act]) -> None:
    assert is_linearizable(history, 100)


@pytest.mark.parametrize("history", BAD.values(), ids=BAD.keys())
def test_it_rejects(history: list[Act]) -> None:
    assert not is_linearizable(history, 100)


def test_two_hundred_acts_at_once_are_judged_quickly_and_one_wrong_digit_is_found() -> None:
    """Eight tills, overlapping; a register that answers truly, then one answer changed."""
    shuffle, balance, history = random.Random(7), 10_000, []
    for n in range(200):
        amount = shuffle.randrange(1, 90)
        if amount <= balance:
            balance -= amount
            history.append(redeem(str(n), n - shuffle.random() * 8, n + 1, amount, balance))
    assert is_linearizable(history, 10_000)
    wrong = history[100]
    history[100] = redeem(
        wrong.name, wrong.invoked, wrong.answered, wrong.amount, (wrong.balance or 0) + 1
    )
    assert not is_linearizable(history, 10_000)
