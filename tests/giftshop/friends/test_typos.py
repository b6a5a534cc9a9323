"""A likely slip in an address gets a gentle question; a real address gets none."""

import pytest

from giftshop.friends.typos import suggestion


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ben@gmial.com", "ben@gmail.com"),
        ("ben@gmal.com", "ben@gmail.com"),
        ("ben@gamil.com", "ben@gmail.com"),
        ("ben@gmaill.com", "ben@gmail.com"),
        ("ben@gmail.con", "ben@gmail.com"),
        ("ben@GMIAL.com", "ben@gmail.com"),
        ("ben@hotmial.com", "ben@hotmail.com"),
        ("ben@yaho.com", "ben@yahoo.com"),
        ("ben@outlok.com", "ben@outlook.com"),
        ("ben@example.con", "ben@example.com"),
    ],
)
def test_a_slip_is_noticed(typed: str, meant: str) -> None:
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["ben@gmail.com", "ben@ymail.com", "ben@mail.com", "ben@gmx.at", "ben@wab.de", "Ben", "@", ""],
)
def test_a_real_address_is_left_alone(typed: str) -> None:
    assert suggestion(typed) is None
