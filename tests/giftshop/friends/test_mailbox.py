"""One mailbox, however it is written."""

import pytest

from giftshop.friends.addresses import addresses_in, mailbox


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("amy@b.example", "amy@b.example"),
        (" Amy@B.Example ", "amy@b.example"),
        ("amy+gifts@b.example", "amy@b.example"),
        ("+amy@b.example", "+amy@b.example"),
        ("a.m.y+x@googlemail.com", "amy@gmail.com"),
        ("a.m.y@b.example", "a.m.y@b.example"),
        ("amy@xn--mnster-3ya.example", "amy@münster.example"),
        ("amy@MÜNSTER.example", "amy@münster.example"),
        ("amy@b.example.", "amy@b.example"),
        ("\uff41my@b.example", "amy@b.example"),
        ("+49 151 / 123-45678", "+4915112345678"),
        ("amy@xn--\x7f.example", "amy@xn--\x7f.example"),
        ("", ""),
        ("@", "@"),
    ],
)
def test_spellings(written: str, one: str) -> None:
    assert mailbox(written) == one
    assert mailbox(one) == one


def test_addresses_are_found_in_any_text() -> None:
    assert addresses_in('{"a": "Bo <bo@b.example>; amy+x@c.example, no@"}') == [
        "bo@b.example",
        "amy+x@c.example",
    ]
    assert addresses_in("@" * 10_000) == []
