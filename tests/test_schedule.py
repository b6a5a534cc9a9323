"""Several workers: what must stay together does, and what takes long is there and comes first."""

from pathlib import Path

import pytest

from tests.access.test_matrix import PEOPLE
from tests.schedule import AFTER, LONG, TOGETHER, has_no_order, turn, unit

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("place", LONG)
def test_what_takes_long_is_there(place: str) -> None:
    assert list(ROOT.glob(f"{place}*"))


@pytest.mark.parametrize("place", TOGETHER)
def test_what_must_stay_together_is_one_unit(place: str) -> None:
    files = [path for path in ROOT.glob(f"{place}*") if path.name.startswith("test_")]
    tests = [f"{path.relative_to(ROOT)}::test_{n}" for path in files for n in range(2)]
    units = {unit(each) for each in tests}
    assert AFTER.get(place, place) in units
    assert units <= set(TOGETHER)


@pytest.mark.parametrize(("after", "before"), AFTER.items())
def test_what_others_found_is_there_before(after: str, before: str) -> None:
    assert turn(f"{before}::test_1") < turn(f"{after}::test_1")


def test_several_workers_have_a_share_of_the_matrix() -> None:
    asks = "tests/access/test_matrix.py::test_who_may_and_who_may_not"
    units = {unit(f"{asks}[{person}]") for person in PEOPLE}
    assert len(units) == 5
    assert unit(f"{asks}[owner of own]") == unit(f"{asks}[cashier of own]") in units


def test_the_others_go_one_by_one_and_last() -> None:
    one, other = "tests/test_figures.py::test_one", "tests/test_figures.py::test_other"
    assert unit(one) != unit(other)
    assert turn(one) == turn(other) > max(map(turn, LONG))


def test_parameters_have_an_order() -> None:
    """That of a set is another in each worker, and then not one test is run."""
    refusals = {"expired": 1, "voided": 2}
    for values in ({"b", "a"}, frozenset("ab"), refusals.keys() & {"voided"}):
        assert has_no_order(pytest.mark.parametrize("name", values).mark)
        assert has_no_order(pytest.mark.parametrize("name", argvalues=values).mark)
    for values in (["b", "a"], refusals, refusals.keys(), refusals.items(), range(2)):
        assert not has_no_order(pytest.mark.parametrize("name", values).mark)
