"""On pages in another language every word of the brand says which it is in (WCAG 3.1.2), and names stand
by themselves: every address that shows a page, in German and Spanish, to whoever may open it."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django_scopes import scope

from giftshop.orders.models import Draft
from tests.access.matrix import ROWS
from tests.access.test_matrix import World, _address
from tests.cast import symbols
from tests.giftshop.giving.steps import url
from tests.page_words import Words

pytestmark = pytest.mark.django_db

PEOPLE = [
    "anonymous",
    *[f"{who} of own" for who in ["sender", "recipient", "owner", "cashier", "manager"]],
]
HELP = "help@spoon.example"
BRANDS = re.compile(r"spoon scoop|folded by hand|\bFlavour\b|\b(Vanilla|Mint|Pistachio|Large)\b")
"""What the cast's brands write, in English."""
IN_PLAIN_TEXT = ("hat es ausgepackt", "den Link selbst")
"""Sentences that are made in Python, where a name stands by itself by core.bidi.isolated."""
STUDIO = re.compile(
    r"^(campaign|dashboard|figure|new_|edit_|link|studio|device|audit|request|store|rules"
    r"|money_back|order_money|refund_gifts|dispute"
    r"|chain|definitions|engagement|fact$|own_reasons|reasons_gap|treat_|typed_of)"
)
"""Its own people write there what they call their things; they read their own words."""
STAFF = re.compile(STUDIO.pattern + "|^(till|campaigns|redemption|payments_trial)")
"""Behind the counter and in the studio."""


@pytest.fixture(scope="module")
def in_german(world: World) -> list[tuple[str, str]]:
    """The pages of a brand that can be asked for help, made once for all that is asked of them."""
    brands = type(world.own.brand)._base_manager.filter(pk=world.own.brand.pk)
    brands.update(support_email=HELP)
    return list(pages(world, "de"))


def pages(world: World, language: str) -> Iterator[tuple[str, str]]:
    """Name and HTML of each page that one of PEOPLE is shown."""
    seen: set[str] = set()
    for name in PEOPLE:
        person = world.people[name]
        person.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        for route, row in ROWS.items():
            if (
                route in seen
                or route == "give-who"
                or row.answers.get("GET") != 200
                or row.rule(person, "GET")
            ):
                continue
            answer = person.client.get(_address(world, person, route, row, world.own))
            if answer.status_code == 200 and b"</html>" in answer.content:
                seen.add(route)
                yield route, answer.content.decode()
    code = world.own.gift.code
    assert code
    panel = world.people["cashier of own"].client.post("/till/lookups/", {"code": symbols(code)})
    yield "till_lookups", f'<html lang="{language}">{panel.content.decode()}</html>'
    yield from _giving(world, language)


def _giving(world: World, language: str) -> Iterator[tuple[str, str]]:
    sender = world.people["sender of own"]
    with scope(brand=world.own.brand):
        draft = Draft.objects.select_related("brand").get(pk=world.own.draft)
    recipient = {"name": "Quillon", "email": "q@friends.example"}
    keys = [row["key"] for row in draft.data["rows"]]
    form = {"row": keys[:1], "pasted": "", **{f"{keys[0]}-{k}": v for k, v in recipient.items()}}
    sender.client.post(url(draft, "who"), form)
    yield "give-who", sender.client.get(url(draft, "who")).content.decode()
    said = {"words": "all", "message": "", "design": "love", "when": "now"}
    said |= {"sender_name": "Quillon", "sender_email": "q@senders.example"}
    with scope(brand=world.own.brand):
        choice = f"{world.own.gift.treat.slug}:regular"
    for step, filled in (("what", {"treats": "all", "choice": choice}), ("say", said), ("pay", {})):
        yield f"give-{step}", sender.client.get(url(draft, step)).content.decode()
        if filled:
            sender.client.post(url(draft, step), filled)


def test_every_word_of_the_brand_says_its_language(in_german: list[tuple[str, str]]) -> None:
    words_of_the_brand_say_their_language(in_german)


@pytest.mark.stress
def test_and_so_it_does_in_spanish(world: World) -> None:
    words_of_the_brand_say_their_language(pages(world, "es"))


def words_of_the_brand_say_their_language(shown: Iterable[tuple[str, str]]) -> None:
    wrong, told = set[tuple[str, str]](), set[str]()
    for name, html in shown:
        for text, said, _inside in Words(html).found:
            if BRANDS.search(text) and not STUDIO.match(name):
                told.add(name)
                if said != "en":
                    wrong.add((name, text[:60]))
    assert not wrong
    assert {"shop", "give-what", "give-pay", "order", "gift", "till_lookups"} <= told


def test_names_stand_by_themselves(in_german: list[tuple[str, str]]) -> None:
    wrong, told = set[tuple[str, str]](), set[str]()
    for name, html in in_german:
        for text, _said, inside in Words(html).found:
            plain = any(said in text for said in IN_PLAIN_TEXT)
            if "Quillon" in text and "@" not in text and not plain and not STUDIO.match(name):
                told.add(name)
                if not {"bdi", "auto", "option"} & set(inside):
                    wrong.add((name, text[:60]))
    assert not wrong
    assert {"give-who", "give-pay", "order", "gift", "till_lookups", "till_staff"} <= told


def test_the_api_is_described_in_english_whoever_reads(world: World) -> None:
    client = world.people["anonymous"].client
    html = client.get("/api/v1/docs/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de"' in html
    words = [
        said for text, said, _in in Words(html).found if text in ("Answers", "Body", "required")
    ]
    assert words
    assert set(words) == {"en"}


def test_help_is_the_last_link_of_every_page(
    world: World, in_german: list[tuple[str, str]]
) -> None:
    lacking, seen = set[str](), set[str]()
    for name, html in in_german:
        if f"/theme/{world.own.brand.slug}.css" in html and not STAFF.match(name):
            seen.add(name)
            links = re.findall(r'<a [^>]*href="([^"]*)"', html)
            if not links or links[-1] != f"mailto:{HELP}":
                lacking.add(name)
    assert not lacking
    assert seen >= {"shop", "give-who", "give-what", "give-say", "give-pay", "order", "gift"}
