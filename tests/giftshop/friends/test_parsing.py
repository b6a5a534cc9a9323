"""What people paste becomes friends; what nobody can read stays in the box."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from giftshop.friends.parsing import NAME_LENGTH_MAX, Person, is_email, read_lines

BEN = Person("Ben", "ben@example.com")


@pytest.mark.parametrize(
    "line",
    [
        "Ben <ben@example.com>",
        "ben@example.com, Ben",
        "Ben, ben@example.com",
        "Ben ben@example.com",
        "ben@example.com Ben",
        "Ben;ben@example.com",
        "Ben\tben@example.com",
        "  - Ben <ben@example.com>,  ",
        "3. Ben (ben@example.com)",
        '"Ben" <ben@example.com>;',
        "Ben <mailto:ben@example.com>",
        "Ben: ben@example.com",
        "Ben - ben@example.com",
        "\u200bBen <ben@example.com>\ufeff",
        "ben@example.com",
        "Ben <ben@example.com>.",
    ],
)
def test_a_friend_is_read_however_the_line_is_written(line: str) -> None:
    assert read_lines(line).people == (BEN,)


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Ben", [Person("Ben")]),
        ("Ben, Ana; Cleo", [Person("Ben"), Person("Ana"), Person("Cleo")]),
        ("Zoë O'Brien-Łuk", [Person("Zoë O'Brien-Łuk")]),
        ("李小龍 <li@example.com>", [Person("李小龍", "li@example.com")]),
        ("Ben <ben@example.com>, Ana <ana@example.com>", [BEN, Person("Ana", "ana@example.com")]),
        ("ben@example.com Ben; ana@example.com Ana", [BEN, Person("Ana", "ana@example.com")]),
        ("ben@example.com, ana@example.com", [BEN, Person("Ana", "ana@example.com")]),
        (
            "ana.maria_lopez7+x@example.com",
            [Person("Ana Maria Lopez", "ana.maria_lopez7+x@example.com")],
        ),
        ('"Miller, Ben" <ben@example.com>', [Person("Miller Ben", "ben@example.com")]),
        ("12345@example.com", [Person("12345", "12345@example.com")]),
    ],
)
def test_names_and_several_on_a_line_are_read(line: str, people: list[Person]) -> None:
    assert list(read_lines(line).people) == people


@pytest.mark.parametrize(
    "line",
    [
        "Ben <ben@example>",
        "Ben <ben@@example.com>",
        "ben at example dot com @",
        "https://example.com/ben",
        "Ben <ben@example.com>, Ana <ana@>",
        "...",
        "x" * (NAME_LENGTH_MAX + 1),
        f"{'x' * 70} <ben@example.com>",
    ],
)
def test_a_line_that_makes_no_sense_is_handed_back_as_it_was(line: str) -> None:
    reading = read_lines(f"Ben <ben@example.com>\n{line}\n")
    assert reading.people == (BEN,)
    assert reading.unread == (line,)


def test_blank_lines_are_no_trouble() -> None:
    assert read_lines("\n  \n\u200b\n") == read_lines("")


@given(st.text(st.characters(exclude_categories=["Cf"]), max_size=400))
@example("a@b.co a@b.co,")
@example("a@b.co, c@d.ef tail")
@example(",;\n<>")
def test_no_text_makes_it_raise_or_lose_a_line(text: str) -> None:
    for line in text.splitlines():
        reading = read_lines(line)
        invisible = not line.replace("\u200b", "").replace("\ufeff", "").strip()
        assert reading.people or reading.unread == (line,) or invisible


@given(st.text(max_size=400))
def test_whoever_is_read_can_be_stored(text: str) -> None:
    for person in read_lines(text).people:
        assert 0 < len(person.name) <= NAME_LENGTH_MAX
        assert person.email == "" or is_email(person.email)


@given(
    st.lists(st.sampled_from(["Ben <ben@example.com>", "Ana", "no@sense", "@", ""]), max_size=30)
)
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    reading = read_lines("\n".join(lines))
    assert len(reading.people) + len(reading.unread) == len([line for line in lines if line])
