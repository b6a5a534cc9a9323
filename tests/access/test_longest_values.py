"""Every page with the longest values its columns take, none of them with a space to break at: nothing
leaves the screen, and every word can be read to its last letter.

Pages are made by the product and looked at in one Chromium. Their scripts run, what they ask for is not
there. `make test` looks at each at a phone's size, and at the till's at a tablet's, where test_looks.py has
loaded it; `make stress` at a phone's size, a tablet's, and the till's upright.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Frame, Page

from campaigns.models import Campaign
from core.money import MINOR_UNITS_MAX
from giftshop.catalog.models import Treat
from giftshop.delivery.texts import answers
from giftshop.orders.models import Draft, Gift
from redemption.codes import issue
from redemption.codes.issue import CodeSpec
from redemption.models import Code, OptionList, RefusedAttempt
from tests.access.matrix import LETTERS, ROWS
from tests.access.people import Company, Person
from tests.access.test_matrix import World, _address
from tests.browsers import PHONE, TABLET, TABLET_UPRIGHT, chromium
from tests.cast import symbols
from tests.giftshop.giving.steps import url, who_form
from tests.pages import Pane, seen_at_once, served

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

WORDS = {
    *["name", "label", "description", "street", "city", "region", "operator", "phone", "reason"],
    *["sender_name", "recipient_name", "actor_name", "message", "decided_by_name"],
    *["requested_by_name", "audience", "headline", "support_email", "words", "answer", "title"],
    *["story", "mail_name", "about"],
}
"""Columns that hold what people write, in whichever model."""
FREE_TEXT_LENGTH = 280
AT_TILL = ("cashier", "manager")
NUMBER = "+12065550987"
"""That a recipient gives on the page of a gift."""

FAULTS = Path(__file__).with_name("overflow.js").read_text()


@dataclass(frozen=True)
class Sheet:
    """A page as it was sent, and the part that a script put into it."""

    name: str
    html: str
    at_till: bool = False
    panel: str = ""


Text = Callable[[int], str]
"""What to write where so many letters have room."""


def longest(length: int) -> str:
    return "W" * length


def write_everywhere(text: Text) -> None:
    """Into every column of words, behind the back of what keeps facts as they are."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    for model in apps.get_models():
        fields = [
            field
            for field in model._meta.concrete_fields
            if field.name in WORDS and not field.choices
        ]
        texts = [
            field for field in fields if isinstance(field, models.CharField | models.TextField)
        ]
        values = {
            field.name: text(field.max_length or FREE_TEXT_LENGTH)
            for field in texts
            if field.name != "support_email"
        }
        constraints = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
        unique = [c.fields for c in constraints]
        by_expression = model is Campaign and any(c.expressions for c in constraints)
        if values and not any(set(names) & values.keys() for names in unique):
            answer = values.pop("answer", None)
            rows = model._base_manager.all()
            if (
                by_expression
            ):  # one name for each, whatever its case: the brand's first alone has it
                firsts = rows.order_by("brand", "pk").distinct("brand")
                rows = rows.filter(pk__in=list(firsts.values_list("pk", flat=True)))
            rows.update(**values)
            if answer:  # only where there is one: whoever waits has none
                model._base_manager.exclude(answer="").update(answer=answer)
    for offered in OptionList._base_manager.all():
        for group in offered.groups:
            group["name"] = text(60)
            for option in group["options"]:
                option["label"] = text(60)
        offered.save(update_fields=["groups"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


def write_addresses(company: Company) -> None:
    """254 letters, of which 64 may stand before the @."""
    address = f"{'w' * 64}@{'w' * 60}.{'w' * 60}.{'w' * 55}.example"
    company.order._meta.model._base_manager.filter(pk=company.order.pk).update(sender_email=address)
    recipients = [gift.recipient for gift in company.order.gifts.select_related("recipient")]
    for recipient in recipients:
        type(recipient)._base_manager.filter(pk=recipient.pk).update(email=address)


def collect(world: World, text: Text = longest) -> Iterator[Sheet]:
    """Every page that somebody may open, and those that answer a form."""
    company = world.own
    for route, row in ROWS.items():
        if row.answers.get("GET") != 200 or route not in world.routes or route in LETTERS:
            continue
        for name in ("anonymous", *[f"{role} of own" for role in ("sender", "recipient", "owner")]):
            yield from _page(world, world.people[name], route)
        for role in AT_TILL:
            yield from _page(world, world.people[f"{role} of own"], route)
    yield from _texted(world.people["sender of own"], world.people["recipient of own"], company)
    yield from _giving(world.people["sender of own"], company, text)
    yield from _counter(world.people["cashier of own"], company, text)
    yield from _console(world.people["manager of own"], company, text)


SEEN: set[str] = set()


def _page(world: World, person: Person, route: str) -> Iterator[Sheet]:
    row = ROWS[route]
    if route in SEEN or row.rule(person, "GET") is not None:
        return
    answer = person.client.get(_address(world, person, route, row, world.own))
    if answer.status_code == 200 and b"</html>" in answer.content:
        SEEN.add(route)
        yield _sheet(route, answer, at_till=route.startswith("till"))


def _sheet(name: str, answer: HttpResponse, *, at_till: bool = False) -> Sheet:
    return Sheet(name, answer.content.decode(), at_till)


def _texted(sender: Person, recipient: Person, company: Company) -> Iterator[Sheet]:
    """The page on which a text that came back is put right; and a gift's page on which a number was given:
    refused, asked, confirmed, and the end of it."""
    change = f"/orders/{company.order.link_token()}/gifts/{company.texted.position}/"
    yield _sheet("change of a text", sender.client.get(change))
    wrong = {"way": "text", "phone": "12"}
    refused = sender.client.post(change, wrong)
    assert refused.status_code == 422
    yield _sheet("change of a text, refused", refused)
    page = f"/gift/{company.gift.link_token()}/"
    refused = recipient.client.post(f"{page}texts/", wrong)
    assert refused.status_code == 422
    yield _sheet("number, refused", refused)
    recipient.client.post(f"{page}texts/", {"way": "text", "phone": NUMBER})
    for said, name in (("", "asked"), ("YES", "confirmed"), ("STOP", "ended")):
        if said:
            answers.hear(number=NUMBER, text=said, now=timezone.now())
        shown = recipient.client.get(page)
        assert (NUMBER[-3:] in shown.content.decode()) == (said != "STOP")
        yield _sheet(f"number, {name}", shown)


def _giving(sender: Person, company: Company, text: Text) -> Iterator[Sheet]:
    """The four steps with two recipients of the longest names."""
    with scope(brand=company.brand):
        draft = Draft.objects.select_related("brand").get(pk=company.draft)
        treat = Treat.objects.get()
    client = sender.client
    ben = {"name": text(58), "email": f"{'w' * 64}@{'w' * 60}.example"}
    client.post(
        url(draft, "who"), who_form(draft, ben, {"name": text(40), "email": "", "by_link": "on"})
    )
    yield _sheet("who, filled", client.get(url(draft, "who")))
    client.post(url(draft, "what"), {"treats": "all", "choice": f"{treat.slug}:regular"})
    yield _sheet("what", client.get(url(draft, "what")))
    said = {"words": "all", "message": text(280), "design": "love", "when": "now"}
    said |= {"sender_name": text(60), "sender_email": f"{'w' * 64}@{'w' * 60}.example"}
    client.post(url(draft, "say"), said)
    yield _sheet("say", client.get(url(draft, "say")))
    yield _sheet("pay", client.get(url(draft, "pay")))


def _counter(cashier: Person, company: Company, text: Text) -> Iterator[Sheet]:
    """The till's panel, as its script puts it in."""
    till = cashier.client.get("/till/").content.decode()
    assert company.gift.code
    elsewhere = _issue(company, text, "elsewhere", store_ids=[company.counters[1].store.pk])
    amount = _issue(company, text, "amount", kind=Code.Kind.VALUE, amount=MINOR_UNITS_MAX)
    treat = symbols(company.gift.code)
    acts = {
        "look": ("lookups", {"code": treat}),
        "amount": ("lookups", {"code": amount}),
        "wrong store": ("lookups", {"code": elsewhere}),
        "yes": ("redemptions", {"code": treat, "key": "w1", "pick-flavour": "mint"}),
        "already used": ("lookups", {"code": treat}),
        "taken off": (
            "redemptions",
            {"code": amount, "key": "w2", "basket_total": str(MINOR_UNITS_MAX - 1)},
        ),
    }
    for name, (path, body) in acts.items():
        panel = cashier.client.post(f"/till/{path}/", body).content.decode()
        assert 'id="panel"' in panel, name
        yield Sheet(f"till: {name}", till, at_till=True, panel=panel)


def _issue(company: Company, text: Text, name: str, **spec: Any) -> str:
    wanted = {"label": text(124), "amount": 650, "recipient_name": text(60), **spec}
    with scope(brand=company.brand):
        [code] = issue.issue(
            brand=company.brand,
            reference=f"longest:{name}",
            origin=Code.Origin.PAID,
            specs=[CodeSpec(reference=f"longest:{name}", **wanted)],
            now=timezone.now(),
        )
    return symbols(code)


def _console(manager: Person, company: Company, text: Text) -> Iterator[Sheet]:
    client, code = manager.client, company.gift.code
    assert code
    yield _sheet("till of a manager", client.get("/till/"), at_till=True)
    gift = client.post(f"/till/manager/gifts/{code.pk}/", follow=True)
    yield _sheet("gift at the console", gift, at_till=True)
    client.post(f"/till/manager/gifts/{code.pk}/hold/", {"reason": text(200)})
    gift = client.post(f"/till/manager/gifts/{code.pk}/", follow=True)
    yield _sheet("gift on hold", gift, at_till=True)
    yield _sheet("found", client.post("/till/manager/gifts/", {"text": text(3)}), at_till=True)
    given = {"amount": "5.00", "recipient_name": text(60), "reason": text(200)}
    yield _sheet("by hand", client.post("/till/manager/goodwill/", given), at_till=True)
    device = {"name": text(60), "profile": "pos"}
    yield _sheet(
        "pairing", client.post("/till/manager/devices/", device, follow=True), at_till=True
    )


def fill(company: Company, text: Text = longest) -> None:
    """Rows that the company has none of, then the text in everything."""
    now = timezone.now()
    counter, code = company.counters[0], company.gift.code
    assert code
    with scope(brand=company.brand):
        for reason in ("wrong_store", "already_redeemed"):
            RefusedAttempt.objects.create(
                brand=company.brand,
                store=counter.store,
                device=counter.device,
                code=code,
                staff=counter.cashier,
                act="lookup",
                reason=reason,
                attempted_at=now - timedelta(minutes=1),
            )
    write_everywhere(text)
    with scopes_disabled():
        write_addresses(company)
    with scope(brand=company.brand):
        for row in (company.campaign, company.link):
            slug = longest(type(row)._meta.get_field("slug").max_length or 0).lower()
            type(row)._base_manager.filter(pk=row.pk).update(slug=slug)
        Gift.objects.filter(pk=company.gift.pk).update(thanks=text(280), thanked_at=now)
    with scopes_disabled():
        for row in (
            company.campaign,
            company.link,
            company.order,
            company.gift,
            code,
            company.brand,
        ):
            row.refresh_from_db()


@pytest.mark.stress
def test_nothing_leaves_the_screen(world: World) -> None:
    SEEN.clear()
    mark = transaction.savepoint()
    try:
        fill(world.own)
        sheets = list(collect(world))
        theme = {
            path: world.people["anonymous"].client.get(path).content.decode()
            for path in (f"/theme/{world.own.brand.slug}.css",)
        }
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(mark)
    assert len(sheets) > 40
    faults = look(sheets, theme)
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def look(sheets: list[Sheet], theme: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    pages = {f"/{n}": seen_at_once(sheet.html) for n, sheet in enumerate(sheets)} | theme
    with served(pages) as host, chromium() as browser:
        pane = Pane(browser, host, PHONE, reduced_motion="reduce")
        for n, sheet in enumerate(sheets):
            page = pane.open(f"/{n}")
            put_in(page, sheet.panel)
            for size in (PHONE, TABLET, *([TABLET_UPRIGHT] if sheet.at_till else [])):
                pane.resize(size)
                told = page.evaluate(FAULTS)
                if told:
                    found[f"{sheet.name} at {size['width']}"] = told[:6]
    return found


def put_in(page: Frame | Page, panel: str) -> None:
    """The part that the till's script would have put in."""
    if panel:
        page.evaluate(
            """(html) => {
                const parts = new DOMParser().parseFromString(html, "text/html");
                document.getElementById("panel").replaceWith(parts.getElementById("panel"));
            }""",
            panel,
        )
