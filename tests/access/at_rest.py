"""What lies in the database, and every page where somebody who read it might try it."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django_scopes import scopes_disabled
from psycopg.sql import SQL, Identifier

from brands.models import Brand
from campaigns.links.followed import headline
from redemption.models import RateCount, StaffMember, WrongTries
from redemption.till.session import device_cookie, staff_cookie

PIN_LENGTH_MIN, LENGTH_MIN = 4, 17
"""A code has so many symbols, and no secret of ours but a PIN is shorter."""
SAME_EVERYWHERE = {"auth_permission", "django_content_type", "django_migrations"}
"""What migrations write, of every installation."""
_WORDS = re.compile(r"[^\s\"'<>,;=(){}\[\]]+")
_TOKENS = re.compile(r"[A-Za-z0-9_-]+")


def values() -> dict[str, str]:
    """Every value of every column of every table, in each form in which it could be typed or pasted, and
    every part of it: the text, and where it lies. Numbers, dates and yes or no are left out."""
    found: dict[str, str] = {}
    for place, value in _columns():
        for text in _forms(value):
            for part in (text, *_WORDS.findall(text), *_TOKENS.findall(text)):
                if len(part) >= LENGTH_MIN or _is_pin(part):
                    found.setdefault(part, place)
    return found


def _is_pin(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) >= PIN_LENGTH_MIN


def _columns() -> Iterator[tuple[str, Any]]:
    with connection.cursor() as cursor:
        for table in sorted({*connection.introspection.table_names(cursor)} - SAME_EVERYWHERE):
            cursor.execute(SQL("SELECT * FROM {}").format(Identifier(table)))
            names = [column.name for column in cursor.description or ()]
            for row in cursor.fetchall():
                yield from zip((f"{table}.{name}" for name in names), row, strict=True)


def _forms(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case UUID():
            yield from (str(value), value.hex)
        case bytes() | memoryview():
            raw = bytes(value)
            yield from (raw.hex(), base64.urlsafe_b64encode(raw).decode().rstrip("="))
            yield raw.decode("utf-8", "ignore").replace("\x00", "")
        case dict():
            for key, each in value.items():
                yield from (*_forms(key), *_forms(each))
        case list() | tuple():
            for each in value:
                yield from _forms(each)


@dataclass
class Knocking:
    """A browser or a program that holds one value, and what anybody may know: addresses, names, ids."""

    brand: Brand
    session_id: str
    """Of a payment that was made."""
    tablet: str
    """A tablet's own token: for what takes a paired tablet first."""
    program: str
    """A till system's."""
    people: list[StaffMember]
    client: Client = field(default_factory=Client)

    def get(self, path: str, **cookies: str) -> Any:
        return self._ask("GET", path, cookies)

    def post(self, path: str, body: dict[str, str], **more: Any) -> Any:
        return self._ask("POST", path, {}, body, **more)

    def _ask(self, method: str, path: str, cookies: dict[str, str], *body: Any, **more: Any) -> Any:
        self.client.cookies.clear()
        for name, value in cookies.items():
            # As it travels: a header is bytes, which a server reads as Latin-1.
            self.client.cookies[name] = value.encode(errors="replace").decode("latin-1")
        mark = transaction.savepoint()
        try:
            return getattr(self.client, method.lower())(path, *body, **more)
        finally:
            transaction.savepoint_rollback(mark)

    def look_up(self, code: str, token: str) -> int:
        as_a_server_reads_it = token.encode().decode("latin-1")
        answer = self.post(
            "/api/v1/lookups/",
            {"code": code},
            content_type="application/json",
            headers={"Authorization": f"Device {as_a_server_reads_it}"},
        )
        return int(answer.status_code)


Page = Callable[[Knocking, str], bool]


def _session_of_the_studio(at: Knocking, value: str) -> bool:
    answer = at.get("/studio/", **{settings.SESSION_COOKIE_NAME: value})
    return "/accounts/login/" not in answer["Location"]


def _session_of_a_draft(at: Knocking, value: str) -> bool:
    """The way back from paying, for the browser that went."""
    cookie = {settings.SESSION_COOKIE_NAME: value}
    answer = at.get(f"/payments/return/?session_id={at.session_id}", **cookie)
    return bool(answer.status_code == 302)


def _return_from_paying(at: Knocking, value: str) -> bool:
    return bool(at.get(f"/payments/return/?session_id={quote(value, safe='')}").status_code == 302)


def _visitor(at: Knocking, value: str) -> bool:
    """The shop's page greets whoever followed a link with its campaign's words."""
    return headline(brand=at.brand, visitor_id=value) != ""


def _tablet(at: Knocking, value: str) -> bool:
    answer = at.get("/till/", **{device_cookie(): value})
    return bool(answer.get("Location") == "/till/staff/")


def _staff(at: Knocking, value: str) -> bool:
    cookies = {device_cookie(): at.tablet, staff_cookie(): value}
    return bool(at.get("/till/", **cookies).status_code == 200)


def _pin(at: Knocking, value: str) -> bool:
    return _is_pin(value) and any(person.has_pin(value) for person in at.people)


def _api(at: Knocking, value: str) -> bool:
    return at.look_up("nothing", value) != 401


def _code(at: Knocking, value: str) -> bool:
    return at.look_up(value, at.program) == 200


def _path(before: str) -> Page:
    def page(at: Knocking, value: str) -> bool:
        return bool(at.get(f"{before}{quote(value, safe='')}/").status_code == 200)

    return page


def _invitation(at: Knocking, value: str) -> bool:
    return bool(at.post("/till/pair/", {"token": value}).status_code == 302)


PAGES: dict[str, Page] = {
    "a member's session": _session_of_the_studio,
    "a sender's session": _session_of_a_draft,
    "the return from paying": _return_from_paying,
    "a visitor's cookie": _visitor,
    "a tablet's cookie": _tablet,
    "the cookie of somebody at a till": _staff,
    "a PIN": _pin,
    "an API token": _api,
    "a code at the till": _code,
    "an order's link": _path("/orders/"),
    "a gift's link": _path("/gift/"),
    "a tablet's invitation": _invitation,
    "a link to stop mail": _path("/mail/stop/"),
}


def opened(at: Knocking, value: str, pages: Iterable[str] = PAGES) -> list[str]:
    """Those of the pages that the value opens. No limit stands before them: a refusal of the hasty would hide
    what opens."""
    with scopes_disabled():
        WrongTries.objects.all().delete()
        RateCount.objects.all().delete()
    return [name for name in pages if PAGES[name](at, value)]
