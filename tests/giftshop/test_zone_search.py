"""Every zone is found by its city, its country and its older names, in each language of ours."""

from zoneinfo import available_timezones

import pytest
from django.conf import settings
from django.utils.translation import override

from giftshop import zone_search, zones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Sydney", "Australia/Sydney"),
        ("sydney, australia", "Australia/Sydney"),
        ("Sídney", "Australia/Sydney"),
        ("  SAO  paulo ", "America/Sao_Paulo"),
        ("São Paulo, Brasilien", "America/Sao_Paulo"),
        ("Kolkata", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("Kalkutta", "Asia/Kolkata"),
        ("Saigon", "Asia/Ho_Chi_Minh"),
        ("Österreich", "Europe/Vienna"),
        ("Moscú", "Europe/Moscow"),
        ("Amsterdam", "Europe/Amsterdam"),
        ("Brüssel", "Europe/Brussels"),
        ("Portugal", "Europe/Lisbon"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("UTC", "UTC"),
    ],
)
def test_one_is_meant(typed: str, zone: str) -> None:
    assert zone_search.one(typed) == zone


@pytest.mark.parametrize("typed", ["Brazil", "Brasilien", "Brasil", "brasil sao"])
def test_a_country_is_found_with_its_great_city_first(typed: str) -> None:
    assert zone_search.search(typed)[0] == "America/Sao_Paulo"


@pytest.mark.parametrize("typed", ["", "  ", "Mars", "!!", "\x00", "a " * 5_000, "é" * 10_000])
def test_what_is_no_place_finds_nothing_and_costs_nothing(typed: str) -> None:
    assert zone_search.one(typed) is None
    assert len(zone_search.search(typed)) <= zone_search.FOUND_MAX


@pytest.mark.parametrize("language", [tag for tag, _name in settings.LANGUAGES])
def test_every_zone_is_what_its_own_words_lead_to(language: str) -> None:
    with override(language):
        for _code, _where, zone, *_comment in zones.table("zone.tab"):
            assert zone_search.one(zones.named(zone)) == zone
            assert zone in zone_search.search(zones.named(zone))
            land = zone_search.search(zones.country(zone))
            assert zone in land or len(land) == zone_search.FOUND_MAX, zone


def test_every_name_of_the_database_may_be_typed_and_is_shown_as_something_to_type() -> None:
    for zone in available_timezones():
        assert zone_search.one(zone), zone
        assert zone_search.one(zone_search.typed_as(zone)), zone
