"""The sheet that somebody uploaded and that waits for their yes. Belongs inside the brand's scope."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.sheets.models import MenuImport
from giftshop.studio.sheet.plan import make_plan
from giftshop.studio.sheet.shown import shown

KEPT = timedelta(days=1)


def keep(table: dict[str, Any], *, brand: Brand, user: User, now: datetime) -> MenuImport:
    """With its dry run, in place of what waited before. Raises ValidationError where its header can't be."""
    told = shown(make_plan(table["rows"], brand=brand), brand)
    values = {name: table[name] for name in ("kind", "encoding", "separator", "rows")}
    waiting, _made = MenuImport.objects.update_or_create(
        brand=brand,
        user=user,
        defaults={**values, "by_name": False, "shown": told, "created_at": now},
    )
    return waiting


def find(*, user: User, now: datetime) -> MenuImport | None:
    """Theirs, unless it is too old."""
    return MenuImport.objects.filter(user=user, created_at__gt=now - KEPT).first()


def dry_run(waiting: MenuImport, brand: Brand) -> dict[str, Any]:
    """What the page says, in the reader's language; made anew where it was made in another."""
    if waiting.shown.get("language") == get_language():
        told: dict[str, Any] = waiting.shown
        return told
    return shown(make_plan(waiting.rows, brand=brand, by_name=waiting.by_name), brand)


def run_again(waiting: MenuImport, brand: Brand, *, by_name: bool | None = None) -> dict[str, Any]:
    """With the menu as it is by now. `by_name`: whether rows without an ID mean the treat of their name."""
    if by_name is not None:
        waiting.by_name = by_name
    plan = make_plan(waiting.rows, brand=brand, by_name=waiting.by_name)
    waiting.shown = shown(plan, brand)
    waiting.save(update_fields=["shown", "by_name"])
    told: dict[str, Any] = waiting.shown
    return told


def drop(*, user: User) -> None:
    MenuImport.objects.filter(user=user).delete()
