import pytest

from redemption import pins


@pytest.mark.parametrize(
    "pin",
    ["0000", "1111", "1234", "12345678", "0123", "7890", "4321", "9876", "1212", "474747", "99999"],
)
def test_rows_and_repeats_are_weak(pin: str) -> None:
    assert pins.is_weak(pin)


@pytest.mark.parametrize("pin", ["2468", "7304", "1357", "1221", "90210", "8142", "1235"])
def test_others_are_not(pin: str) -> None:
    assert not pins.is_weak(pin)
