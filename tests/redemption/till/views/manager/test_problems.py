"""Every form of the console and of a PIN of one's own, found by walking the pages: sent empty, it comes back
with a summary that takes focus and leads to each field that is marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django_scopes import scope

from brands.models import Store
from redemption.audit.actors import Actor
from redemption.models import Code, Device, StaffMember
from redemption.till import device_profiles, staff
from tests.cast import make_staff
from tests.redemption.till.views.conftest import sign_in

TYPED = {"text", "password", "date", "number", "email", "tel", "search"}


class Forms(HTMLParser):
    """The forms of a page: where each posts (nowhere, if it only asks), names of what is typed, what is sent
    anyway."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str], dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = told.get("method") == "post"
            self.found.append((told.get("action", "") if posts else "", [], {}))
        if tag != "input" or not self.found or "name" not in told:
            return
        kind = told.get("type", "text")
        if kind in TYPED:
            self.found[-1][1].append(told["name"])
        elif kind == "hidden" or "checked" in told:
            self.found[-1][2][told["name"]] = told.get("value", "")


def pages(client: Client, *, code: Code, member: StaffMember, device: Device) -> Iterator[str]:
    """All pages of the console that a GET shows, and those of a gift that a POST opens."""
    ids = {"code_id": code.pk, "staff_id": member.pk, "device_id": device.pk}
    for route in sorted(device_profiles.MANAGER_PAGES):
        names = get_resolver().reverse_dict.getlist(route)[0][0][0][1]
        answer = client.get(reverse(route, kwargs={name: ids[name] for name in names}))
        if answer.status_code == 200:
            yield answer.content.decode()
    yield client.post(reverse("till_manager_gift", args=[code.pk]), follow=True).content.decode()


def check(page: str) -> list[str]:
    """What is wrong with the page that comes back."""
    told = []
    if page.count("autofocus") != 1 or not re.search(
        r'<div class="alert problems"[^>]*autofocus', page
    ):
        told.append("no summary with the focus")
    marked = re.findall(r"<input[^>]*aria-invalid=\"true\"[^>]*>", page)
    if not marked:
        told.append("no field is marked")
    for field in marked:
        [name] = re.findall(r'\bid="([^"]+)"', field)
        described = re.findall(r'aria-describedby="([^"]+)"', field)
        if f'href="#{name}"' not in page:
            told.append(f"{name}: no line leads to it")
        if not described or any(f'id="{one}"' not in page for one in described[0].split()):
            told.append(f"{name}: its fault is not told at it")
    return told


def test_each_form_that_is_sent_empty_leads_to_what_is_wrong(
    console: Client, manager: StaffMember, cashier: StaffMember, code: Code, device: Device
) -> None:
    told, walked = {}, set()
    for page in pages(console, code=code, member=cashier, device=device):
        for address, typed, sent in Forms(page).found:
            required = [name for name in typed if name != "recipient_name"]
            if not address or not required or address in walked:
                continue
            answer = console.post(address, {**sent, **dict.fromkeys(typed, "")})
            if answer.status_code == 302:
                continue
            walked.add(address)
            assert answer.status_code == 422, (address, typed, answer.status_code)
            wrong = check(answer.content.decode())
            if wrong:
                told[address] = wrong
    assert not told, told
    assert len(walked) >= 8, walked


def test_what_was_typed_is_kept(console: Client, code: Code) -> None:
    page = console.post(
        f"/till/manager/gifts/{code.pk}/extension/", {"reason": "was ill", "day": "x"}
    )
    text = page.content.decode()
    assert 'value="was ill"' in text
    assert check(text) == []


def test_a_pin_of_ones_own(tablet: Client, manager: StaffMember, store: Store) -> None:
    with scope(brand=store.brand):
        staff.reset_pin(member=make_staff(store, "Ada"), pin="7391", actor=Actor.staff(manager))
        ada = StaffMember.objects.get(name="Ada")
    sign_in(tablet, ada, "7391")
    for pin, again in (("", ""), ("1234", "1234"), ("8142", "8143")):
        answer = tablet.post("/till/own-pin/", {"pin": pin, "pin_again": again})
        assert check(answer.content.decode()) == [], (pin, again)


@pytest.mark.parametrize("text", ["", "x" * 400])
def test_pairing(client: Client, text: str) -> None:
    assert check(client.post("/till/pair/", {"token": text}).content.decode()) == []
