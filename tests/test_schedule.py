"""Several workers: what must stay together does, and what takes long is there and comes first."""

from pathlib import Path

import pytest

from tests.schedule import LONG, TOGETHER, turn, unit

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("place", LONG)
def test_what_takes_long_is_there(place: str) -> None:
    assert list(ROOT.glob(f"{place}*"))


@pytest.mark.parametrize("place", TOGETHER)
def test_what_must_stay_together_is_one_unit(place: str) -> None:
    files = [path for path in ROOT.glob(f"{place}*") if path.name.startswith("test_")]
    tests = [f"{path.relative_to(ROOT)}::test_{n}" for path in files for n in range(2)]
    units = {unit(each) for each in tests}
    assert place in units
    assert units <= set(TOGETHER)


def test_the_others_go_one_by_one_and_last() -> None:
    one, other = "tests/test_figures.py::test_one", "tests/test_figures.py::test_other"
    assert unit(one) != unit(other)
    assert turn(one) == turn(other) > max(map(turn, LONG))
