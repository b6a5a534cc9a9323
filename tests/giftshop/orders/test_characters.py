"""Characters are counted as people see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giftshop.orders.characters import count, is_too_long
from giftshop.orders.models import MESSAGE_CODE_POINTS_MAX, MESSAGE_LENGTH_MAX


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", 0),
        ("Hi Ben", 6),
        ("e\u0301", 1),
        ("👍🏽", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("❤️", 1),
        ("🇩🇪🇺🇸", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("한국", 2),
        ("\u1112\u1161\u11ab", 1),
        ("नमस्ते", 3),
        ("สวัสดี", 4),
        ("مرحبا", 5),
        ("日本語", 3),
        ("a\r\nb", 3),
    ],
)
def test_what_people_see_is_what_counts(text: str, seen: int) -> None:
    assert count(text) == seen


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_it_never_counts_more_than_there_is(text: str) -> None:
    assert 0 <= count(text) <= len(text)


def test_280_family_emoji_of_four_code_points_fit() -> None:
    assert not is_too_long("👍🏽" * MESSAGE_LENGTH_MAX)
    assert is_too_long("👍🏽" * (MESSAGE_LENGTH_MAX + 1))


def test_a_tower_of_accents_does_not_fit() -> None:
    assert is_too_long("a" + "\u0301" * MESSAGE_CODE_POINTS_MAX)
