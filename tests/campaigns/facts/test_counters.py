"""A counter is declared in one place, and is then kept, counted anew and read."""

from dataclasses import fields

import pytest

from campaigns.dashboard.definitions import DEFINITIONS
from campaigns.dashboard.figures import FIGURES, TILES, Figures
from campaigns.facts import rollups
from campaigns.facts.counters import COUNTERS, NAMES
from campaigns.models import Rollup


@pytest.mark.parametrize("name", NAMES)
class TestEachCounter:
    def test_is_a_column_of_the_sums(self, name: str) -> None:
        column = Rollup._meta.get_field(name)
        assert column.get_internal_type() == "BigIntegerField"
        assert not column.null

    def test_hears_of_something(self, name: str) -> None:
        counter = COUNTERS[name]
        assert counter.of_fact or counter.of_sale or counter.of_visit

    @pytest.mark.parametrize("statement", ["ADD_FACTS", "ADD_VISIT", "REBUILD"])
    def test_is_added_up_by_every_statement(self, name: str, statement: str) -> None:
        assert f"sum(event.{name}) AS {name}" in getattr(rollups, statement)
        assert f"{name} = campaigns_rollup.{name} + EXCLUDED.{name}" in getattr(rollups, statement)

    def test_is_looked_at_where_sums_are_mended_and_forgotten(self, name: str) -> None:
        assert f"sum({name}) <> 0" in rollups.REBUILD
        assert f"{name} = 0" in rollups.FORGET_EMPTY


def test_no_sum_is_kept_or_read_that_is_not_declared() -> None:
    keys = {"id", "brand", "grain", "day", "hour"}
    keys |= {"campaign", "link", "store", "treat", "offer"}
    assert {field.name for field in Rollup._meta.concrete_fields} - keys == set(NAMES)
    assert tuple(field.name for field in fields(Figures)) == NAMES


def test_a_tile_shows_a_counter_and_of_money_whose_it_is() -> None:
    for name, figure in FIGURES.items():
        assert figure.count in {*NAMES, ""}
        assert isinstance(getattr(Figures(), name), int)
        assert bool(figure.count) is figure.is_money
        assert figure.definition.counts
    assert set(TILES) <= set(FIGURES) == set(DEFINITIONS)
