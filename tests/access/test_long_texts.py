"""Whatever a stranger writes costs as much as it is long, and no more: every page, field, header and
query of the product is given the worst kinds of text, and so is every function that reads one.

Fields are found by watching what each page asks a request for, so that a new one cannot be forgotten.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.datastructures import MultiValueDict

from giftshop.friends import names, salutation
from giftshop.friends.parse import read_lines
from giftshop.friends.typos import suggestion
from giftshop.http.middleware import ADDRESS_LENGTH_MAX, HEADER_LENGTH_MAX
from giftshop.logs import TRACEBACK_LENGTH_MAX, scrub
from giftshop.orders import characters
from giftshop.studio.stores import maps
from redemption.api import serializers
from redemption.code_format import MalformedCode, normalise
from tests.access.matrix import ROWS, Row
from tests.access.people import Person
from tests.access.test_matrix import World, _address

SHORT, LONG = 10_000, 100_000
RATIO_MAX = 15
"""Linear is 10; the rest is caches and noise."""
SETTLED_SECONDS = 0.08
"""LONG texts that cost less than this are not compared: a square would cost seconds."""
HOPELESS_SECONDS = 0.3
"""Of a SHORT text; a LONG one is not tried then."""
AT_ONCE = 20
"""Fields that one request fills."""

UNITS = {
    "letters": "a",
    "ats": "@",
    "addresses": "a@",
    "dots": ".",
    "spaces": " ",
    "digits": "1",
    "dashes": "-",
    "words": "A1 ",
    "codes": "ABCD-",
    "brackets": "[{<(",
    "quotes": '\\"',
    "quoted": '"a" ',
    "apostrophes": "a'",
    "ands": " at a",
    "lists": "a,\n;",
    "marks": "e\u0301\u0302",
    "families": "\U0001f468\u200d\U0001f469\u200d",
}


def text_of(kind: str, length: int) -> str:
    unit = UNITS[kind]
    return (unit * (length // len(unit) + 1))[:length]


Texts = Callable[[int], str]


def cost(act: Callable[[str], object], text: str) -> float:
    """Seconds of this thread's CPU."""
    started = time.thread_time()
    act(text)
    return time.thread_time() - started


def is_linear(act: Callable[[str], object], kind: str, of_length: Texts) -> str:
    """Nothing, or what is wrong in words."""
    short, long = of_length(SHORT), of_length(LONG)
    once = cost(act, short)
    if once > HOPELESS_SECONDS:  # or a first call that loads what later ones have
        once = cost(act, short)
    if once > HOPELESS_SECONDS:
        return f"{SHORT} characters of {kind} cost {once:.2f} s"
    if cost(act, long) < max(SETTLED_SECONDS, RATIO_MAX * once):
        return ""
    best = {text: min(cost(act, text) for _n in range(3)) for text in (short, long)}
    if best[long] <= max(RATIO_MAX * best[short], SETTLED_SECONDS):
        return ""
    return f"{kind}: {best[short] * 1000:.1f} ms for {SHORT}, {best[long] * 1000:.1f} ms for {LONG}"


def read_code(text: str) -> None:
    try:
        normalise(text)
    except MalformedCode:
        return


READERS: dict[str, Callable[[str], object]] = {
    "log line": scrub,
    "traceback": lambda text: scrub(text, most=TRACEBACK_LENGTH_MAX),
    "whole log line": lambda text: scrub(text, most=len(text)),
    "pasted recipients": read_lines,
    "pasted recipients with one address": lambda text: read_lines(f"{text} <ben@example.com>"),
    "pasted recipients with dots": lambda text: read_lines(f"Ben ben@example.com {text}x"),
    "pasted recipients with a name before": lambda text: read_lines(
        f"{text}, Ben <ben@example.com>"
    ),
    "name": salutation.short_name,
    "name of the brand": lambda text: names.is_the_brand(text, "Frosty Spoon"),
    "link in a name": names.is_link,
    "address in words": names.is_address_in_words,
    "slip of an address": suggestion,
    "slip of a domain": lambda text: suggestion(f"ben@{text}"),
    "message": characters.is_too_long,
    "code": read_code,
    "position": maps.position_in,
    "position between spaces": lambda text: maps.position_in(f"47.6{text},"),
    "form of fields": lambda text: QueryDict(f"name={text}"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_function_that_reads_a_strangers_text_is_linear(name: str) -> None:
    assert [
        said for kind in UNITS if (said := is_linear(READERS[name], kind, partial(text_of, kind)))
    ] == []


def test_the_measure_finds_a_square() -> None:
    """The control: an address looked for from each letter, as log lines once were."""
    square = re.compile(r"[\w.+-]+@")

    def search(text: str) -> None:
        for _n in range(3):
            square.search(text)

    assert is_linear(search, "letters", partial(text_of, "letters")) != ""


# --- Pages ----------------------------------------------------------------------------------------


def may_open(world: World, row: Row, method: str) -> Person:
    """Whoever the table lets in; the strictest reader of a page is behind it."""
    own = [person for person in world.people.values() if person.place in {"", "own"}]
    return next(person for person in reversed(own) if row.rule(person, method) is None)


def send(person: Person, method: str, address: str, **how: Any) -> HttpResponse:
    mark = transaction.savepoint()
    cookies = person.client.cookies.output()
    try:
        return person.client.generic(method, address, **how)
    finally:
        transaction.savepoint_rollback(mark)
        if person.client.cookies.output() != cookies:
            person.client.cookies.load(cookies)


def watching() -> tuple[set[str], Any]:
    """Which names are asked of a form or a query while the patch holds."""
    asked: set[str] = set()

    def noting(method: str) -> Any:
        before = getattr(MultiValueDict, method)

        def note(self: Any, key: Any, *rest: Any) -> Any:
            if isinstance(self, QueryDict) and isinstance(key, str):
                asked.add(key)
            return before(self, key, *rest)

        return note

    names = ("get", "getlist", "__getitem__")
    return asked, patch.multiple(MultiValueDict, **{name: noting(name) for name in names})


JSON = "application/json"
ROW_KEY = "0a1b2c3d"
API_FIELDS = sorted({
    name
    for shape in (
        serializers.LookupRequest, serializers.RedemptionRequest, serializers.ReversalRequest,
    )
    for name in shape().fields
})  # fmt: skip


def fields_of(
    world: World, person: Person, row: Row, address: str, base: dict[str, Any]
) -> list[str]:
    """What the page asks a form for, given one with what it needs to read on."""
    asked, patched = watching()
    with patched:
        send(person, "POST", address, **encoded(base))
    return sorted(asked - {"row", "csrfmiddlewaretoken"})


def encoded(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": encode_multipart(BOUNDARY, fields),
        "content_type": MULTIPART_CONTENT,
    }


def groups(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


def mixed(turn: int, length: int) -> str:
    """A stretch of each kind, one after another, from another one on each turn."""
    kinds = list(UNITS)
    ordered = kinds[turn:] + kinds[:turn]
    return "".join(text_of(kind, length // len(kinds)) for kind in ordered)


def check_forms(world: World, texts: Callable[[], Iterator[tuple[str, Texts]]]) -> int:
    wrong, fields = [], 0
    for route, row in ROWS.items():
        if "POST" not in row.answers or row.json:
            continue
        person = may_open(world, row, "POST")
        address = _address(world, person, route, row, world.own)
        base = {"row": ROW_KEY, **(row.body(world.own) if row.body else {})}
        names = fields_of(world, person, row, address, base)
        fields += len(names)
        for together in groups(names):

            def post(
                text: str,
                person: Any = person,
                address: str = address,
                sent: Any = (base, together),
            ) -> None:
                fields = sent[0] | dict.fromkeys(sent[1], text)
                send(person, "POST", address, **encoded(fields))

            said = [is_linear(post, kind, of_length) for kind, of_length in texts()]
            wrong += [f"{route} {together}: {words}" for words in said if words]
    assert wrong == []
    return fields


@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100_000_000)
def test_every_field_of_every_form_is_read_in_linear_time(world: World) -> None:
    """With all kinds in one text; `make stress` gives each kind alone."""
    fields = check_forms(world, lambda: iter([("all kinds", partial(mixed, 0))]))
    assert fields > 100, "the pages' fields were not found"


@pytest.mark.stress
@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100_000_000)
def test_every_field_of_every_form_reads_each_kind_in_linear_time(world: World) -> None:
    check_forms(world, lambda: ((kind, partial(text_of, kind)) for kind in UNITS))


@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100_000_000)
def test_every_field_of_the_api_is_read_in_linear_time(world: World) -> None:
    wrong = []
    for route, row in ROWS.items():
        if not row.json:
            continue
        person = may_open(world, row, "POST")
        address = _address(world, person, route, row, world.own)
        base = row.body(world.own) if row.body else {}
        bodies: dict[str, Callable[[str], str]] = {
            name: lambda text, name=name, base=base: json.dumps({**base, name: text})  # type: ignore[misc]
            for name in [*API_FIELDS, "unknown"]
        }
        bodies |= {
            "digits": lambda text: '{"code": "x", "amount": %s}' % ("1" * len(text)),
            "depth": lambda text: "[" * len(text),
            "names": lambda text: json.dumps(
                dict.fromkeys((str(n) for n in range(len(text) // 8)), 1)
            ),
            "bare": lambda text: text,
        }
        for name, body in bodies.items():

            def post(
                text: str, person: Any = person, address: str = address, body: Any = body
            ) -> None:
                headers = {**person.headers, "Idempotency-Key": "k"}
                send(person, "POST", address, data=body(text), content_type=JSON, headers=headers)

            if said := is_linear(post, name, partial(mixed, 0)):
                wrong.append(f"{route} {name}: {said}")
    assert wrong == []


HEADERS = (
    "Host", "Accept-Language", "Cookie", "User-Agent", "Referer", "Authorization", "Origin",
    "Idempotency-Key", "Stripe-Signature", "X-Forwarded-For", "X-Forwarded-Proto", "HX-Current-URL",
    "Purpose", "Sec-Purpose", "DNT", "If-None-Match", "If-Modified-Since", "Range", "Anything-Else",
)  # fmt: skip
PARTS = (
    "/",
    "/shop/frosty-spoon/",
    "/l/frosty-spoon-link/",
    "/accounts/login/",
    "/api/v1/lookups/",
)
"""A page of each kind: pages, a link that is counted, sign-in, the API's."""


@pytest.mark.django_db
@pytest.mark.parametrize("header", HEADERS)
def test_a_header_costs_little_however_long_it_is(world: World, header: str) -> None:
    """The longest that is read, and one that is refused unread."""
    person = world.people["anonymous"]
    dear = {}
    for path in PARTS:
        for kind in ("letters", "quotes", "lists"):
            for length in (HEADER_LENGTH_MAX, LONG):
                text = text_of(kind, length)

                def get(text: str, path: str = path) -> None:
                    send(person, "GET", path, headers={header: text})

                if (spent := cost(get, text)) > SETTLED_SECONDS:
                    spent = min(cost(get, text) for _n in range(3))
                if spent > SETTLED_SECONDS:
                    dear[path, kind, length] = spent
    assert dear == {}


@pytest.mark.django_db
def test_every_query_is_read_in_linear_time(world: World) -> None:
    wrong, names = [], set()
    for route, row in ROWS.items():
        if "GET" not in row.answers:
            continue
        person = may_open(world, row, "GET")
        address = _address(world, person, route, row, world.own)
        asked, patched = watching()
        with patched:
            send(person, "GET", address)
        names |= asked
        for name in sorted(asked):

            def get(text: str, person: Any = person, address: str = f"{address}?{name}=") -> None:
                send(person, "GET", address + text[: ADDRESS_LENGTH_MAX - 200])

            spent = cost(get, mixed(0, ADDRESS_LENGTH_MAX))
            if spent > SETTLED_SECONDS and (said := is_linear(get, name, partial(mixed, 0))):
                wrong.append(f"{route} {name}: {said}")
    assert wrong == []
    assert {"q", "page", "before", "who", "cursor", "session_id"} <= names
