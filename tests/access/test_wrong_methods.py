"""A method that an address does not take: somebody who reloads a form's address reads a page and is led to
the one that the form stands on. That everybody else is told which methods it takes is asked by those of
test_matrix.py."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from giftshop.http.errors import page_above
from tests.access import markup
from tests.access.matrix import ROWS, Row
from tests.access.people import Person
from tests.access.test_matrix import World, _address, _send

pytestmark = pytest.mark.django_db

WAY_ON = re.compile(r'<div class="empty">.*?<a [^>]*href="([^"]+)"', re.DOTALL)
OF_NOTHING = {"account_passkey_removal"}
"""Forms of a thing that nobody of the cast has: neither has it a page."""
FOR_PROGRAMS = ("api-", "stripe-webhook", "mail-webhook", "text-report", "text-answer")


def forms_addresses(world: World) -> Iterator[tuple[str, Row, Person, str]]:
    """Each address that takes no GET, with somebody who may send the form that it is for."""
    for route, row in ROWS.items():
        for_people = route in world.routes and not route.startswith(FOR_PROGRAMS)
        if for_people and "GET" not in row.answers:
            may = whoever_may_post(world, row)
            yield route, row, may, _address(world, may, route, row, world.own)


def whoever_may_post(world: World, row: Row) -> Person:
    people = [each for each in world.people.values() if each.place in {"", "own"}]
    return next(each for each in people if row.rule(each, "POST") is None)


def test_a_forms_address_leads_to_its_page(world: World) -> None:
    wrong, asked = dict[str, object](), 0
    for route, row, person, address in forms_addresses(world):
        told = _send(person, row, "GET", address, world.own)
        asked += 1
        if route in OF_NOTHING:
            assert person.client.get(page_above(address)).status_code == 404
            continue
        html = told.content.decode()
        way_on = WAY_ON.search(html)
        led = person.client.get(address, headers={"Sec-Fetch-Mode": "navigate"})
        if led.status_code != 302 or not way_on or led["Location"] != way_on[1]:
            wrong[route] = (led.status_code, led.headers.get("Location"))
            continue
        if told.status_code != 405 or not way_on or markup.faults(html):
            wrong[route] = (told.status_code, html[:80], markup.faults(html))
            continue
        assert address.startswith(way_on[1])
        page = person.client.get(way_on[1], follow=True)
        if page.status_code != 200 or b"</html>" not in page.content:
            wrong[route] = (way_on[1], page.status_code)
    assert not wrong
    assert asked > 40


def test_what_is_read_can_be_asked_about_without_its_text(world: World) -> None:
    """HEAD has the status of GET, as everybody is answered (test_matrix.py), leads where it leads, and has no
    body."""
    wrong, asked = dict[str, object](), 0
    for route, row in ROWS.items():
        if route not in world.routes or "GET" not in row.answers:
            continue
        assert row.answers.get("HEAD") == row.answers["GET"], route
        if row.answers["GET"] in {200, 503}:
            continue
        may = [each for each in world.people.values() if each.place in {"", "own"}]
        person = next(each for each in may if row.rule(each, "GET") is None)
        address = _address(world, person, route, row, world.own)
        read = _send(person, row, "GET", address, world.own)
        head = _send(person, row, "HEAD", address, world.own)
        asked += 1
        if (read.status_code, bare(read)) != (head.status_code, bare(head)) or head.content:
            wrong[route] = (read.status_code, head.status_code, bare(head))
    assert not wrong
    assert asked > 10


def bare(answer: HttpResponse) -> str:
    """Where an answer leads, without what is new in each."""
    return answer.headers.get("Location", "").partition("?")[0]


def test_a_swap_and_a_program_are_told_in_their_own_way(world: World) -> None:
    person = world.people["owner of own"]
    address = f"/studio/{world.own.brand.slug}/campaigns/{world.own.campaign.slug}/links/"

    assert person.client.get(address, headers={"HX-Request": "true"}).content == b""
    assert person.client.get("/webhooks/stripe/").status_code == 405
    assert person.client.get("/api/v1/redemptions/").status_code in {401, 405}


def test_above_an_unknown_address_is_the_start() -> None:
    assert page_above("/webhooks/stripe/") == "/"
    assert page_above("/gift/abc/thanks/") == "/gift/abc/"
    assert page_above("/") == "/"
