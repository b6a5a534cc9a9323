"""Every form that can be wrong, found by walking the pages of everybody, sent empty, with nonsense, and
with far too much: the answer has the focus on what is wrong, each wrong field says so and is described by
its message, the summary leads to each, and nothing that was typed is lost. A form that keeps what is typed
(test_kept_words.py) says that nothing was taken, when it comes back at once."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django_scopes import scope

from giftshop.orders.models import Draft
from tests.access.forms import TYPED, Form, Page, form_of
from tests.access.matrix import ROWS
from tests.access.people import Person
from tests.access.test_matrix import World, _address
from tests.giftshop.giving.steps import BEN, CARD, SENDER, url, who_form
from tests.server import ROOT

pytestmark = pytest.mark.django_db

PEOPLE = [
    "anonymous",
    "operator",
    "signing_in",
    "at_second_step",
    *[f"{who} of own" for who in ["sender", "recipient", "owner", "cashier", "manager"]],
]
NONSENSE = {"email": "no address", "date": "some day", "time": "noonish", "number": "many"}
TOO_MUCH = 300
"""Characters: more than any field takes, and what a draft still keeps as it was typed."""
SAYS_NO_NONSENSE = {"dashboard", "campaign"}
"""Its page is compressed, and says nothing back that only an address can hold: a calendar sends days."""
BY_SCRIPT = {"till_lookups", "till_redemptions", "till_reversal"}
"""Sent by the till's script, which puts the answer in; test_focus_in_browser.py walks these."""
TAKES_ALL = {"studio_brand_pages", "campaign_copy"}
"""One text that may be left out and is longer than any of these; one tick."""
FILLS = ("empty", "nonsense", "too much")


def name_of(address: str) -> str:
    return name_of_path(urlsplit(address).path)


@cache
def name_of_path(path: str) -> str:
    """Pages have the same links over and over."""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


@lru_cache(maxsize=2)
def page_of(html: str) -> Page:
    """A page is read for its links and then for its forms."""
    return Page(html)


@dataclass(frozen=True)
class Seen:
    """A form where somebody found it."""

    who: str
    form: Form
    action: str

    @property
    def name(self) -> str:
        return name_of(self.action)


def every_form(world: World) -> list[Seen]:
    """Those that ask for something, each address with the same fields once."""
    found: dict[tuple[str, frozenset[str]], Seen] = {}
    for who in PEOPLE:
        for address, forms in walked(world, who, anew=True):
            for form in forms:
                action = urljoin(address, form.attrs.get("action", ""))
                asked = frozenset(re.sub(r"^[0-9a-f]{8}-", "", one.name) for one in form.asks)
                if asked and (is_posted(form) or "novalidate" in form.attrs):
                    form.found_on = address
                    found.setdefault((name_of(action), asked), Seen(who, form, action))
    return list(found.values())


def walked(world: World, who: str, *, anew: bool = False) -> list[tuple[str, list[Form]]]:
    """The forms of each page that somebody comes to, with the page's address; of another copy of this world
    if they were walked there, unless `anew`: who sends them needs those of its own draft."""
    if anew or who not in world.walked:
        pages = every_page(world, world.people[who])
        world.walked[who] = [(address, page_of(html).forms) for address, html in pages]
    return world.walked[who]


def is_posted(form: Form) -> bool:
    """Else it asks for a page; where the browser does not judge what is typed (novalidate), the page does."""
    return form.attrs.get("method") == "post"


def every_page(world: World, person: Person) -> Iterator[tuple[str, str]]:
    """The pages that somebody may open, and those that they lead to; each kind of address once."""
    waiting = [
        _address(world, person, route, row, world.own)
        for route, row in ROWS.items()
        if row.answers.get("GET") == 200 and row.rule(person, "GET") is None
    ]
    if person.role == "recipient":  # of three gifts, in three states
        assert person.company
        enjoyed = f"/gift/{person.company.enjoyed.link_token()}/"
        yield enjoyed, person.client.get(enjoyed).content.decode()
        elsewhere = f"/gift/{person.company.elsewhere.link_token()}/"
        yield elsewhere, person.client.get(elsewhere).content.decode()
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        if name_of(address) in seen:
            continue
        answer = person.client.get(address, follow=True)
        seen.add(name_of(address))
        if answer.status_code != 200 or b"</html>" not in answer.content:
            continue
        if sends_no_form(answer):
            continue
        html = answer.content.decode()
        yield address, html
        page = page_of(html)
        waiting += [
            urljoin(address, link) for link in page.links if name_of(urljoin(address, link))
        ]
        for form in page.forms:  # what a button alone opens: a gift at the counter
            action = urljoin(address, form.attrs.get("action", ""))
            if form.attrs.get("method") == "post" and name_of(action) in OPENED_BY_A_BUTTON:
                opened = person.client.post(action, follow=True)
                yield action, opened.content.decode()


def sends_no_form(answer: HttpResponse) -> bool:
    """A sample: its browser sends none of its forms, which lead nowhere."""
    return "form-action 'none'" in answer.headers.get("Content-Security-Policy", "")


OPENED_BY_A_BUTTON = {"till_manager_gift", "give"}


def filled(form: Form, how: str) -> dict[str, Any]:
    """What is sent: hidden fields and the last button as they are, the rest in that way."""
    sent: dict[str, Any] = {}
    buttons = [one for one in form.controls if one.tag == "button"]
    for one in form.controls:
        if one.tag == "button":
            if one is buttons[-1] and one.name:
                sent[one.name] = one.value
        elif one.kind == "hidden":
            sent[one.name] = [*sent.get(one.name, []), one.value]
        elif not one.name or how == "empty":
            if one.name and one.kind in TYPED and not is_posted(form):
                sent[one.name] = ""  # as a browser sends it; without it nothing was picked
        elif one.kind in TYPED:
            nonsense = NONSENSE.get(one.kind, "?")
            sent[one.name] = nonsense if how == "nonsense" else "9" * TOO_MUCH
        elif one.kind == "select":
            sent[one.name] = one.options[-1] if how == "too much" else "no such choice"
        elif how == "nonsense":
            sent[one.name] = "no such choice"
        elif one.kind == "radio":
            sent.setdefault(one.name, one.value)
    return sent


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(world: World) -> None:
    told, refused, kept = list[str](), Counter[str](), Counter[str]()
    mark = transaction.savepoint()
    begin_a_present(world)
    forms = [seen for seen in every_form(world) if seen.name not in BY_SCRIPT]
    assert shown_over_what_is_kept(forms) == WITHOUT_VERSION
    for seen in forms:
        refused[seen.name] += 0
        for how in FILLS:
            sent = filled(seen.form, how)
            answer = posted(world.people[seen.who].client, seen, sent)
            if is_refusal(answer):
                refused[seen.name] += 1
                page = Page(answer.content.decode())
                told += [f"{seen.name}, {how}: {each}" for each in faults(page, sent, seen)]
                if (again := came_back(answer, page, seen)) is not None:
                    kept[seen.name] += 1
                    if "data-unsaved" not in again.attrs:
                        told.append(f"{seen.name} was refused, {how}, and does not say so")
    transaction.set_rollback(False)
    transaction.savepoint_rollback(mark)
    assert not told, "\n".join(told)
    assert len(kept) > 10, kept
    never = {name for name, times in refused.items() if not times}
    assert never == TAKES_ALL, "these were never wrong"
    assert named_in_templates() - set(refused) == set(), "no walk came to these"


def begin_a_present(world: World) -> None:
    """Until it is known to whom it goes, and what, there are no questions about it, nor any before it is
    paid."""
    with scope(brand=world.own.brand):
        draft = Draft.objects.select_related("brand").get(pk=world.own.draft)
    sender = world.people["sender of own"].client
    sender.post(url(draft, "who"), who_form(draft, BEN, {"name": "Dan", "email": "d@b.example"}))
    choice = f"{world.own.gift.treat.slug}:regular"
    sender.post(url(draft, "what"), {"treats": "all", "choice": choice})
    sender.post(url(draft, "say"), {**CARD, **SENDER})
    assert sender.get(url(draft, "pay")).status_code == HTTPStatus.OK


def posted(client: Client, seen: Seen, sent: dict[str, Any]) -> HttpResponse:
    """The answer, or the page that it leads to; whatever it did is undone."""
    mark = transaction.savepoint()
    before = dict(client.cookies.items())
    send = client.post if is_posted(seen.form) else client.get
    answer = send(seen.action, sent, follow=True)
    client.cookies.clear()
    client.cookies.update(before)
    transaction.savepoint_rollback(mark)
    return answer


def is_refusal(answer: HttpResponse) -> bool:
    """A page in place of what was asked for; the give steps come back by a redirect."""
    led = [address for address, _status in answer.redirect_chain]  # type: ignore[attr-defined]
    return not led or any("check=1" in address for address in led)


WITHOUT_VERSION = {
    # What stands in it is offered, and nothing of it is kept yet.
    "devices", "till_manager_devices", "operator_new_brand", "operator_support", "studio_ready_menu",
    "own_brand", "new_link", "campaign_copy", "typed_of_campaign",
    "studio_staff_new", "studio_team", "till_manager_staff_new", "till_sessions", "till_unlocking",
    "till_unblocking", "till_manager_gift_decision", "gift-thanks", "gift-texts",
    # Asked and answered once: there is nothing that it could overwrite.
    "questions", "studio_question", "order-withdrawal", "gift-return", "dispute",
    "order-reasons", "gift-reasons", "own_reasons",
    "studio_new_sheet", "studio_new_list",
    # One line that says all that is changed.
    "device_name", "till_manager_device_name", "account_passkey", "move_link",
    # A sender's own draft, which lives in one browser.
    "give-who", "give-what", "give-say",
}  # fmt: skip
"""Forms with values in them that no older tab could put back over what was saved since."""


def shown_over_what_is_kept(forms: list[Seen]) -> set[str]:
    """The forms with something in them and no version (core/forms/version.py)."""
    return {
        seen.name
        for seen in forms
        if is_posted(seen.form)
        and "version" not in {one.name for one in seen.form.controls}
        and any(
            one.value if one.kind in TYPED else one.kind == "select" or "checked" in one.attrs
            for one in seen.form.asks
        )
    }


ASKS = r"components/(field|choices?)\.html|<(input(?! type=\"hidden)|select|textarea)\b[^>]*\bname="
"""What a form sends: a field without a name is its script's alone, as a page's forms are read (forms.py)."""


ONLY_A_FILE = {"menu_sheet_upload", "studio_list_upload", "typed_upload"}
"""There is nothing to type in them: tests/giftshop/studio/sheet/test_import.py,
tests/campaigns/path/test_uploaded.py."""


def named_in_templates() -> set[str]:
    """The addresses of all forms in templates that ask for something, but those of the till at work."""
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            named = re.match(r"<form[^>]*?action=\"{% url '([\w-]+)'", form)
            if named and re.search(ASKS, form) and 'method="post"' in form:
                found.add(named[1])
    return found - BY_SCRIPT - ONLY_A_FILE


def came_back(answer: HttpResponse, page: Page, seen: Seen) -> Form | None:
    """The same form, if it keeps what is typed, and something in it is wrong; a step of giving comes back by
    a redirect, and its draft has taken what was typed."""
    if answer.redirect_chain or "data-keep" not in seen.form.attrs:  # type: ignore[attr-defined]
        return None
    again = form_of(seen.form.attrs["data-keep"], page)
    return again if again and any(one.is_wrong for one in again.controls) else None


def faults(page: Page, sent: dict[str, Any], seen: Seen) -> Iterator[str]:
    wrong = [control for control in page.controls if control.is_wrong]
    if not page.focused:
        yield "nothing takes the focus"
        return
    tag, first = page.focused[0]
    if not (first.get("tabindex") == "-1" or first.get("aria-invalid") == "true"):
        yield f"the focus is on {tag} {first}"
    for control in wrong:
        told_by = control.attrs.get("aria-describedby") or next(
            (
                around["aria-describedby"]
                for around in reversed(control.around)
                if "aria-describedby" in around
            ),
            "",
        )
        words = " ".join(page.texts.get(each, "").strip() for each in told_by.split())
        if not words:
            yield f"{control.name} is described by nothing ({told_by!r})"
        led_to = {control.attrs.get("id"), *(each.get("id") for each in control.around)}
        if "problems" in page.texts and not led_to & {
            link.removeprefix("#") for link in page.in_summary
        }:
            siblings = [one for one in wrong if one.name == control.name]
            if control is siblings[0]:
                yield f"nothing in the summary leads to {control.name}: {page.in_summary}"
    for link in page.in_summary:
        if link.removeprefix("#") not in page.texts:
            yield f"the summary leads to {link}, which is not there"
    yield from lost(page, sent, seen)


def lost(page: Page, sent: dict[str, Any], seen: Seen) -> Iterator[str]:
    now: dict[str, list[str]] = {}
    for one in page.controls:
        if one.kind not in ("radio", "checkbox") or "checked" in one.attrs:
            now.setdefault(one.name, []).append(one.value.strip("\n"))
    for one in seen.form.asks:
        was = sent.get(one.name, "")
        if one.kind == "password" or not was or was == "no such choice":
            continue
        if seen.name in SAYS_NO_NONSENSE and one.kind == "date":
            continue
        if was not in now.get(one.name, []):
            yield f"{one.name} was {str(was)[:20]!r} and is {[v[:20] for v in now.get(one.name, [])]}"
