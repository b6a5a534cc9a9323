"""What a figure is made of, row by row, on pages and as a file; and one row with all that it leads on to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.dashboard import files
from campaigns.dashboard.cursor_pages import CursorPage, page
from campaigns.dashboard.definitions import TYPED
from campaigns.dashboard.figures import FIGURES, Figures
from campaigns.dashboard.number_formats import number
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period_views import period_context
from campaigns.dashboard.tiles import coverage
from campaigns.models import Fact
from campaigns.rows.asked import NEW, RETURNING, RowsAsked, asked_for, labels_of
from campaigns.rows.entry import entry_of
from core import money
from core.csv_export import Cell
from core.templatetags.money import money as shown_money
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.models import Treat
from giftshop.offers.models import Offer
from giftshop.orders.models import Gift, Order

SHOWN = 50
AT_ONCE = 1_000
CHOICES_MAX = 60
"""Of more stores, links or treats one is chosen on their own lists, which lead here."""

seeing_figures = member_of_brand(Permission.SEE_FIGURES)


@require_safe
@seeing_figures
def figure(request: BrandRequest, name: str) -> HttpResponse:
    """Fourteen queries or fewer beside those of the decorator, however many rows there are."""
    asked = asked_for(request, name)
    shown, total = asked.figure, asked.total()
    rows = _page(asked, request.GET.get("cursor", ""), size=SHOWN)
    labels = {} if shown.is_of_visits else labels_of(rows.rows)
    for row in rows.rows:
        row.label = "" if shown.is_of_visits else _label(row, labels)
    is_plain = not asked.given or set(asked.given) == {"campaign"}
    figures = figures_of(asked.period, campaign=asked.campaign) if is_plain else Figures()
    context = {
        "brand": request.brand,
        "section": "overview" if asked.campaign is None else "campaigns",
        "figure": shown,
        "value": shown_money(total, request.brand.currency) if shown.is_money else number(total),
        "figures": figures,
        "coverage": (
            coverage(figures, currency=request.brand.currency)
            if name == "spend_over" and figures.spend_is_known and asked.stores.is_whole_brand
            else ""
        ),
        "asked": asked,
        "campaign": asked.campaign,
        "store": asked.store,
        "chosen": asked.chosen(request),
        "choices": _choices(asked),
        "facts_query": asked.query(request),
        "page": rows,
        "cursor": request.GET.get("cursor", ""),
        "cut": _cut(asked) if rows.next_cursor else [],
        **period_context(request, asked.period, own=asked.own),
    }
    return render(request, "campaigns/figure.html", context)


def _page(asked: RowsAsked, cursor: str, *, size: int) -> CursorPage[Any]:
    shown = asked.figure
    rows: Any = asked.rows().select_related("campaign", "link")
    if not shown.is_of_visits:
        rows = rows.select_related("campaign", "link", "store", "offer")
    try:
        return page(rows, time="at" if shown.is_of_visits else shown.day, cursor=cursor, size=size)
    except (ValidationError, ValueError) as error:  # a cursor that somebody wrote by hand
        raise Http404 from error


def _cut(asked: RowsAsked) -> list[str]:
    """Of files that do not hold the whole list, that they don't. Two queries at most."""
    kinds = sorted(files.ROWS_MAX, key=files.ROWS_MAX.__getitem__)
    found = []
    for kind in kinds:
        if not asked.has_more_than(files.ROWS_MAX[kind]):
            break
        found.append(f"{kind.upper()}: {files.in_words(kind)}")
    return found


def _choices(asked: RowsAsked) -> list[dict[str, Any]]:
    """The filters that can still be chosen, each with its options. Four queries at most."""
    found: list[dict[str, Any]] = []
    if asked.figure.is_by_store and asked.store is None:
        found.append(_options("store", _("Store"), asked.stores.stores().order_by("name")))
    if asked.figure.is_by_treat and asked.treat is None:
        found.append(_options("treat", _("Treat"), Treat.objects.order_by("position", "name")))
    if asked.figure.is_by_offer and asked.offer is None:
        found.append(_options("offer", _("Offer"), Offer.objects.order_by("name")))
    if asked.campaign is not None and asked.link is None:
        found.append(_options("link", _("Link"), asked.campaign.links.order_by("name")))
    if asked.figure.is_by_guest and not asked.guests:
        words = [(NEW, _("for the first time")), (RETURNING, _("seen before"))]
        found.append({"name": "guests", "label": _("Guests"), "options": words})
    return [each for each in found if 1 < len(each["options"]) <= CHOICES_MAX]


def _options(name: str, label: str, rows: Any) -> dict[str, Any]:
    options = list(rows.values_list("slug", "name")[: CHOICES_MAX + 1])
    return {"name": name, "label": label, "options": options}


@require_safe
@seeing_figures
def figure_file(request: BrandRequest, name: str, kind: str) -> HttpResponse:
    """All the rows, as many as a file takes. Two queries for each thousand."""
    asked = asked_for(request, name)
    shown = asked.figure

    def read(cursor: str) -> tuple[list[Sequence[Cell]], str]:
        found = _page(asked, cursor, size=AT_ONCE)
        labels = {} if shown.is_of_visits else labels_of(found.rows)
        return [_cells(row, asked, labels) for row in found.rows], found.next_cursor

    span = f"{asked.period.first.isoformat()}-{asked.period.last.isoformat()}"
    header = _header(asked)
    return files.download(kind, f"{name}-{span}", header, files.pages(request.brand, read))


def _header(asked: RowsAsked) -> list[str]:
    shown = asked.figure
    if shown.is_of_visits:
        return [_("When"), _("Campaign"), _("Link"), _("Source"), _("Browser")]
    value = (
        _("Amount (%(currency)s)") % {"currency": asked.brand.currency} if shown.is_money else ""
    )
    return [
        *(_("When"), _("What"), _("Order"), _("Gift"), _("Store")),
        *((_("Campaign"), _("Link")) if asked.stores.is_whole_brand else ()),
        value or _("Gifts"),
    ]


def _cells(row: Any, asked: RowsAsked, labels: dict[Any, str]) -> list[Cell]:
    """By which campaign it came is not for a store's own people, on the page as little."""
    shown, brand = asked.figure, asked.brand
    came_by = [each.name if each else "" for each in (row.campaign, row.link)]
    if shown.is_of_visits:
        seen = {True: _("for the first time"), False: _("seen before"), None: _("not known")}
        browser = seen[row.new_visitor]
        at = row.at.astimezone(brand.tz).isoformat(sep=" ", timespec="seconds")
        return [at, row.campaign.name, row.link.name, row.source, browser]
    at = row.occurred_at.astimezone(brand.tz).isoformat(sep=" ", timespec="seconds")
    return [
        at,
        row.get_topic_display(),
        Order(pk=row.order_id).number if row.order_id else "",
        _label(row, labels),
        row.store.name if row.store else "",
        *(came_by if asked.stores.is_whole_brand else ()),
        money.number(row.part, row.currency) if shown.is_money else row.part,
    ]


def _label(fact: Any, labels: dict[Any, str]) -> str:
    """What it speaks of: a gift, or what an offer gave."""
    return fact.offer.name if fact.offer else labels.get(fact.gift_id, "")


@dataclass(frozen=True)
class Lead:
    """Something that a row is about, and where its page is, if its member may see one."""

    label: str
    value: str
    href: str = ""


@require_safe
@seeing_figures
def fact(request: BrandRequest, fact_id: int) -> HttpResponse:
    """One row: its order, gift, treat, link, store, and for who sees money its entry in the ledger. Eight
    queries or fewer beside those of the decorator."""
    everything = Fact.objects.select_related("campaign", "link", "store", "offer")
    facts = request.stores.within(everything)
    shown = get_object_or_404(facts, pk=fact_id)
    gifts = Gift.objects.select_related("treat").order_by("position")
    own = list(
        gifts.filter(pk=shown.gift_id)
        if shown.gift_id
        else gifts.filter(order_id=shown.order_id)
        if shown.order_id and shown.topic == Fact.Topic.ORDER_PAID
        else ()
    )
    sees_money = Permission.SEE_MONEY in request.may and request.stores.is_whole_brand
    context = {
        "brand": request.brand,
        "section": "overview",
        "fact": shown,
        "leads": _leads(request, shown, sees_money=sees_money),
        "gifts": own,
        "entry": entry_of(shown) if sees_money else None,
    }
    return render(request, "campaigns/fact.html", context)


def _leads(request: BrandRequest, shown: Fact, *, sees_money: bool) -> list[Lead]:
    brand = {"brand_slug": request.brand.slug}
    sees_campaigns = Permission.SEE_CAMPAIGNS in request.may
    leads = []
    if shown.order_id:
        href = reverse("order_money", kwargs={**brand, "order_id": shown.order_id})
        order = Order(pk=shown.order_id).number
        leads.append(Lead(_("Order"), order, href if sees_money else ""))
    if shown.offer and request.stores.is_whole_brand:
        href = reverse("studio_offer", kwargs={**brand, "offer_id": shown.offer.pk})
        leads.append(Lead(_("Offer"), shown.offer.name, href if sees_campaigns else ""))
    if shown.store:
        href = reverse("store_figures", kwargs={**brand, "slug": shown.store.slug})
        leads.append(Lead(_("Store"), shown.store.name, href))
    if shown.campaign and request.stores.is_whole_brand:
        href = reverse("campaign", kwargs={**brand, "slug": shown.campaign.slug})
        leads.append(Lead(_("Campaign"), shown.campaign.name, href if sees_campaigns else ""))
    if shown.link and request.stores.is_whole_brand:
        href = reverse("link", kwargs={**brand, "slug": shown.link.slug})
        leads.append(Lead(_("Link"), shown.link.name, href if sees_campaigns else ""))
    return leads


@require_safe
@seeing_figures
def definitions(request: BrandRequest) -> HttpResponse:
    """What each figure means."""
    shown = [each for each in FIGURES.values() if request.stores.is_whole_brand or each.is_by_store]
    context = {
        "brand": request.brand,
        "section": "overview",
        "figures": shown,
        "typed": TYPED if request.stores.is_whole_brand else {},
    }
    return render(request, "campaigns/definitions.html", context)
