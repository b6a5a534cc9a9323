"""No compressed page repeats the query of its address (giftshop/http/compression.py)."""

import re

import pytest

from giftshop.http.compression import COMPRESSED_PATHS
from tests.access.matrix import ROWS
from tests.access.test_matrix import World, _address

pytestmark = pytest.mark.django_db

GUESS = "guess-of-a-stranger"
PEOPLE = ["anonymous", *[f"{who} of own" for who in ("sender", "owner")]]


def test_what_a_stranger_writes_into_an_address_is_not_in_a_compressed_page(world: World) -> None:
    seen, repeated, as_they_are = set[str](), set[str](), set[str]()
    for name in PEOPLE:
        person = world.people[name]
        for route, row in ROWS.items():
            if row.answers.get("GET") != 200 or row.rule(person, "GET") is not None:
                continue
            address = _address(world, person, route, row, world.own).partition("?")[0]
            query = {"guess": GUESS, "from": GUESS, "days": GUESS, "q": GUESS, "next": GUESS}
            answer = person.client.get(address, query)
            if answer.status_code != 200 or b"</html>" not in answer.content:
                continue
            compressed = bool(re.search(COMPRESSED_PATHS, address))
            (seen if compressed else as_they_are).add(route)
            if compressed and GUESS in answer.content.decode():
                repeated.add(route)
    assert repeated == set()
    assert seen >= {"home", "shop", "give-who", "dashboard", "campaign"}, seen
    assert "login" in as_they_are, "the control: it says back where to go next"
    login = world.people["anonymous"].client.get("/accounts/login/", {"next": f"/{GUESS}"})
    assert GUESS in login.content.decode()
