"""Who asks what of a row of the matrix, so that each rule is tried by everybody whom it can tell apart.

To ask everything as everybody were 65,000 requests, and most of them the same question once more. So of
every row

- whoever may open it reads it and posts to it, and so does every role of each brand that may not;
- of people of one role and brand whom the row refuses alike one asks: who is there for all stores, since
  whoever is there for some may only less, and else they in turns;
- HEAD, which Django answers as a GET, and what is refused to everybody (405) are asked in turns: each by
  somebody who may open the page, and by two who may not.
"""

from collections import defaultdict
from collections.abc import Sequence

from tests.access.matrix import METHODS, Row
from tests.access.people import Person

ALWAYS = ("GET", "POST")
"""What reads and what writes. Every view that answers more of them answers those alike."""
Asked = dict[str, list[str]]
"""Methods by the name of a person; who is not in it asks nothing."""


def askings(row: Row, people: Sequence[Person], place: int) -> Asked:
    """What is asked of this row and by whom. `place`: which row it is, so that turns differ by row."""
    may = [person for person in people if is_open(row, person)]
    refused = [asker(them, place) for them in alike(row, people)]
    always = [method for method in ALWAYS if method in row.answers]
    others = [method for method in METHODS if method not in always]
    asked = {}
    for them, times in ((may, 1), (refused, 2)):
        for person, turn in zip(them, spread(others, len(them), place, times), strict=True):
            all_at_once = row.asks_first and them is refused  # it asks who is there before all else
            asked[str(person)] = list(METHODS) if all_at_once else [*always, *turn]
    return asked


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
    """Those who may not open it, put together by their role, their brand and what they are refused with."""
    found = defaultdict(list)
    for person in people:
        if not is_open(row, person):
            brand = person.company and person.company.brand.pk
            refusals = tuple(row.rule(person, method) for method in METHODS)
            found[person.role, brand, refusals].append(person)
    return list(found.values())


def asker(them: Sequence[Person], place: int) -> Person:
    of_all_stores = [person for person in them if person.place in {"", "own", "other brand"}]
    asking = of_all_stores or them
    return asking[place % len(asking)]
