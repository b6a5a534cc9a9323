"""Time zones in the reader's words: a city, its country, and how far its clock is from UTC."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from giftshop import places, zones

JULY = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("de", "America/Buenos_Aires", "Buenos Aires, Argentinien (UTC\u22123)"),
        ("de", "America/Argentina/Buenos_Aires", "Buenos Aires, Argentinien (UTC\u22123)"),
        ("es", "Europe/Berlin", "Berlín, Alemania (UTC+2)"),
        ("en", "Asia/Kolkata", "Kolkata, India (UTC+5:30)"),
        ("de", "Atlantic/Reykjavik", "Reykjavík, Island (UTC)"),
        ("es", "Asia/Singapore", "Singapur (UTC+8)"),
        ("de", "Asia/Hong_Kong", "Hongkong (UTC+8)"),
        ("de", "Antarctica/Troll", "Troll, Antarktis (UTC+2)"),
        ("de", "Etc/UTC", "UTC (UTC)"),
    ],
)
def test_a_zone_is_told_by_its_city_and_country(language: str, zone: str, told: str) -> None:
    with override(language):
        assert zones.label(zone, JULY) == told


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_zone_to_choose_has_words_and_stands_with_its_country(language: str) -> None:
    with override(language):
        offered = places.every_zone(JULY)
        for title, choices in offered:
            lands = [zones.sort_key(zones.country(name)) for name, _label in choices]
            assert lands == sorted(lands), title
            assert [label for _name, label in choices if "/" in label or "_" in label] == []
        with_country = [zones.country(name) for _title, group in offered for name, _label in group]
        assert all(with_country)
        assert len(with_country) > 350
