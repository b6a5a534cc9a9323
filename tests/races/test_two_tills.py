"""Two tills, one code (I1, I5): over real HTTP, with the guard taken off as a control."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from redemption import issuing
from redemption.models import Brand, Code, IdempotencyRecord, Redemption
from redemption.pairing import PairedDevice
from tests.cast import symbols
from tests.races.tills import Tills
from tests.server import running

ROUNDS = 200
CONTROL_ROUNDS = 20

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.fixture
def tills(paired: PairedDevice) -> Iterator[Tills]:
    with running() as server:
        opened = Tills(server.port, paired.token)
        yield opened
        opened.close()


def issue(brand: Brand, count: int) -> list[Code]:
    with scope(brand=brand):
        return issuing.issue(
            brand=brand,
            reference=f"race:{timezone.now().isoformat()}",
            origin=Code.Origin.PAID,
            specs=[
                issuing.CodeSpec(reference=f"race:{n}", label="Scoop", amount=100)
                for n in range(count)
            ],
            now=timezone.now(),
        )


def test_one_code_is_redeemed_once_however_many_tills_press(tills: Tills, brand: Brand) -> None:
    press_for_every_code(tills, brand, rounds=ROUNDS)


def press_for_every_code(tills: Tills, brand: Brand, *, rounds: int) -> None:
    others = len(tills.connections) - 1
    for n, code in enumerate(issue(brand, rounds)):
        text = symbols(code)
        replies = tills.press(lambda till, text=text: (f"{text[:8]}-{till}", {"code": text}))  # type: ignore[misc]
        assert Counter(reply.status for reply in replies) == {201: 1, 409: others}, f"round {n}"
        assert {reply.reason for reply in replies if reply.status == 409} == {"already_redeemed"}
    with scope(brand=brand):
        assert Redemption.objects.count() == rounds
    call_command("verify_ledger")


def test_the_control_without_its_lock_is_redeemed_many_times(
    paired: PairedDevice, brand: Brand
) -> None:
    doubled = 0
    with running(wsgi="tests.races.unguarded_wsgi:application") as server:
        tills = Tills(server.port, paired.token)
        for code in issue(brand, CONTROL_ROUNDS):
            text = symbols(code)
            replies = tills.press(lambda till, text=text: (f"{text[:8]}-{till}", {"code": text}))  # type: ignore[misc]
            doubled += sum(reply.status == 201 for reply in replies) > 1
        tills.close()
    assert doubled >= 0.95 * CONTROL_ROUNDS
    with pytest.raises(SystemExit):
        call_command("verify_ledger")


def test_one_key_sent_many_times_at_once_has_one_effect_and_one_answer(
    tills: Tills, brand: Brand
) -> None:
    press_one_key(tills, brand, rounds=ROUNDS)


def press_one_key(tills: Tills, brand: Brand, *, rounds: int) -> None:
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
