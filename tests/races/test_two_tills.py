"""Two tills, one code (I1, I5): over real HTTP, with the guard taken off as a control."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.core.management import call_command
from django_scopes import scope

from redemption.models import Brand, IdempotencyRecord, Redemption
from redemption.pairing import PairedDevice
from tests.cast import symbols
from tests.figures import Figure
from tests.races.gifts import issue
from tests.races.tills import Tills
from tests.server import running

ROUNDS = 200
CONTROL_ROUNDS = 20
WARM_UP = 4  # rounds in which the server still opens its connections, one after the other

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tills(paired: PairedDevice) -> Iterator[Tills]:
    with running() as server, closing(Tills(server, paired.token)) as opened:
        yield opened


def test_one_code_is_redeemed_once_however_many_tills_press(
    tills: Tills, brand: Brand, figure: Figure
) -> None:
    press_for_every_code(tills, brand, figure, rounds=ROUNDS)


def press_for_every_code(tills: Tills, brand: Brand, figure: Figure, *, rounds: int) -> None:
    others = len(tills) - 1
    for n, code in enumerate(issue(brand, rounds)):
        text = symbols(code)
        replies = tills.press(lambda till, text=text: (f"{text[:8]}-{till}", {"code": text}))  # type: ignore[misc]
        assert Counter(reply.status for reply in replies) == {201: 1, 409: others}, f"round {n}"
        assert {reply.reason for reply in replies if reply.status == 409} == {"already_redeemed"}
    with scope(brand=brand):
        assert Redemption.objects.count() == rounds
    call_command("verify_ledger")
    figure(
        "I1",
        f"{len(tills)} tills press one code at the same moment",
        size=f"{rounds:,} rounds",
        result="0 redeemed twice, 0 not at all",
        zero_in=rounds,
    )


def test_the_control_without_its_guard_is_redeemed_many_times(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    doubled = []
    with (
        running(wsgi="tests.races.unguarded_wsgi:application") as server,
        closing(Tills(server, paired.token)) as tills,
    ):
        for code in issue(brand, WARM_UP + CONTROL_ROUNDS):
            text = symbols(code)
            replies = tills.press(lambda till, text=text: (f"{text[:8]}-{till}", {"code": text}))  # type: ignore[misc]
            doubled.append(sum(reply.status == 201 for reply in replies) > 1)
    found = sum(doubled[WARM_UP:])
    assert found >= 0.95 * CONTROL_ROUNDS
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
    press_one_key(tills, brand, figure, rounds=ROUNDS)


def press_one_key(tills: Tills, brand: Brand, figure: Figure, *, rounds: int) -> None:
    for n, code in enumerate(issue(brand, rounds)):
        text = symbols(code)
        replies = tills.press(lambda _till, text=text: (text[:8], {"code": text}))  # type: ignore[misc]
        assert {reply.status for reply in replies} == {201}, f"round {n}"
        assert len({reply.body for reply in replies}) == 1
        assert sum(reply.replayed for reply in replies) == len(replies) - 1
    with scope(brand=brand):
        assert Redemption.objects.count() == rounds
    assert IdempotencyRecord.objects.count() == rounds
    call_command("verify_ledger")
    figure(
        "I5",
        f"{len(tills)} tills send the same key at the same moment",
        size=f"{rounds:,} rounds",
        result="1 effect and 1 answer, byte for byte, each",
        zero_in=rounds,
    )
