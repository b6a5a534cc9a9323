"""What a short link's address was given besides."""

import pytest

from campaigns.links import utm


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("newsletter", "newsletter"),
        ("  May \n news\u2028letter\t", "May news letter"),
        ("\u202eevil\x00", "evil"),
        ("ana@example.com", ""),
        ("ana\uff20example.com", ""),
        ("s" * 5000, "s" * 60),
        ("抹茶", "抹茶"),
        ("\ud800", ""),
    ],
)
def test_a_source_is_one_short_line_and_nobodys_address(given: str, kept: str) -> None:
    assert utm.source({"utm_source": given}) == kept
    utm.with_utm("/shop/", {"utm_source": given}).encode()


def test_the_way_on_keeps_what_it_was_told_and_nothing_else() -> None:
    query = {"utm_campaign": "May & June", "utm_source": "post", "next": "//evil.example"}
    told = utm.with_utm("/shop/frosty-spoon/#treat-cone", query)
    assert told == "/shop/frosty-spoon/?utm_source=post&utm_campaign=May+%26+June#treat-cone"
    assert utm.with_utm("/shop/frosty-spoon/#treat-cone", {}) == "/shop/frosty-spoon/#treat-cone"
