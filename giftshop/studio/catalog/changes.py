"""An owner adds a treat or changes one: its words, its picture, its sizes with prices, what is chosen.

What was sold keeps what was promised: a gift's code carries its own choices, an order its own amounts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from brands import slugs
from brands.models import Brand
from core.forms.version import check_version, version_of
from core.row_diff import Changes, Rows, change
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.facts import TreatFacts
from giftshop.studio.catalog.parts import TABLES, Parts
from redemption.audit.actors import Actor
from redemption.audit.log import Act, Told, record_all

RESERVED = {"new", "ready", "sheet"}
"""Words that stand in the studio's addresses where a treat's would."""


def add_treat(
    *, brand: Brand, facts: TreatFacts, by: Actor, now: datetime, is_active: bool = True
) -> Treat:
    """A new treat at the end of the menu, or the one that is just so already: it was sent twice. Expects the
    brand's scope."""
    with transaction.atomic():
        hold_menu(brand)
        if twin := _just_so(facts, brand, now, is_active):
            return twin
        rows = Rows()
        parts, first = new_treat(brand=brand, facts=facts, places=Places.read(), rows=rows)
        parts.treat.is_active = is_active
        rows.write(*TABLES)
        _record(parts.treat, Act.TREAT_ADDED, by, now, first)
    return parts.treat


@dataclass
class Places:
    """What is free in a brand's menu."""

    slugs: set[str]
    last: int

    @classmethod
    def read(cls) -> "Places":
        """1 query. Expects the brand's scope."""
        there = list(Treat.objects.values_list("slug", "position"))
        return cls({slug for slug, _at in there}, max((at for _slug, at in there), default=0))

    def take(self, name: str) -> tuple[str, int]:
        """A new address, and the place after the last."""
        slug = slugs.free(slugs.stem(name, otherwise="treat"), self.slugs | RESERVED)
        self.slugs.add(slug)
        self.last += 1
        return slug, self.last


def new_treat(
    *, brand: Brand, facts: TreatFacts, places: Places, rows: Rows
) -> tuple[Parts, Changes]:
    """At the end of the menu, in memory; and what the audit log keeps of it."""
    slug, position = places.take(facts.name)
    parts = Parts(Treat(brand=brand, slug=slug, position=position))
    rows.add(parts.treat)
    parts.say(facts, rows)
    told = {**facts.columns(), **parts.said()}
    return parts, {name: [None, value] for name, value in told.items() if value}


def change_treat(
    *, treat: Treat, facts: TreatFacts, by: Actor, now: datetime, seen: str = ""
) -> bool:
    """Whether anything changed. Its address stays. Expects the brand's scope. `seen`: the version of the
    facts that whoever asks was shown; raises SavedSince where that is not the one kept."""
    with transaction.atomic():
        kept = held(treat)
        prefetch_related_objects([kept], "prices", "option_groups__options")
        as_kept = TreatFacts.of(kept, now.astimezone(kept.brand.tz).date()).said()
        check_version(seen, kept=as_kept, wanted=facts.said())
        if version_of(as_kept) == version_of(facts.said()):
            return False  # else a second click would give the sizes new keys
        rows = Rows()
        changes = Parts.of(kept).say(facts, rows)
        rows.write(*TABLES)
        if changes:
            record_change(kept, by, now, changes)
    return bool(changes)


def is_last(treat: Treat) -> bool:
    """Whether nothing is left on the menu without it. One query; expects the brand's scope."""
    others = Treat.objects.filter(is_active=True).exclude(pk=treat.pk)
    return treat.is_active and not others.exists()


def archive_treat(*, treat: Treat, by: Actor, now: datetime) -> None:
    """Off the menu; gifts of it that are out stay good. Expects the brand's scope."""
    _turn(treat, False, Act.TREAT_ARCHIVED, by, now)


def restore_treat(*, treat: Treat, by: Actor, now: datetime) -> None:
    """On the menu again, where it stood. Expects the brand's scope."""
    _turn(treat, True, Act.TREAT_RESTORED, by, now)


def move_treat(*, treat: Treat, up: bool) -> None:
    """One place up or down among those on the menu; nothing at its end. Expects the brand's scope."""
    with transaction.atomic():
        hold_menu(treat.brand)
        order = list(Treat.objects.in_menu_order())
        place = next((at for at, other in enumerate(order) if other.pk == treat.pk), None)
        if place is None:
            return
        there = place - 1 if up else place + 1
        if not 0 <= there < len(order):
            return
        order[place], order[there] = order[there], order[place]
        for position, other in enumerate(order, start=1):
            other.position = position
        Treat.objects.bulk_update(order, ["position"])


def _turn(treat: Treat, is_active: bool, act: Act, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        kept = held(treat)
        if change(kept, {"is_active": is_active}):
            _record(kept, act, by, now, {})


def _just_so(facts: TreatFacts, brand: Brand, now: datetime, is_active: bool) -> Treat | None:
    """The treat of the menu, or off it, of which all this is said, word for word."""
    day = now.astimezone(brand.tz).date()
    named = Treat.objects.filter(name=facts.name, is_active=is_active).select_related("brand")
    wanted = version_of(facts.said())
    for treat in named.prefetch_related("prices", "option_groups__options"):
        if version_of(TreatFacts.of(treat, day).said()) == wanted:
            return treat
    return None


def hold_menu(brand: Brand) -> None:
    """One change of a brand's menu at a time, until the end of the transaction."""
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def held(treat: Treat) -> Treat:
    """As it is now, locked; nobody else changes the menu until the end of the transaction."""
    hold_menu(treat.brand)
    return Treat.objects.select_for_update(of=("self",)).select_related("brand").get(pk=treat.pk)


def record_change(treat: Treat, by: Actor, now: datetime, changes: Changes) -> None:
    """On the audit log."""
    _record(treat, Act.TREAT_CHANGED, by, now, changes)


def _record(treat: Treat, act: Act, by: Actor, now: datetime, changes: Changes) -> None:
    record_all(brand=treat.brand, actor=by, told=[told(treat, act, changes)], now=now)


def told(treat: Treat, act: Act, changes: Changes) -> Told:
    """As the audit log keeps it, with days as "2026-12-05"."""
    written = {
        name: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for name, pair in changes.items()
    }
    details = {"name": treat.name, **({"changes": written} if written else {})}
    return Told(act, f"treat:{treat.pk}", details)
