"""Every address x every method x everybody, asked for real (matrix.py says what is right)."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.base import Template
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from brands.models import Store
from giftshop.accounts import permissions
from giftshop.accounts.store_sets import StoreSet
from giftshop.delivery import data_links
from giftshop.orders.models import Draft
from redemption.models import StaffMember
from tests.access import state
from tests.access.access_rules import MONEY_MOVERS, OWNERS, anyone
from tests.access.askings import ALWAYS, Asked, askings, brands_are_alike, is_open
from tests.access.matrix import MAY_BE_KEPT, METHODS, NO_SUCH_METHOD, ROWS, Row
from tests.access.people import NOBODYS, OF_STORES, Company, Person, build_company, everybody
from tests.access.routes import every_route
from tests.messages import begin_to_send

SAFE = ("GET", "HEAD", "OPTIONS")
REFUSALS = {"401", "403", "404", "405"}


class Walked(dict[str, Any]):
    """By person, what somebody found on the pages; one for all copies of a world."""

    def __deepcopy__(self, memo: object) -> "Walked":
        return self


class World:
    def __init__(self) -> None:
        self.walked = Walked()
        self.own = build_company("frosty-spoon", "Quillon", counters=2)
        self.other = build_company("harbor-bean", "Zephyr", counters=1)
        for company in (self.own, self.other):
            begin_to_send(company.brand)
        self.people = {str(person): person for person in everybody(self.own, self.other)}
        self.routes = every_route()
        self.asked = self.askings()
        self.before = state.digests()

    def askings(self, **how: bool) -> dict[str, Asked]:
        """By route."""
        return {
            route: askings(row, list(self.people.values()), place, **how)
            for place, (route, row) in enumerate(ROWS.items())
            if route in self.routes
        }


class Refusals:
    """The page of a refusal, made once for each browser that is refused: all that it shows is who asked."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str, str], str] = {}

    def __call__(self, page: str, context: dict[str, Any], request: HttpRequest | None) -> str:
        key = (page, str(context), str(request and request.COOKIES))
        if key not in self.pages:
            self.pages[key] = render_to_string(page, context, request=request)
        return self.pages[key]


MEMBERS = "owner marketer finance store_manager reader"
AT_COUNTER = "cashier manager tablet integration display"
PEOPLE = ["anonymous", "operator", "signing_in", "at_second_step"] + [
    f"{role} of {place}"
    for place, roles in {
        "own": f"sender recipient {MEMBERS} {AT_COUNTER}",
        "other brand": f"sender recipient {MEMBERS} {AT_COUNTER}",
        "own store": " ".join(OF_STORES),
        "other store": " ".join((AT_COUNTER, *OF_STORES)),
    }.items()
    for role in roles.split()
]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = every_route()
    missing = sorted(set(routes) - set(ROWS))
    assert not missing, (
        f"Nobody has said who may open {missing}: add a row for each to ROWS in tests/access/matrix.py,"
        " and if a device may, its name to redemption/till/device_profiles.py"
    )
    gone = sorted(set(ROWS) - set(routes))
    assert not gone, f"{gone} in tests/access/matrix.py are the names of no address any more"


@pytest.mark.django_db
def test_the_cast_is_the_one_that_is_asked(world: World) -> None:
    assert set(world.people) == set(PEOPLE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PEOPLE)
def test_who_may_and_who_may_not(world: World, name: str) -> None:
    as_the_rows_say(world, name, world.asked)


@pytest.mark.stress
@pytest.mark.django_db
@pytest.mark.parametrize("name", PEOPLE)
def test_who_may_and_who_may_not_without_turns(world: World, name: str) -> None:
    as_the_rows_say(world, name, world.askings(no_turns=True))


def as_the_rows_say(world: World, name: str, askings: dict[str, Asked]) -> None:
    person = world.people[name]
    wrong = []
    for route, asked in askings.items():
        wrong += ask_all(world, person, route, asked.get(name, ()))
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
    changed = {table for table, now in state.digests().items() if now != world.before[table]}
    assert not changed, f"reading as {person} changed {changed}"


def ask_all(world: World, person: Person, route: str, methods: Iterable[str]) -> list[str]:
    """What is wrong with the answers about their own, and about others' where the address names some."""
    wrong, row = [], ROWS[route]
    names = (row.with_ids or row.posted_ids) and person.place in {"own", "own store"}
    for method in methods:
        wrong += ask(world, person, route, row, method, world.own)
        if names and row.rule(person, method) is None:
            wrong += ask(world, person, route, row, method, world.other)
    return wrong


@pytest.mark.django_db
def test_everybody_whom_a_rule_can_tell_apart_asks(world: World) -> None:
    """Each role of each brand reads and posts, where brands are alike that of one; and every method is
    asked by some who may and by some who may not: a view that does more than its row says is open to
    somebody who asks."""
    people = list(world.people.values())
    for route, asked in world.asked.items():
        row = ROWS[route]
        for person in people:
            brand = person.company and person.company.brand
            for method in ALWAYS:
                like = {
                    str(other)
                    for other in people
                    if other.role == person.role
                    and (
                        (other.company and other.company.brand) == brand
                        or brands_are_alike(row, person, people)
                    )
                    and row.rule(other, method) == row.rule(person, method)
                    and method in asked.get(str(other), ())
                }
                assert like or method not in row.answers, (route, str(person), method)
        asking = Counter(
            (method, is_open(row, world.people[name])) for name in asked for method in asked[name]
        )
        for may in {is_open(row, person) for person in people}:
            assert all(asking[method, may] for method in METHODS), (route, may)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reader", "store_manager"])
def test_a_role_that_may_too_much_is_found(
    world: World, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where a role is let in wherever an owner is, those who ask tell of each such address."""
    everywhere = {of: (*roles, role) for of, roles in permissions.ROLES.items()}
    monkeypatch.setattr(permissions, "ROLES", everywhere)
    told = {}
    for route, asked in world.asked.items():
        if ROWS[route].rule in {OWNERS, MONEY_MOVERS}:
            told[route] = any(
                ask(world, world.people[name], route, ROWS[route], method, world.own)
                for name, methods in asked.items()
                if world.people[name].role == role
                for method in methods
            )
    assert len(told) > 40
    assert not [route for route, is_told in told.items() if not is_told]


@pytest.mark.django_db
def test_a_hole_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with stores that are looked at nowhere, each page that names one is told, and each list
    that shows another's."""
    monkeypatch.setattr(StoreSet, "within", lambda self, rows, key="store": rows)
    monkeypatch.setattr(StoreSet, "stores", lambda self: Store.objects.all())
    monkeypatch.setattr(StoreSet, "staff", lambda self: StaffMember.objects.all())
    person, told = world.people["store_manager of other store"], {}
    for route, row in ROWS.items():
        method = "GET" if "GET" in row.answers else "POST"
        if row.elsewhere and row.rule(person, method) is None:
            told[route] = ask(world, person, route, row, method, world.own)
    assert len(told) > 10
    assert not [route for route, wrong in told.items() if not wrong]
    for route in ("studio_stores", "studio_staff", "devices"):
        assert "shows" in "".join(ask(world, person, route, ROWS[route], "GET", world.own)), route


@pytest.mark.django_db
def test_a_strangers_get_begins_no_session_and_no_draft(world: World) -> None:
    client = Client()
    mark = transaction.savepoint()
    before = Session.objects.count(), Draft._base_manager.count()
    anonymous = world.people["anonymous"]
    for route, row in ROWS.items():
        if "GET" in row.answers:
            client.get(_address(world, anonymous, route, row, world.own))
    after = Session.objects.count(), Draft._base_manager.count()
    transaction.savepoint_rollback(mark)

    assert after == before
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def ask(
    world: World, person: Person, route: str, row: Row, method: str, company: Company
) -> list[str]:
    """What is wrong with the answer, in words."""
    address = _address(world, person, route, row, company)
    right = _expected(person, row, method, company)
    response = _send(person, row, method, address, company)
    given = str(response.status_code)
    if response.status_code in {301, 302} and " " in right:
        given += f" {urlsplit(response['Location']).path}"
    said = []
    whose = "their own" if company is person.company else "others'"
    if given != right:
        said.append(f"{person}: {method} {route} ({whose}) answers {given}, not {right}")
    if given == NO_SUCH_METHOD and (not (taken := _taken(response)) or method in taken):
        said.append(f"{person}: {method} {route} ({whose}) is told that it takes {taken}")
    leaked = [word for word in _not_for(world, person, row) if word in _text(response)]
    if leaked:
        said.append(f"{person}: {method} {route} ({whose}) shows {leaked}")
    if route not in MAY_BE_KEPT and "no-store" not in response.get("Cache-Control", ""):
        said.append(f"{person}: {method} {route} ({whose}) may be kept by a cache")
    return said


def _expected(person: Person, row: Row, method: str, company: Company) -> str:
    if method not in row.answers:
        return _no_such_method(person, row)
    refused = row.rule(person, method)
    if refused:
        return refused
    named = row.with_ids or (row.posted_ids if method == "POST" else None)
    if named and company is not person.company and method != "OPTIONS":
        return str(named)
    if person.place == "other store" and row.elsewhere and method != "OPTIONS":
        return str(row.elsewhere)
    return str(row.answers[method])


def _no_such_method(person: Person, row: Row) -> str:
    return (row.asks_first and row.rule(person, "PUT")) or NO_SUCH_METHOD


def _address(world: World, person: Person, route: str, row: Row, company: Company) -> str:
    counter = company.counters[0]
    words: dict[str, Any] = {
        "brand_slug": world.own.brand.slug,
        "device_id": counter.device.pk,
        "staff_id": counter.cashier.pk,
        "redemption_id": counter.redemption.pk if counter.redemption else uuid4(),
        "code_id": company.gift.code_id,
        "request_id": company.asked,
        "user_id": company.member,
        "invitation_id": company.invited,
        "news_id": company.news,
        "offer_id": company.offer.pk,
        "handout_id": company.handout.pk,
        "review_id": company.review,
        "question_id": company.question,
        "draft_id": world.own.draft,
        "key": "f1",
        "signed": company.stop,
        "token": _secret(person, route),
        "proof": _proof(person),
    }
    words |= {name: find(company) for name, find in row.ids.items()}
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", world.routes[route])
    if route == world.routes[route]:
        return f"/{route}"
    return reverse(route, kwargs={name: words[name] for name in wanted})


def _secret(person: Person, route: str) -> str:
    """The secret link that this person was given, or one that nobody was."""
    if person.company and person.role == "sender" and route.startswith("order"):
        return person.company.order.link_token()
    if person.company and person.role == "recipient" and route.startswith("offer"):
        return person.company.taken.link_token()
    if person.company and person.role == "recipient" and route.startswith("handout"):
        return person.company.mailed.link_token()
    if person.company and person.role == "recipient":
        return person.company.gift.link_token()
    return NOBODYS


def _proof(person: Person) -> str:
    """The signed link from this person's gift, or one that nobody signed."""
    if person.company and person.role == "recipient":
        return data_links.of_gift(person.company.gift).split("/")[-2]
    return NOBODYS


def _send(person: Person, row: Row, method: str, address: str, company: Company) -> HttpResponse:
    """The answer; whatever it did is undone. What is only read, or refused, has nothing to undo: the
    digest of all tables at the end would show it."""
    may_write = method in row.answers and method not in SAFE
    person.client.cookies.pop(settings.CSRF_COOKIE_NAME, None)  # nobody comes from a form
    before = {name: morsel.value for name, morsel in person.client.cookies.items()}
    headers = {**person.headers, "Idempotency-Key": str(uuid4())}
    body = row.body(company) if row.body and method == "POST" else {}
    mark = transaction.savepoint() if may_write else None
    try:
        if row.json:
            return person.client.generic(
                method, address, json.dumps(body), "application/json", headers=headers
            )
        if method == "POST":
            return person.client.post(address, body, headers=headers)
        if method == "HEAD":  # nothing of the page is sent, so nothing of it is made
            with patch.object(Template, "render", lambda _self, _context: ""):
                return person.client.generic(method, address, headers=headers)
        return person.client.generic(method, address, headers=headers)
    finally:
        if mark:
            transaction.savepoint_rollback(mark)
        if {name: morsel.value for name, morsel in person.client.cookies.items()} != before:
            person.client.cookies = SimpleCookie(before)


def _taken(response: HttpResponse) -> list[str]:
    """The methods that somebody is told of who asked with another one."""
    return [word for word in response.get("Allow", "").split(", ") if word]


def _text(response: HttpResponse) -> str:
    return "" if response.streaming else response.content.decode(errors="replace")


def _not_for(world: World, person: Person, row: Row) -> list[str]:
    """Words that this person must never read: another brand's, and at a counter another store's. The names of
    stores are the public's."""
    if row.any_brand and (
        person.role == "operator" or row.rule is anyone
    ):  # its address is the secret
        return []
    companies = [company for company in (world.own, world.other) if company is not person.company]
    words = [company.word for company in companies]
    if person.company and person.counter:
        for number, counter in enumerate(person.company.counters, start=1):
            if counter is not person.counter:
                words.append(f"{person.company.word}{number}")
                if person.signed_in and row.rule is not anyone:
                    words.append(counter.store.name)
    return words
