"""Whatever happens to a gift, in whatever order, the product and a plain model agree (I4)."""

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test as run

from redemption.codes import expire, hold, void
from redemption.models import Account, Code
from redemption.redeem import redeem
from tests.figures import Figure
from tests.redemption.acts import LivesOfCodes

EXAMPLES, STEPS = 12, 30


def live(*, examples: int, steps: int, shrink: bool = True) -> int:
    """How many lives were compared to their end; raises where the product first differs from the model."""
    before = LivesOfCodes.ended
    run(
        LivesOfCodes,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        ),
    )
    return LivesOfCodes.ended - before


def tell(figure: Figure, *, examples: int, steps: int) -> None:
    figure(
        "I4",
        "acts on gifts in any order, compared with a plain model after each",
        size=f"{examples} lives of up to {steps} acts",
        result="0 differences in answers, states, balances, accounts",
        zero_in=examples,
    )


@pytest.mark.django_db
def test_the_product_and_a_plain_model_agree(figure: Figure) -> None:
    assert live(examples=EXAMPLES, steps=STEPS) >= EXAMPLES
    tell(figure, examples=EXAMPLES, steps=STEPS)


@pytest.mark.stress
@pytest.mark.django_db
def test_the_product_and_a_plain_model_agree_for_long(figure: Figure) -> None:
    assert live(examples=200, steps=50) >= 200
    tell(figure, examples=200, steps=50)


DIFFERENCES = (AssertionError, KeyError, DatabaseError)
QUICK_TO_FIND = {
    "a cancelled gift counted as sold": (
        void,
        "_TAKEN_BACK_BY",
        dict.fromkeys(Code.Origin, Account.SALES),
    ),
    "a key that is not looked at": (redeem, "_replay", lambda *_: redeem.Answer(201, "{}")),
}
SLOW_TO_FIND = {
    "a disputed gift that is paid back": (hold, "held_for_a_case", lambda _code: False),
    "an extended gift that stays spent": (expire, "_owe_again", lambda *_: None),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", QUICK_TO_FIND)
def test_the_control_with_a_fault_disagrees(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by as few lives as are compared every time."""
    monkeypatch.setattr(*QUICK_TO_FIND[fault])
    with pytest.raises(DIFFERENCES):
        live(examples=EXAMPLES, steps=STEPS, shrink=False)


@pytest.mark.stress
@pytest.mark.django_db
@pytest.mark.parametrize("fault", SLOW_TO_FIND)
def test_the_control_with_a_rarer_fault_disagrees(
    fault: str, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    monkeypatch.setattr(*SLOW_TO_FIND[fault])
    with pytest.raises(DIFFERENCES):
        live(examples=200, steps=STEPS, shrink=False)
    figure("I4", f"control: {fault}", size="up to 200 lives", result="found")
