"""Every page is valid HTML: whatever an address answers, to whoever may ask and to whoever may not, in a
language that is not the brand's. An address of its own is walked as soon as it is there.

What is looked at is said in markup.py, and each rule is shown a page that breaks it.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from giftshop.accounts.models import Membership
from giftshop.gallery import gallery
from giftshop.http import errors, proxy_pages
from tests.access import markup
from tests.access.access_rules import anyone
from tests.access.matrix import LETTERS, ROWS
from tests.access.people import Person
from tests.access.test_longest_values import SEEN, collect
from tests.access.test_matrix import World, _address, _send
from tests.cast import make_user
from tests.server import ROOT

pytestmark = pytest.mark.django_db

WHOLE = "</html>"
SOME = {"anonymous", "sender", "recipient", "owner", "cashier"}
OF_ONE_REQUEST = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;)\w+')


def every_answer(world: World, *, by_all: bool) -> Iterator[tuple[str, HttpResponse]]:
    """What each address says to GET and POST; to a stranger too, and where it takes the other only. Some ask,
    and where none of them may whoever comes first; or all who may: a brand's roles differ in what they see of
    the studio. What is anybody's is asked by some."""
    places = {"", "own", "own store"}  # members of one store read pages of their own
    people = [person for person in world.people.values() if person.place in places]
    for route, row in ROWS.items():
        if route in LETTERS:
            continue
        posted = False
        readers = [each for each in people if row.rule(each, "GET") is None]
        if row.rule is anyone or not by_all:
            of_some = [each for each in readers if each.role in SOME and each.place != "own store"]
            readers = of_some or readers[:1]
        for person in people:
            may_read = "GET" in row.answers and person in readers
            if may_read or person.role in {"anonymous", "cashier"}:
                yield f"{person}: GET {route}", _asked(world, person, route, "GET")
            if not posted and "POST" in row.answers and row.rule(person, "POST") is None:
                posted = True
                yield f"{person}: POST {route}", _asked(world, person, route, "POST")


def _asked(world: World, person: Person, route: str, method: str) -> HttpResponse:
    row = ROWS[route]
    address = _address(world, person, route, row, world.own)
    return _send(person, row, method, address, world.own)


def every_text(world: World, *, by_all: bool) -> Iterator[tuple[str, str]]:
    """The same in words, each but once; with pages in a state that takes some steps to reach, and those
    that have no address."""
    seen: set[str] = set()

    def is_new(html: str) -> bool:
        before = len(seen)
        seen.add(OF_ONE_REQUEST.sub("", html))
        return len(seen) > before

    for name, answer in every_answer(world, by_all=by_all):
        if answer.get("Content-Type", "").startswith("text/html") and answer.content:
            html = answer.content.decode()
            if is_new(html):
                yield f"{name} {answer.status_code}", html
    SEEN.clear()
    if not by_all:
        SEEN.update(ROWS)  # as they are at once, they were asked above
    for sheet in collect(world):
        html = sheet.panel or sheet.html
        if is_new(html):
            yield sheet.name, html
    yield from _ways_in(world)
    yield "the gallery", gallery(RequestFactory().get("/design/")).content.decode()
    for status in errors.PAGES:
        answer = errors.refuse(RequestFactory().get("/"), status, page_above="/")
        assert isinstance(answer, HttpResponse)
        yield f"refused with {status}", answer.content.decode()
    for file, html in proxy_pages.rendered().items():
        yield str(file.relative_to(ROOT)), html


def _ways_in(world: World) -> Iterator[tuple[str, str]]:
    """The studio's door, for whoever works for no brand, and for two."""
    user = make_user(world.own.brand, "both@brands.example", "marketer")
    client = Client(headers={"Accept-Language": "de"})
    client.force_login(user)
    Membership.objects.create(user=user, brand=world.other.brand, role="finance")
    yield "studio, two brands", client.get("/studio/").content.decode()
    Membership.objects.filter(user=user).delete()
    yield "studio, no brand", client.get("/studio/").content.decode()


def test_every_page_is_valid(world: World) -> None:
    """As some of each kind read it; `make stress` reads it as everybody."""
    every_page_is_valid(world, by_all=False)


@pytest.mark.stress
def test_every_page_is_valid_to_everybody(world: World) -> None:
    every_page_is_valid(world, by_all=True)


def every_page_is_valid(world: World, *, by_all: bool) -> None:
    for person in world.people.values():
        person.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    mark = transaction.savepoint()
    try:
        with translation.override("de"):
            texts = list(every_text(world, by_all=by_all))
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(mark)
    wrong: dict[str, list[str]] = {}
    for name, html in texts:
        look = markup.faults if WHOLE in html else markup.faults_of_part
        if told := look(html):
            wrong[name] = told[:5]
    assert not wrong
    names = [name for name, _html in texts]
    assert len(names) > 150
    assert {name[-3:] for name in names} >= {"200", "201", "403", "404", "405", "422"}
    assert sum(WHOLE not in html for _name, html in texts) > 8, "parts that a script puts in"


PAGE = '<!doctype html><html lang="en"><head><title>A</title></head><body><main><h1>A</h1>{}</main>'
PLANTED = {
    "<p>One<div>two</div></p>": "unexpected-end-tag",
    "<p>&nosuchname;</p>": "named-entity",
    "<table><p>Away</p></table>": "implies-table-voodoo",
    '<p id="a">1</p><p id="a">2</p>': "is there 2 times",
    '<p hx-get="/x">1</p>': "has hx-get",
    '<p style="color:red">1</p>': "has style",
    "<button><div>Go</div></button>": "<div> in <button>",
    "<span><ul><li>1</li></ul></span>": "<ul> in <span>",
    "<ul><div>1</div></ul>": "<div> in <ul>",
    "<div><li>1</li></div>": "<li> in <div>",
    "<figure><div><figcaption>1</figcaption></div></figure>": "not at an end of a <figure>",
    '<a href="/"><button>Go</button></a>': "<button> in <a",
    '<button>Go <span tabindex="0">on</span></button>': 'tabindex="0"> in <button>',
    '<pre aria-label="Code">x</pre>': "nobody reads",
    '<p><img src="/a.png"></p>': "has no alt",
    '<p><input name="a"></p>': "has no label",
    '<p><a href="/"><svg></svg></a></p>': "has no words",
    '<time datetime="2026-05-03T10:00:00.123456Z">now</time>': "is no moment",
    '<a href="tel:(206) 555-0162">Call</a>': "calls nobody from abroad",
    '<a href="/a b">Go</a>': "has a space",
    '<form><label>N <input></label><button name="copy">Copy</button><button>Go</button></form>': "by Enter",
    '<p aria-describedby="b">1</p>': "points to nothing",
    '<label for="b">1</label><p id="b">2</p>': "is the label of <p",
    '<a href="#b">1</a>': "leads to nothing",
    "<h3>B</h3>": "<h3> after <h1>",
    "<h1>B</h1>": "2 <h1>",
    "<button autofocus>A</button><button autofocus>B</button>": "2 elements with autofocus",
}


@pytest.mark.parametrize(("broken", "said"), PLANTED.items())
def test_a_fault_is_found(broken: str, said: str) -> None:
    told = markup.faults(PAGE.format(broken))
    assert any(said in each for each in told), told


def test_a_page_without_its_frame_is_found() -> None:
    told = markup.faults("<!doctype html><html><head></head><body><p>1</p></body></html>")
    assert told == ["the page says no language", "titles: []", "0 <main>", "0 <h1>"]


def test_what_is_right_is_let_pass() -> None:
    right = (
        '<p id="a">One <a href="#a"><strong>two</strong></a></p>'
        '<figure><img src="/a.png" alt=""><figcaption>1</figcaption></figure>'
        '<label for="n">Name</label><input id="n" aria-describedby="a">'
        '<label><input type="checkbox"> All</label>'
        '<div role="group" aria-label="Days"><button>Go</button></div>'
        '<time datetime="2026-05-03T10:00:00+0200">then</time> <time datetime="PT4M">soon</time>'
        '<a href="tel:+12065550162;ext=5">Call</a><h2>B</h2><h3>C</h3><h2>D</h2>'
        '<template><li id="a">1</li></template><svg viewBox="0 0 1 1"><use href="#x"/></svg>'
    )
    assert markup.faults(PAGE.format(right)) == []
