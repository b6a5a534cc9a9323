"""What people paste becomes recipients; what nobody can read stays in the box."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.bidi import without_direction_marks
from giftshop.friends.addresses import is_address
from giftshop.friends.names import LENGTH_MAX as NAME_LENGTH_MAX
from giftshop.friends.parse import Person, Why, read_lines

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
def test_a_recipient_is_read_however_the_line_is_written(line: str) -> None:
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
        ('"Miller, Ben" <ben@example.com>', [Person("Ben Miller", "ben@example.com")]),
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
    assert [unread.line for unread in reading.unread] == [line]


OKAFOR = Person("Ben Okafor", "ben@example.com")


@pytest.mark.parametrize(
    "line",
    [
        "Ben,Okafor,ben@example.com",
        "Ben;Okafor;ben@example.com",
        "Ben\tOkafor\tben@example.com",
        "ben@example.com,Ben,Okafor",
        '"Ben","Okafor","ben@example.com"',
        '"Okafor, Ben" <ben@example.com>',
        '"Okafor, Ben",ben@example.com',
        "“Okafor, Ben” <ben@example.com>",
        "Okafor, Ben <ben@example.com>",
        "'Ben Okafor' <ben@example.com>",
        "Ben Okafor (ben@example.com) <ben@example.com>",
        "To: Ben Okafor <ben@example.com>",
        "Name: Ben Okafor, E-mail: ben@example.com",
        "•Ben Okafor ben@example.com",
    ],
)
def test_first_and_last_name_are_read_from_columns_and_mail_programs(line: str) -> None:
    assert read_lines(line).people == (OKAFOR,)


@pytest.mark.parametrize(
    ("line", "emails"),
    [
        ("o'neil@example.com", ["o'neil@example.com"]),
        ("Pat O'Brien <pat.o'brien@example.com>", ["pat.o'brien@example.com"]),
        ("'o'neil@example.com'", ["o'neil@example.com"]),
        ("ben@example.com!", ["ben@example.com"]),
        ("{ben@example.com}", ["ben@example.com"]),
        ("ben@example.com <ben@example.com>", ["ben@example.com"]),
        ("[Ben](mailto:ben@example.com)", ["ben@example.com"]),
        ("o\u2019neil@example.com", []),
        ('"a"b@example.com', []),
        ('"john doe"@example.com', []),
        ("ben(work)@example.com", []),
        ("ben@exam(ple).com", []),
        ('ben@example.com"x.org', []),
        ("ben@example.com/x", []),
        ("ben@example.com,uk", []),
        ("ben@example,com", []),
        ("https://ben@example.com", []),
        ("a@localhost", []),
        ("ana@[127.0.0.1]", []),
        ("b@example.com, Ben, a@example.com", []),
        ("ben@example.com\u2014Ben", []),
        ("ben@example.com\u2013Ben", []),
        ("ben@example.com\u2026more", []),
        ("ben@example.com\u060cBen", []),
        ("ben@example.com\u060c", ["ben@example.com"]),
        ("ben@example.com\u3002", ["ben@example.com"]),
        ("ben@\u4f8b\u3048.jp", ["ben@\u4f8b\u3048.jp"]),
        ("Ben|ben@example.com", []),
    ],
)
def test_an_address_is_that_very_one_or_none(line: str, emails: list[str]) -> None:
    assert [person.email for person in read_lines(line).people if person.email] == emails


IN_AN_ADDRESS = "abz09!#$%&'*+/=?^_`{|}~.-"
LOCALS = st.text(IN_AN_ADDRESS, min_size=1, max_size=12)
AROUND = st.text("ab'\".,;:<>()[]{}*|! \t/@\u200b", max_size=6)


@given(
    LOCALS,
    st.sampled_from(["{}", "<{}>", "({})", "Ben <{}>", "Ben,{}", '"{}"', "{};", "{}.", "'{}'"]),
)
@example("o'neil", "{}")
@example("'neil", "Ben <{}>")
def test_whatever_an_address_is_made_of_no_other_one_is_read(local: str, around: str) -> None:
    address = f"{local}@example.com"
    for person in read_lines(around.format(address)).people:
        assert person.email == address.lstrip("'`")


@given(AROUND, AROUND)
def test_nothing_that_touches_an_address_is_cut_off(before: str, after: str) -> None:
    """The oracle: the longest run around the @ without spaces and separators, less what may enclose it."""
    line = f"{before}ben@example.com{after}".replace("\u200b", "")
    at = line.index("ben@example.com")
    run = re.split(r"[\s,;:]", line[:at])[-1] + "ben@example.com"
    run += re.split(r"[\s,;:]", line[at + len("ben@example.com") :])[0]
    enclosed = run.lstrip("'\"`<([{").rstrip("'\"`<>()[]{}.!?")
    emails = [person.email for person in read_lines(line).people if "@example.com" in person.email]
    angled = re.split(r"[<(\[]", enclosed)[-1].lstrip("'`")
    assert set(emails) <= {enclosed, angled}


@pytest.mark.parametrize(
    "headings",
    [
        "name;email",
        "Name,Email",
        "First,Last,Email",
        "Name\tE-mail",
        "Vorname;Nachname;E-Mail-Adresse",
        "Nombre,Apellidos,Correo electrónico",
        "Given Name,Family Name,E-mail 1 - Value",
        '"Name","Email"',
        "E-mail",
        "First Name Last Name Email Address",
    ],
)
def test_a_row_of_headings_is_nobody(headings: str) -> None:
    reading = read_lines(f"{headings}\nBen <ben@example.com>")
    assert reading.people == (BEN,)
    assert (reading.headings, reading.unread) == ((headings,), ())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("+1 206 555 0100", Why.NUMBER),
        ("Ben 206 555 0100", Why.NUMBER),
        ("Ben, 206 555 0100", Why.NUMBER),
        ("Ben ben at example.com", Why.AT),
        ("ben at example dot com", Why.AT),
        ("ben (at) example (dot) com", Why.AT),
        ("ben@example", Why.ADDRESS),
        ("www.example.com", Why.LINK),
        ("Ben of example.com", Why.LINK),
        ("https://example.com/ben", Why.LINK),
        ("Name, Ben", Why.NAME),
        ("Ben, Okafor, Seattle, ben@example.com", Why.COLUMNS),
        ("1, Ben, ben@example.com", Why.COLUMNS),
        ("x" * 61, Why.LONG),
        ("???", Why.NAME),
    ],
)
def test_what_is_no_recipient_is_handed_back_with_a_word_why(line: str, why: Why) -> None:
    reading = read_lines(line)
    assert (reading.people, [each.why for each in reading.unread]) == ((), [why])


@pytest.mark.parametrize(
    "name", ["Class of 2026", "Dr.Ana Ruiz", "St.John", "J.R. Miller", "Mateo Dot"]
)
def test_an_unusual_name_is_a_name(name: str) -> None:
    assert read_lines(name).people == (Person(name),)


def test_blank_lines_are_no_trouble() -> None:
    assert read_lines("\n  \n\u200b\n") == read_lines("")


@given(st.text(st.characters(exclude_categories=["Cf"]), max_size=400))
@example("a@b.co a@b.co,")
@example("a@b.co, c@d.ef tail")
@example(",;\n<>")
def test_no_text_makes_it_raise_or_lose_a_line(text: str) -> None:
    for line in text.splitlines():
        reading = read_lines(line)
        invisible = not without_direction_marks(line).strip()
        handed_back = [each.line for each in reading.unread]
        assert reading.people or handed_back == [line] or reading.headings == (line,) or invisible


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_whoever_is_read_can_be_stored(text: str) -> None:
    for person in read_lines(text).people:
        assert 0 < len(person.name) <= NAME_LENGTH_MAX
        assert person.email == "" or is_address(person.email)


@given(
    st.lists(st.sampled_from(["Ben <ben@example.com>", "Ana", "no@sense", "@", ""]), max_size=30)
)
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    reading = read_lines("\n".join(lines))
    assert len(reading.people) + len(reading.unread) == len([line for line in lines if line])
