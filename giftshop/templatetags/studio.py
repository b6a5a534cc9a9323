"""What the studio's pages show on top, whichever it is."""

from datetime import date
from typing import Any

from django import template
from django.db.models import Count, Value
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from brands.models import Brand
from giftshop.accounts import alarms as raised
from giftshop.accounts.permissions import Permission
from giftshop.catalog import menu
from giftshop.catalog.models import Treat
from giftshop.questions.models import Question
from giftshop.reasons import team
from giftshop.reviews.models import Review
from giftshop.studio.opening import checklist, steps
from redemption.codes import void

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_for_owner(context: Context) -> dict[str, int]:
    """What an owner's menu counts: requests of a second person, questions and reviews that wait. One query,
    in the brand's scope."""
    of_each = {
        "requests": context["request"].stores.within(void.open_requests()),
        "questions": Question.objects.waiting(),
        "reviews": Review.objects.waiting(),
    }
    counts = [
        rows.order_by()
        .values(_of=Value(name))
        .annotate(_many=Count("pk"))
        .values_list("_of", "_many")
        for name, rows in of_each.items()
    ]
    return dict(counts[0].union(*counts[1:], all=True))


@register.inclusion_tag("giftshop/studio/opening/checklist.html", takes_context=True)
def opening(context: Context) -> dict[str, Any]:
    """The checklist of a brand that is about to sell its first gift, for its owner; nothing for others
    and once all is done. One query, none for others."""
    brand = context["brand"]
    found = checklist.read(brand) if _may(context, Permission.CHANGE_BRAND) else None
    is_over = found is None or (found.is_done and brand.opened_at is not None)
    return {
        "brand": brand,
        "checklist": None if is_over else found,
        "goes_on": _goes_on(context, found),
        "csrf_token": context.get("csrf_token"),
    }


def _goes_on(context: Context, found: checklist.Checklist | None) -> str:
    """What leads from the overview into the guided opening; nothing on its own pages."""
    brand = context["brand"]
    if found is None or brand.opened_at is not None or context.get("opening"):
        return ""
    step = steps.Opening(brand, found).resumed_at
    return gettext("Begin") if step == steps.STEPS[0] else gettext("Go on: %s") % step.label


@register.simple_tag(takes_context=True)
def opening_steps(context: Context) -> steps.Opening | None:
    """How far an owner has come who is opening a shop, and at which step this page stands. One query; none
    once it is open, none for others."""
    brand, request = context["brand"], context["request"]
    if brand.opened_at is not None or not _may(context, Permission.CHANGE_BRAND):
        return None
    return steps.read(brand, page=request.resolver_match.url_name)


@register.simple_tag
def menu_now(brand: Brand) -> menu.Menu:
    """What its shop would offer a sender. Six queries at most."""
    return menu.read(brand, timezone.now())


@register.filter
def sale_state(treat: Treat, today: date) -> str:
    """Why it is not on sale today, or until when it is: "from December 5, 2026". Empty: it just is."""
    if not treat.is_active:
        return gettext("Off the menu")
    first, last = treat.on_sale_from, treat.on_sale_until
    if first and today < first:
        return gettext("from %(day)s") % {"day": date_format(first, "DATE_FORMAT")}
    if last and last < today:
        return pgettext("days on sale", "ended")
    return gettext("until %(day)s") % {"day": date_format(last, "DATE_FORMAT")} if last else ""


def _may(context: Context, permission: Permission) -> bool:
    """Whether whoever reads the page may do this here."""
    return permission in getattr(context.get("request"), "may", ())


@register.inclusion_tag("giftshop/studio/reasons/asked.html", takes_context=True)
def own_reasons(context: Context) -> dict[str, Any]:
    """Asks a member once a round why they believe that people come. Two queries, none for a role that is not
    asked."""
    return {
        "brand": context["brand"],
        "asks": _may(context, Permission.RANK_REASONS)
        and team.is_asked(context["request"].membership),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("giftshop/studio/alarms.html", takes_context=True)
def alarms(context: Context) -> dict[str, Any]:
    """A notice for each alarm of the last day, to owners. One query for them, none for others."""
    if not _may(context, Permission.SEE_ALARMS):
        return {"alarms": []}
    brand = context["brand"]
    with timezone.override(brand.tz):
        found = [raised.words_of(alarm) for alarm in raised.recent(timezone.now())]
    return {
        "alarms": found,
        "brand": brand,
        "on_devices": context.get("section") == "devices",
    }
