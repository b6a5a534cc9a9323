"""Who asks what of a row of the matrix, so that each rule is tried by everybody whom it can tell apart.

To ask everything as everybody were 65,000 requests, and most of them the same question once more. So of
every row

- whoever may open it reads it and posts to it, and so does every role of each brand that may not;
- but where a role may open it in neither brand, and what is open to anyone, the brands take turns: what
  somebody of one reads somebody of the other posts to, and the other way round on the next row; what is only
  read or only posted to the row's own brand always asks. `make stress` asks everything of both;
- of people of one role and brand whom the row refuses alike one asks: who is there for all stores, since
  whoever is there for some may only less, and else they in turns;
- HEAD, which Django answers as a GET, and what is refused to everybody (405) are asked in turns: each by
  somebody who may open the page, and by two who may not.
"""

from collections import defaultdict
from collections.abc import Sequence

from tests.access.access_rules import anyone
from tests.access.matrix import METHODS, Row
from tests.access.people import Person

ALWAYS = ("GET", "POST")
"""What reads and what writes. Every view that answers more of them answers those alike."""
Asked = dict[str, list[str]]
"""Methods by the name of a person; who is not in it asks nothing."""


def askings(row: Row, people: Sequence[Person], place: int, *, no_turns: bool = False) -> Asked:
    """What is asked of this row and by whom. `place`: which row it is, so that turns differ by row; without
    turns everybody who asks reads and posts."""
    may = [person for person in people if is_open(row, person)]
    others = [person for person in people if not is_open(row, person)]
    refused = [asker(them, place) for them in alike(row, others)]
    if row.rule is anyone and not no_turns:
        may = [asker(them, place) for them in alike(row, may)]
    always = [method for method in ALWAYS if method in row.answers]
    seldom = [method for method in METHODS if method not in always]
    asked = {}
    for them, times in ((may, 1), (refused, 2)):
        for person, turn in zip(them, spread(seldom, len(them), place, times), strict=True):
            all_at_once = row.asks_first and them is refused  # it asks who is there before all else
            own = always if no_turns else in_turn(row, person, people, always, place)
            asked[str(person)] = list(METHODS) if all_at_once else [*own, *turn]
    return asked


def in_turn(
    row: Row, person: Person, people: Sequence[Person], always: list[str], place: int
) -> list[str]:
    """Of these methods what this person asks, where somebody of the other brand asks the rest: but each role
    something of its own brand, where nothing but its role keeps it out."""
    if person.company is None or not brands_are_alike(row, person, people):
        return always
    is_guest = person.place == "other brand"
    mine = [method for number, method in enumerate(always) if (place + is_guest + number) % 2 == 0]
    return mine if mine or is_guest else always


def brands_are_alike(row: Row, person: Person, people: Sequence[Person]) -> bool:
    """Whether this row treats somebody as it treats the same role of the other brand."""
    return row.rule is anyone or not any(
        is_open(row, other) for other in people if other.role == person.role
    )


def spread(methods: list[str], people: int, place: int, times: int) -> list[list[str]]:
    """Each method for so many of so many people, who take turns."""
    given: list[list[str]] = [[] for _ in range(people)]
    for number, method in enumerate(methods * times if people else ()):
        turn = given[(place + number) % people]
        if method not in turn:
            turn.append(method)
    return given


def is_open(row: Row, person: Person) -> bool:
    """Whether they may open the page; some who may are refused a part of its methods."""
    return row.rule(person, "GET") is None


def alike(row: Row, people: Sequence[Person]) -> list[list[Person]]:
    """Put together by their role, their brand and what they are refused with."""
    found = defaultdict(list)
    for person in people:
        brand = person.company and person.company.brand.pk
        refusals = tuple(row.rule(person, method) for method in METHODS)
        found[person.role, brand, refusals].append(person)
    return list(found.values())


def asker(them: Sequence[Person], place: int) -> Person:
    of_all_stores = [person for person in them if person.place in {"", "own", "other brand"}]
    asking = of_all_stores or them
    return asking[place % len(asking)]
