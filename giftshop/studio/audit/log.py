"""The audit log as an owner reads it: newest first, a page at a time, each line in words."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from brands.models import Brand, Store
from giftshop.accounts.store_sets import EVERYWHERE, StoreSet
from giftshop.studio.audit import words
from redemption.audit.log import Act
from redemption.models import AuditEntry, Code, Device, StaffMember, VoidRequest

PER_PAGE = 50
NAMED: dict[str, Any] = {"store": Store, "staff": StaffMember, "device": Device, "code": Code}
"""What an entry can be about and is shown by its name."""


@dataclass(frozen=True)
class Line:
    entry: AuditEntry
    act: str
    at: datetime
    """By the brand's clock. Naive, so that no template moves it to another."""
    about: str
    """The name of what it was done to; empty for the brand itself."""
    notes: list[tuple[str, str]]

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    older: int | None
    """The number before which the next page begins."""


def read(
    *,
    brand: Brand,
    before: int | None = None,
    who: str = "",
    person: UUID | None = None,
    act: str = "",
    stores: StoreSet = EVERYWHERE,
) -> Page:
    """Entries older than number `before`, of those whose name holds `who` and of one act. `stores`: only
    what was done at these, or to them, their devices, their people and their requests.

    At most 5 queries, 8 for some stores only, however long the audit log: it goes by the number's index.
    Expects the scope.
    """
    entries = AuditEntry.objects.select_related("device__store").order_by("-number")
    if before is not None:
        entries = entries.filter(number__lt=before)
    if who:
        entries = entries.filter(actor_name__icontains=who)
    if person:
        entries = entries.filter(actor_id=person)
    if act:
        entries = entries.filter(act=act)
    if not stores.is_whole_brand:
        entries = entries.alias(asked=KeyTextTransform("request", "details")).filter(_at(stores))
    found = list(entries[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    names = _names(shown)
    named = None if stores.is_whole_brand else set(stores.stores().values_list("slug", flat=True))
    lines = [_line(entry, brand, names, named) for entry in shown]
    return Page(lines, older=shown[-1].number if len(found) > PER_PAGE else None)


def about(*, brand: Brand, subjects: Sequence[str], most: int) -> list[Line]:
    """The newest entries about any of these. 2 queries or more: one for each kind of thing that is named.
    Expects the scope."""
    entries = AuditEntry.objects.filter(brand=brand, subject__in=subjects)
    shown = list(
        entries.exclude(act=Act.CODE_LOOKED_UP)
        .select_related("device__store")
        .order_by("-number")[:most]
    )
    names = _names(shown)
    return [_line(entry, brand, names, None) for entry in shown]


def _at(stores: StoreSet) -> Q:
    """What was done at a device of another store is left out, whatever it was done to."""
    devices = stores.within(Device.objects.all()).values_list("pk", flat=True)
    about = [f"store:{pk}" for pk in stores.ids or ()]
    about += [f"device:{pk}" for pk in devices]
    about += [f"staff:{pk}" for pk in stores.staff().values_list("pk", flat=True)]
    asked = stores.within(VoidRequest.objects.all()).values(text=Cast("pk", TextField()))
    theirs = Q(subject__in=about) | Q(asked__in=asked)
    return Q(device__store__in=stores.ids) | (Q(device=None) & theirs)


def _line(
    entry: AuditEntry, brand: Brand, names: dict[UUID, str], named: Container[str] | None
) -> Line:
    """`named`: the stores that may be named, by their slugs; None: any."""
    _kind, key = _about(entry)
    about = names.get(key, "") if key else ""
    return Line(
        entry=entry,
        act=_act(entry.act),
        at=timezone.make_naive(entry.at, brand.tz),
        about=about or str(entry.details.get("name", "")),
        notes=words.notes(_without(entry.details, named), brand.tz),
    )


def _without(details: dict[str, Any], named: Container[str] | None) -> dict[str, Any]:
    """Where somebody works, as far as it is told."""
    where = details.get("stores")
    if named is None or not isinstance(where, list):
        return details
    return {**details, "stores": [slug for slug in where if slug in named]}


def _act(act: str) -> str:
    return str(Act(act).label) if act in Act.values else act


def _about(entry: AuditEntry) -> tuple[str, UUID | None]:
    """A reversal is about a gift, too."""
    kind, key = _subject(entry.subject)
    if kind == "redemption":
        return _subject(f"code:{entry.details.get('code', '')}")
    return kind, key


def _subject(text: str) -> tuple[str, UUID | None]:
    """ "store:0192..." as ("store", UUID); the id is None when it is none."""
    kind, _colon, key = text.partition(":")
    try:
        return kind, UUID(key)
    except ValueError:
        return kind, None


def _names(entries: Iterable[AuditEntry]) -> dict[UUID, str]:
    """As they are called today. One query for each kind on the page."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for entry in entries:
        kind, key = _about(entry)
        if key and kind in NAMED:
            wanted[kind].add(key)
    return {
        key: str(row)
        for kind, keys in wanted.items()
        for key, row in NAMED[kind].objects.in_bulk(keys).items()
    }
