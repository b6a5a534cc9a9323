"""Two tills, one code (I1, I5): over real HTTP, with the guard taken off as a control."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.core.management import call_command
from django_scopes import scope

from brands.models import Brand
from redemption.models import Code, IdempotencyRecord, Redemption
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.figures import Figure
from tests.races.gifts import issue
from tests.races.tills import Reply, Tills
from tests.server import Server, running

ROUNDS = 24
"""`make stress` has two thousand (tests/stress/test_long_races.py)."""
CONTROL_ROUNDS = 6
MEETING_ROUNDS = 4

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tills(server: Server, paired: PairedDevice) -> Iterator[Tills]:
    with closing(Tills(server, paired.token)) as opened:
        yield opened


def test_one_code_is_redeemed_once_however_many_tills_press(
    tills: Tills, brand: Brand, figure: Figure
) -> None:
    assert press_for_every_code(tills, brand, rounds=ROUNDS) == {one_yes(tills): ROUNDS}
    assert redeemed(brand) == ROUNDS
    call_command("verify_ledger")
    tell_of_one_yes(tills, figure, rounds=ROUNDS)


def press_for_every_code(tills: Tills, brand: Brand, *, rounds: int) -> Counter[str]:
    """How many rounds ended how."""
    return Counter(outcome(press_each(tills, code)) for code in issue(brand, rounds))


def press_each(tills: Tills, code: Code) -> list[Reply]:
    """Every till under a key of its own."""
    text = symbols(code)
    return tills.press(lambda till: (f"{text[:8]}-{till}", {"code": text}))


def outcome(replies: list[Reply]) -> str:
    """How often each answer came."""
    heard = Counter(f"{reply.status} {reply.reason}".strip() for reply in replies)
    return ", ".join(f"{count} x {answer}" for answer, count in sorted(heard.items()))


def one_yes(tills: Tills) -> str:
    return f"1 x 201, {len(tills) - 1} x 409 already_redeemed"


def redeemed(brand: Brand) -> int:
    with scope(brand=brand):
        return Redemption.objects.count()


def tell_of_one_yes(tills: Tills, figure: Figure, *, rounds: int) -> None:
    figure(
        "I1",
        f"{len(tills)} tills press one code at the same moment",
        size=f"{rounds:,} rounds",
        result="0 redeemed twice, 0 not at all",
        zero_in=rounds,
    )


def test_tills_that_certainly_meet_redeem_it_once(paired: PairedDevice, brand: Brand) -> None:
    """Each time at least two have read the code before the first has written."""
    with meeting_tills("meeting_wsgi", paired) as tills:
        found = press_for_every_code(tills, brand, rounds=MEETING_ROUNDS)
        assert found == {one_yes(tills): MEETING_ROUNDS}
    call_command("verify_ledger")


@contextmanager
def meeting_tills(name: str, paired: PairedDevice) -> Iterator[Tills]:
    with (
        running(wsgi=f"tests.races.{name}:application") as server,
        closing(Tills(server, paired.token)) as tills,
    ):
        yield tills


@pytest.mark.stress
def test_the_control_without_its_guard_is_redeemed_many_times(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    with meeting_tills("unguarded_wsgi", paired) as tills:
        found = sum(
            sum(reply.status == 201 for reply in press_each(tills, code)) > 1
            for code in issue(brand, CONTROL_ROUNDS)
        )
    assert found == CONTROL_ROUNDS
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    figure(
        "I1",
        f"control: the same {len(tills)} tills without the guard",
        size=f"{CONTROL_ROUNDS} rounds",
        result=f"{found} redeemed more than once",
    )


def test_one_key_sent_many_times_at_once_has_one_effect_and_one_answer(
    tills: Tills, brand: Brand, figure: Figure
) -> None:
    assert press_one_key(tills, brand, rounds=ROUNDS) == {one_answer(tills): ROUNDS}
    assert redeemed(brand) == ROUNDS
    assert IdempotencyRecord.objects.count() == ROUNDS
    call_command("verify_ledger")
    tell_of_one_answer(tills, figure, rounds=ROUNDS)


def press_one_key(tills: Tills, brand: Brand, *, rounds: int) -> Counter[str]:
    """How many rounds ended how."""
    return Counter(outcome_of_one_key(tills, code) for code in issue(brand, rounds))


def outcome_of_one_key(tills: Tills, code: Code) -> str:
    text = symbols(code)
    replies = tills.press(lambda _till: (text[:8], {"code": text}))
    bodies = len({reply.body for reply in replies})
    replayed = sum(reply.replayed for reply in replies)
    return f"{outcome(replies)}: {bodies} body, {replayed} replayed"


def one_answer(tills: Tills) -> str:
    return f"{len(tills)} x 201: 1 body, {len(tills) - 1} replayed"


def tell_of_one_answer(tills: Tills, figure: Figure, *, rounds: int) -> None:
    figure(
        "I5",
        f"{len(tills)} tills send the same key at the same moment",
        size=f"{rounds:,} rounds",
        result="1 effect and 1 answer, byte for byte, each",
        zero_in=rounds,
    )
