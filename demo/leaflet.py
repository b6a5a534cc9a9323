"""What the seed says: how far it is, and how to get in."""

import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import OutputWrapper
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Link
from demo.brands import OPERATOR, PASSWORD, Account, DemoBrand
from demo.setup.brand import pairing_link

WIDTH = 24


class Progress:
    """One line that moves, on a terminal; nothing anywhere else."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out, self.shown_at = out, 0.0

    def of(self, name: str) -> Any:
        def tell(done: int, total: int) -> None:
            moment = time.monotonic()
            if not self.out.isatty() or (moment - self.shown_at < 0.1 and done < total):
                return
            self.shown_at = moment
            bar = "█" * (WIDTH * done // total)
            self.out.write(f"\r{name:<22} {bar:·<{WIDTH}} {100 * done // total:3} %", ending="")
            self.out.flush()

        return tell

    def clear(self) -> None:
        if self.out.isatty():
            self.out.write("\r\x1b[2K", ending="")


def text(brands: Iterable[DemoBrand]) -> str:
    """Addresses, sign-ins, PINs, and for each brand a fresh link that pairs a device."""
    parts = [_of_brand(data) for data in brands]
    parts.append(_of_operator())
    parts.append(
        f"Password of everybody: {PASSWORD}\n"
        "Passkeys need a name: open the same addresses at localhost in place of 127.0.0.1.\n"
        "A pairing link works once, for 15 minutes; `manage.py seed_demo` prints new ones."
    )
    return "\n\n".join(parts)


def _of_brand(data: DemoBrand) -> str:
    brand = Brand.objects.get(slug=data.slug)
    with scope(brand=brand):
        token = pairing_link(Store.objects.get(slug=data.stores[0].slug))
        several = Link.objects.with_everything().filter(campaign__least_recipients__gt=1)
        links_of_several = [
            f"{links.address(link)}  asks for {link.campaign.least_recipients} recipients"
            for link in several.order_by("pk")[:1]
        ]
    first = data.stores[0].name
    rows = [
        ("Shop", _address("shop", brand_slug=data.slug)),
        *(("", row) for row in links_of_several),
        ("Studio", _address("dashboard", brand_slug=data.slug)),
        *(("", _row_of_account(account)) for account in data.accounts),
        ("Tablet", f"{_address('till_pair')}#{token}"),
        *(_row_of_store(place.name, place.team, first) for place in data.stores),
    ]
    lines = [f"  {head:<8}{words}" for head, words in rows]
    return "\n".join([data.name, *lines])


def _row_of_account(account: Account) -> str:
    at = f" of {' and '.join(account.stores)}" if account.stores else ""
    return f"{account.email}  {account.name}, {account.role.replace('_', ' ')}{at}"


def _of_operator() -> str:
    who = f"{OPERATOR.email}  {OPERATOR.name}, {OPERATOR.role}"
    return f"The installation\n  {'Brands':<8}{_address('operator_brands')}\n  {'':<8}{who}"


def _row_of_store(name: str, team: tuple[tuple[str, str, str], ...], first: str) -> tuple[str, str]:
    staff = ", ".join(
        f"{person} {pin}" + (" (manager)" if role == "manager" else "")
        for person, role, pin in team
    )
    return ("PINs" if name == first else "", f"{name:<12}{staff}")


def _address(name: str, **words: str) -> str:
    return settings.BASE_URL + reverse(name, kwargs=words)
