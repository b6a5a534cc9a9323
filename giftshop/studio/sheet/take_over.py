"""An owner takes a sheet over: all that its dry run showed, or nothing."""

from datetime import datetime

from django.db import transaction

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.sheets.models import MenuImport
from giftshop.studio.catalog.changes import (
    add_treat,
    archive_treat,
    change_treat,
    restore_treat,
)
from giftshop.studio.catalog.contents import say_contents
from giftshop.studio.catalog.stores import say_stores
from giftshop.studio.sheet.plan import Plan, Planned, State, make_plan
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

NAMED_MAX = 100
"""Treats whose names stand in the audit log's one entry; each has its own beside it."""


class NothingWaits(Exception):
    """It was taken over already, dropped, or is too old."""


class ChangedSince(Exception):
    """The menu is another than it was when its owner saw what would change; or something is refused."""


def take_over(*, brand: Brand, user: User, seen: str, by: Actor, now: datetime) -> Plan:
    """What was done. `seen`: the version of the plan that was shown. Expects the brand's scope; all in one
    transaction, in which the menu is held. Raises NothingWaits, or ChangedSince and has done nothing."""
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        waiting = MenuImport.objects.select_for_update().filter(user=user).first()
        if waiting is None:
            raise NothingWaits
        plan = make_plan(waiting.rows, brand=brand, by_name=waiting.by_name)
        counts = plan.counts()
        if plan.version != seen or counts[State.REFUSED]:
            raise ChangedSince
        done = [treat for treat in plan.treats if treat.is_change]
        for treat in done:
            _write(treat, brand, by, now)
        record(
            brand=brand,
            actor=by,
            act=Act.MENU_IMPORTED,
            subject=f"brand:{brand.pk}",
            now=now,
            details={
                "sheet": waiting.kind,
                "rows": sum(counts.values()),
                "added": [treat.name for treat in done if treat.kept is None][:NAMED_MAX],
                "changed": [treat.name for treat in done if treat.kept][:NAMED_MAX],
            },
        )
        waiting.delete()
    return plan


def _write(planned: Planned, brand: Brand, by: Actor, now: datetime) -> None:
    treat, facts = planned.kept, planned.facts
    if treat is None:
        if facts is None:
            raise ChangedSince
        is_active = planned.is_active
        added = add_treat(brand=brand, facts=facts, by=by, now=now, is_active=is_active)
        _write_more(planned, added, by, now)
        return
    if facts is not None:
        change_treat(treat=treat, facts=facts, by=by, now=now)
    _write_more(planned, treat, by, now)
    if treat.is_active != planned.is_active:
        turn = restore_treat if planned.is_active else archive_treat
        turn(treat=treat, by=by, now=now)


def _write_more(planned: Planned, treat: Treat, by: Actor, now: datetime) -> None:
    """What has a page of its own."""
    if planned.contents is not None:
        say_contents(treat=treat, contents=planned.contents, by=by, now=now)
    if planned.says_stores:
        say_stores(treat=treat, where=planned.where, by=by, now=now)
