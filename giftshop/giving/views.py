"""The give flow: Who, What, Say, Pay. Each form is kept first, checked then, and answered by a redirect,
so that Back, a reload or a second tab never costs what was typed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brands.models import Brand
from core import validity
from giftshop.catalog import menu
from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.friends.typos import suggestion
from giftshop.giving import drafts, in_sight, promo, recipient_rows
from giftshop.giving.access import DraftRequest, asked_for, own_draft
from giftshop.giving.forms import Problem, typed
from giftshop.giving.numbers_to_text import missing_ways
from giftshop.giving.pay import key_of, seen_terms
from giftshop.giving.say import Say
from giftshop.giving.steps import NAMES, What, Who
from giftshop.http.said_on import say_on
from giftshop.offers import carried
from giftshop.offers.discount import in_words
from giftshop.orders import replies
from giftshop.orders.models import RECIPIENTS_MAX, CameBy, Draft, Gift

page = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@of_brand
def give(request: ShopRequest) -> HttpResponse:
    """Begin a present, with the treat that was tapped if there was one."""
    if request.brand.opened_at is None:
        return _closed(request)
    draft = drafts.begin(
        brand=request.brand,
        session=request.session,
        treat_slug=typed(request.POST, "treat")[:60],
        choice=typed(request.POST, "choice"),
        also={"promo": code} if (code := carried.code_of(request)) else None,
        least=asked_for(request, request.brand),
        origin=_origin(request),
    )
    return redirect(_step_url(draft, "who"))


def _origin(request: ShopRequest) -> dict[str, Any]:
    """Where the shop was come to from a gift's page, or by a link that the form says
    (campaigns/links/middleware.py). One query for each, else none."""
    ask: Callable[..., dict[str, Any]] | None = getattr(request, "link_origin", None)
    origin = ask(brand=request.brand) if ask else {}
    signed = request.POST.get("gift", "")
    gift = replies.gift_of(signed) if signed else None
    return {**origin, "came_by": CameBy.SHOP, "from_gift_id": gift.pk} if gift else origin


@require_safe
@own_draft
def start(request: DraftRequest) -> HttpResponse:
    """The draft's own address leads to its first step."""
    return redirect(_step_url(request.draft, "who"))


@page
@own_draft
def who(request: DraftRequest) -> HttpResponse:
    if opened := _opened(request, Who):
        return opened
    if request.method == "POST":
        with drafts.changing(request.draft) as data:
            Who.take(data, request.POST)
            is_new = Who.take_pasted(data)
            step = Who(data, brand=request.brand, least=request.least)
            problems = bool(step.problems())
            stay = problems | step.ask_once() | is_new
            asked = [f"id_{row['key']}-email" for row, _meant in step.hints()]
        shown = ["read"] if is_new else asked
        return _answer(request.draft, "who", stay=stay, problems=problems, shown=shown)
    step = Who(
        request.draft.data, brand=request.brand, check=_is_check(request), least=request.least
    )
    context = {
        "forms": step.forms,
        "least": request.least,
        "in_sight": in_sight.of(request.draft, timezone.now()),
        "pasted": request.draft.data.get("pasted", ""),
        "hints": step.hints() if _is_check(request) else [],
        "just_read": step.just_read(),
        "shared": recipient_rows.sharing_an_address(step.rows),
        "texts": step.texts,
        "missing_ways": missing_ways(request.brand, step.texts),
        "has_room": len(step.rows) < RECIPIENTS_MAX,
        "most": RECIPIENTS_MAX,
    }
    wrong = step.problems()
    if _is_check(request):
        context["unread"] = next((each.text for each in wrong if each.anchor == "id_pasted"), "")
    return _page(request, "who", wrong, context)


@require_POST
@own_draft
def recipient(request: DraftRequest) -> HttpResponse:
    """One more row for a recipient, unless an empty one is waiting."""
    with drafts.changing(request.draft) as data:
        Who.take(data, request.POST)
        empty = next((row for row in data["rows"] if recipient_rows.is_empty(row)), None)
        if empty is None and len(data["rows"]) < RECIPIENTS_MAX:
            empty = recipient_rows.new_row()
            data["rows"].append(empty)
    at = f"id_{empty['key']}-name" if empty else "recipients"
    return redirect(_step_url(request.draft, "who", at=at))


@require_POST
@own_draft
def recipient_removal(request: DraftRequest, key: str) -> HttpResponse:
    with drafts.changing(request.draft) as data:
        Who.take(data, request.POST)
        data["rows"] = recipient_rows.without(data["rows"], [key]) or [recipient_rows.new_row()]
    return redirect(_step_url(request.draft, "who", at="recipients"))


@require_POST
@own_draft
def recipient_correction(request: DraftRequest, key: str) -> HttpResponse:
    """Take the address that was probably meant."""
    with drafts.changing(request.draft) as data:
        Who.take(data, request.POST)
        for row, meant in Who(data).hints():
            if row["key"] == key:
                row["email"] = meant
    return redirect(_step_url(request.draft, "who", at=f"id_{key}-email"))


@require_POST
@own_draft
def pasted_recipients(request: DraftRequest) -> HttpResponse:
    """Read the lines in the box; those that make no sense stay in it."""
    with drafts.changing(request.draft) as data:
        Who.take(data, request.POST)
        Who.take_pasted(data)
        left = bool(data["pasted"])
    return redirect(_step_url(request.draft, "who", check=left, at="problems" if left else "read"))


@page
@own_draft
def what(request: DraftRequest) -> HttpResponse:
    today = menu.read(request.brand, timezone.now())
    if today.is_closed:
        return _closed(request)
    offered, currency = today.offers(), request.brand.currency
    if opened := _opened(request, What):
        return opened
    if request.method == "POST":
        with drafts.changing(request.draft) as data:
            What.take(data, request.POST)
            stay = bool(What(data, offered, currency=currency).problems())
            is_early = not recipient_rows.filled(data.get("rows", []))
        if is_early and not stay:
            return redirect(_step_url(request.draft, "who"))
        return _answer(request.draft, "what", stay=stay)
    # What was tapped in the shop may be changed before anybody is named.
    if not request.draft.data.get("choice") and (missing := _before(request.draft, "what")):
        return missing
    step = What(request.draft.data, offered, currency=currency, check=_is_check(request))
    context = {
        "step": step,
        "categories": menu.by_category(today.treats),
        "menu": today,
        "picked": step.for_all["choice"].value(),
        "has_typed": any(offer.is_typed for offer in offered.values()),
        "total": step.total(),
        "count": len(step.rows_or_one),
        "is_early": not step.rows,
    }
    return _page(request, "what", step.problems(), context)


@page
@own_draft
def say(request: DraftRequest) -> HttpResponse:
    now = timezone.now()
    if opened := _opened(request, Say):
        return opened
    if request.method == "POST":
        with drafts.changing(request.draft) as data:
            Say.take(data, request.POST)
            if corrected := "correct_sender" in request.POST:
                Say.correct_sender(data)
            step = Say(data, brand=request.brand, now=now)
            problems = bool(step.problems())
            stay = problems | step.ask_once()
        if corrected:
            return redirect(_step_url(request.draft, "say", at="id_sender_email"))
        return _answer(
            request.draft, "say", stay=stay, problems=problems, shown=["id_sender_email"]
        )
    if missing := _before(request.draft, "say"):
        return missing
    step = Say(request.draft.data, brand=request.brand, now=now, check=_is_check(request))
    context = {
        "step": step,
        "in_sight": in_sight.of(request.draft, now),
        "designs": Gift.Design.choices,
        "design": step.design(),
        "preview": step.preview(),
        "sender_meant": step.sender_meant() if _is_check(request) else None,
        "zone_is_guessable": not request.draft.data.get("zone"),
    }
    return _page(request, "say", step.problems(), context)


@require_safe
@own_draft
def pay(request: DraftRequest) -> HttpResponse:
    now = timezone.now()
    try:
        order = drafts.read(request.draft, now, least=request.least)
    except drafts.DraftIncomplete as incomplete:
        return redirect(_step_url(request.draft, incomplete.step, check=True, at="problems"))
    who_step = Who(request.draft.data)
    found = promo.found(request.draft, order, now, check=_is_check(request))
    earned = found.earned
    context = {
        "order": order,
        "earned": earned,
        "earned_key": key_of(earned),
        "to_pay": order.total - (earned.discount if earned else 0),
        "promo": found,
        "off_words": in_words(earned.offer) if earned and earned.discount else "",
        "shared": recipient_rows.sharing_an_address(who_step.rows),
        "hints": who_step.hints(),
        "sender_meant": suggestion(order.sender_email),
        "last_days": _last_days(request.brand, order, now),
        "seen_terms": seen_terms(request.brand),
        "was_cancelled": "cancelled" in request.GET,
    }
    return _page(request, "pay", found.form.problems(), context)


def _last_days(brand: Brand, order: drafts.DraftOrder, now: datetime) -> tuple[date, date]:
    """The first and the last of the days on which the gifts would end if they were paid now."""
    ends = sorted(brand.expiry_for(line.deliver_at or now) for line in order.lines)
    return validity.last_day(ends[0], brand.tz), validity.last_day(ends[-1], brand.tz)


def _closed(request: ShopRequest) -> HttpResponse:
    """The shop says why: it has not opened, or no store is on. What was typed stays in the draft."""
    shop = reverse("shop", args=[request.brand.slug])
    return redirect(say_on(request, request.brand, shop))


def _page(
    request: DraftRequest, name: str, problems: list[Problem], context: dict[str, Any]
) -> HttpResponse:
    """The step's page; `?check` shows what is to be put right, above and beside each field."""
    draft = request.draft
    with_everybody = {
        "brand": request.brand,
        "draft": draft,
        "steps": _step_bar(request, name),
        "problems": problems if _is_check(request) else [],
        **context,
    }
    return render(request, f"giftshop/giving/{name}.html", with_everybody)


def _opened(request: DraftRequest, step: type[Who | What | Say]) -> HttpResponse | None:
    """Another step, opened in the bar: what was typed is kept as it is, and asked about on the way to Pay."""
    name = request.POST.get("open", "")
    if name not in NAMES:
        return None
    with drafts.changing(request.draft) as data:
        step.take(data, request.POST)
    return redirect(_step_url(request.draft, name))


def _answer(
    draft: Draft, name: str, *, stay: bool, problems: bool = True, shown: Sequence[str] = ()
) -> HttpResponse:
    """On to the following step; or back to this one, where focus lands on the summary of what is wrong,
    else on the first of `shown` (ids of what the sender is to look at)."""
    if stay:
        at = "problems" if problems or not shown else shown[0]
        return redirect(_step_url(draft, name, check=True, at=at))
    following = NAMES[NAMES.index(name) + 1]
    with drafts.changing(draft) as data:
        drafts.reach(data, following)
    return redirect(_step_url(draft, following))


def _before(draft: Draft, name: str) -> HttpResponse | None:
    """Nobody can say what to give before it is known to whom."""
    if not recipient_rows.filled(draft.data.get("rows", [])):
        return redirect(_step_url(draft, "who", check=True, at="problems"))
    return None


def _step_bar(request: DraftRequest, current: str) -> list[dict[str, Any]]:
    """A step that was reached has a `url`; one that asks for nothing more is `done`. Paying never is:
    once it is paid there is no draft to come back to."""
    labels = {"who": _("Who"), "what": _("What"), "say": _("Say"), "pay": _("Pay")}
    draft = request.draft
    reached = int(draft.data.get("reached", 0))
    done = drafts.done(draft, least=request.least)
    return [
        {
            "name": name,
            "label": labels[name],
            "current": name == current,
            "url": _step_url(draft, name) if place <= reached and name != current else "",
            "done": place <= reached and name in done,
        }
        for place, name in enumerate(NAMES)
    ]


def _step_url(draft: Draft, name: str, *, check: bool = False, at: str = "") -> str:
    """The step's page, with `?check` if it is to show what is wrong, at the part with the id `at`."""
    url = reverse(f"give-{name}", kwargs={"brand_slug": draft.brand.slug, "draft_id": draft.pk})
    return url + ("?check=1" if check else "") + (f"#{at}" if at else "")


def _is_check(request: HttpRequest) -> bool:
    return "check" in request.GET
