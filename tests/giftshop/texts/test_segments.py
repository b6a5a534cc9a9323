"""Segments as carriers charge them: 3GPP TS 23.038."""

import pytest

from giftshop.texts import segments


@pytest.mark.parametrize(
    ("text", "count", "places", "is_gsm"),
    [
        ("", 0, 0, True),
        ("a" * 160, 1, 160, True),
        ("a" * 161, 2, 161, True),
        ("a" * 306, 2, 306, True),
        ("a" * 307, 3, 307, True),
        ("ä" * 160, 1, 160, True),
        ("€" * 80, 1, 160, True),
        ("€" * 81, 2, 162, True),
        ("a" * 152 + "€" + "a" * 151, 2, 305, True),
        ("a" * 152 + "€" + "a" * 152, 3, 306, True),  # 153 + 153, but an escape is not parted
        ("ж" * 70, 1, 70, False),
        ("ж" * 71, 2, 71, False),
        ("ж" * 134, 2, 134, False),
        ("ж" * 135, 3, 135, False),
        ("🎁" * 35, 1, 70, False),
        ("🎁" * 36, 2, 72, False),  # 33 whole ones in 67
        ("🎁" * 67, 3, 134, False),
        ("a" * 70 + "\u2019", 2, 71, False),
    ],
)
def test_known_cases(text: str, count: int, places: int, is_gsm: bool) -> None:
    found = segments.count(text)
    assert (found.count, found.places, found.is_gsm) == (count, places, is_gsm)


def test_it_says_which_letters_make_a_text_dear() -> None:
    assert segments.count("Zoë says “hi”").foreign == "ë“”"
    assert segments.count("Ömer says hi").foreign == ""
