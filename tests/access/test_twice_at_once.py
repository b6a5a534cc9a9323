"""Two people do the same at once: the one who was slower is answered in words, and never by a broken page.

While a view works, and before it holds anything, the same request comes from another browser and is done
to its end: what the first one found may be gone, done or another by then.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.transaction import Atomic
from django.http import HttpResponse

from tests.access.matrix import ROWS
from tests.access.people import Person
from tests.access.test_matrix import World, _address
from tests.product import PRODUCT

BEFORE_ANY_VIEW = ("giftshop.http", "giftshop.accounts")
"""What limits and sessions write, before a view has looked at anything."""


@contextmanager
def before_the_first_lock(act: Callable[[], object]) -> Iterator[list[str]]:
    """What happens in the moment in which the product begins its first transaction for a request; in which
    module that was, or nothing if it never does."""
    enter, begun = Atomic.__enter__, list[str]()

    def enters(self: Atomic) -> Any:
        caller = str(sys._getframe(1).f_globals["__name__"])
        if not begun and caller.startswith(PRODUCT) and not caller.startswith(BEFORE_ANY_VIEW):
            begun.append(caller)
            act()
        return enter(self)

    with patch.object(Atomic, "__enter__", enters):
        yield begun


def posts(world: World) -> Iterator[tuple[str, Person]]:
    """Every address that is posted to, with somebody who may."""
    people = [person for person in world.people.values() if person.place in {"", "own"}]
    for route, row in ROWS.items():
        may = [person for person in people if row.rule(person, "POST") is None]
        if "POST" in row.answers and route in world.routes and may:
            yield route, may[0]


def post(world: World, person: Person, route: str) -> HttpResponse:
    row = ROWS[route]
    address = _address(world, person, route, row, world.own)
    body = row.body(world.own) if row.body else {}
    headers = {**person.headers, "Idempotency-Key": str(uuid4())}
    if row.json:
        return person.client.post(address, body, "application/json", headers=headers)
    return person.client.post(address, body, headers=headers)


RIVALS = {
    "news_id": "studio_news_removal",
    "user_id": "studio_member_removal",
    "invitation_id": "invitation_withdrawal",
    "question_id": "studio_question_closure",
    "review_id": "studio_review_display",
}
"""By what an address names: what else somebody may do to it, after which it is gone or over."""


@pytest.mark.django_db
def test_who_comes_second_in_the_same_moment_is_told_so(world: World) -> None:
    broken, met = [], set()
    for route, person in posts(world):
        for rival in rivals(world, route):
            with before_the_first_lock(partial(post, world, person, rival)) as begun:
                status = taken_back(person, partial(post, world, person, route))
            met |= {route} if begun else set()
            if status >= 500:
                broken.append(f"{person}: {route} answers {status} after {rival}")
    assert not broken, "\n".join(broken)
    assert len(met) > 40, sorted(met)
    assert {"studio_member_removal", "studio_news_removal", "studio_news_picture_removal"} <= met


def rivals(world: World, route: str) -> set[str]:
    """The same again, and what takes away that which the address names."""
    named = re.findall(r"<(?:\w+:)?(\w+)>", world.routes[route])
    return {route} | {RIVALS[name] for name in named if name in RIVALS}


def taken_back(person: Person, act: Callable[[], HttpResponse]) -> int:
    """The status of the answer; whatever was done is undone, also what is kept in the browser."""
    cookies = {name: morsel.value for name, morsel in person.client.cookies.items()}
    person.client.raise_request_exception = False
    mark = transaction.savepoint()
    try:
        return act().status_code
    finally:
        transaction.savepoint_rollback(mark)
        person.client.raise_request_exception = True
        person.client.cookies = SimpleCookie(cookies)
