"""An owner takes a sheet over: all that its dry run showed, or nothing.

What becomes of the menu is made out before its transaction, and is written if the menu is still the same.
"""

from datetime import datetime

from django.db import transaction

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.sheets.models import MenuImport
from giftshop.studio.catalog.changes import hold_menu
from giftshop.studio.sheet.menu.version import menu_version
from giftshop.studio.sheet.menu.written import Written
from giftshop.studio.sheet.plan import Plan, State, make_plan
from redemption.audit.actors import Actor
from redemption.audit.log import Act, Told, record_all

NAMED_MAX = 100
"""Treats whose names stand in the audit log's one entry; each has its own beside it."""


class NothingWaits(Exception):
    """It was taken over already, dropped, or is too old."""


class ChangedSince(Exception):
    """The menu is another than it was when its owner saw what would change; or something is refused."""


def take_over(*, brand: Brand, user: User, seen: str, by: Actor, now: datetime) -> Plan:
    """What was done. `seen`: the version of the plan that was shown. Expects the brand's scope and no
    transaction; the menu is held while it is written, in some thirty statements however many rows. Raises
    NothingWaits, or ChangedSince and has done nothing."""
    waiting = MenuImport.objects.filter(user=user).first()
    if waiting is None:
        raise NothingWaits
    menu = menu_version(brand)
    plan = make_plan(waiting.rows, brand=brand, by_name=waiting.by_name)
    counts = plan.counts()
    if plan.version != seen or counts[State.REFUSED]:
        raise ChangedSince
    done = [treat for treat in plan.treats if treat.is_change]
    written = Written(brand, plan)
    with transaction.atomic():
        hold_menu(brand)
        same = {"pk": waiting.pk, "created_at": waiting.created_at, "by_name": waiting.by_name}
        if not MenuImport.objects.select_for_update().filter(**same).exists():
            raise NothingWaits
        if menu_version(brand) != menu:
            raise ChangedSince
        written.write()
        taken_over = {
            "sheet": waiting.kind,
            "rows": sum(counts.values()),
            "added": [treat.name for treat in done if treat.kept is None][:NAMED_MAX],
            "changed": [treat.name for treat in done if treat.kept][:NAMED_MAX],
        }
        whole = Told(Act.MENU_IMPORTED, f"brand:{brand.pk}", taken_over)
        record_all(brand=brand, actor=by, told=[*written.told, whole], now=now)
        MenuImport.objects.filter(pk=waiting.pk).delete()
    return plan
