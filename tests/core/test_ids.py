"""Identifiers that sort by time."""

import time
import uuid

from core.ids import uuid7, uuid7_many, uuid8


def test_many_ids_have_the_form_of_one() -> None:
    before = time.time_ns() // 1_000_000
    for made in [uuid7(), *(uuid.UUID(bytes=each) for each in uuid7_many(5000))]:
        assert (made.version, made.variant) == (7, uuid.RFC_4122)
        assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 2


def test_many_ids_ascend_from_call_to_call_and_are_all_different() -> None:
    ids = [each for count in (1, 5000, 3, 1000) for each in uuid7_many(count)]
    assert len(ids) == 6004
    assert ids == sorted(set(ids))
    tails = [each[8:] for each in ids]
    assert len(set(tails)) == len(tails)
    assert tails != sorted(tails)


def test_a_name_made_of_content_is_that_of_the_standard() -> None:
    """The example of RFC 9562, appendix B.2."""
    made = uuid8(uuid.NAMESPACE_DNS.bytes + b"www.example.com")
    assert str(made) == "5c146b14-3c52-8afd-938a-375d0df1fbf6"
    assert made != uuid8(uuid.NAMESPACE_DNS.bytes + b"www.example.org")
