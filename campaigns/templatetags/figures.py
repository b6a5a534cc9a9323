"""Figures in a page: {{ count|number }}, {{ part|share }}, {{ link|address }}, {{ period.first|long_day }}.
And for the shop: {% campaign_headline brand as headline %}."""

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from brands.models import Brand, Store
from campaigns.dashboard import dashboard, number_formats, tiles
from campaigns.dashboard.figures import FIGURES, Figure, Figures
from campaigns.dashboard.period import OWN
from campaigns.dashboard.queries import Moment
from campaigns.links import links, visitor_cookie
from campaigns.links.follower import Follower
from campaigns.models import Campaign, Fact, Link
from core.templatetags.money import money
from giftshop.catalog.models import Treat
from giftshop.offers.models import Offer

register = template.Library()


@register.filter
def number(value: int) -> str:
    return number_formats.number(value)


@register.filter
def long_day(day: date) -> str:
    return number_formats.long_day(day)


@register.filter
def share(part: float | None) -> str:
    """12%, or a dash where there is nothing to divide by."""
    return "\u2013" if part is None else number_formats.share(part)


@register.filter
def part(count: int, whole: int) -> str:
    """What share of the whole it is."""
    return share(count / whole if whole else None)


@register.filter
def address(link: Link) -> str:
    return links.address(link)


@register.filter
def moment_label(moment: Moment) -> str:
    return dashboard.moment_label(moment, long=True)


@register.filter
def moment(at: datetime, brand: Brand) -> str:
    """A day and a time on the brand's clock."""
    return number_formats.moment(at.astimezone(brand.tz))


@register.filter
def day_of(at: datetime, brand: Brand) -> str:
    """The day on the brand's clock."""
    return number_formats.long_day(at.astimezone(brand.tz).date())


@register.filter
def campaign_days(campaign: Campaign) -> str:
    """Its first and last day, or: from its first day on."""
    if campaign.ends_on is None:
        return _("From %(day)s on") % {"day": number_formats.long_day(campaign.starts_on)}
    return number_formats.days_between(campaign.starts_on, campaign.ends_on)


@register.filter
def part_of(fact: Fact, figure: Figure) -> str:
    """What the fact adds to the figure, as the reader writes it."""
    value: int = fact.part  # type: ignore[attr-defined]  # as rows/asked.py reads it
    return money(value, fact.currency) if figure.is_money else number_formats.number(value)


@register.simple_tag(takes_context=True)
def rows_of(
    context: Context,
    name: str,
    link: Link | None = None,
    store: Store | None = None,
    offer: Offer | None = None,
    campaign: Campaign | None = None,
    treat: Treat | None = None,
    alone: bool = False,
) -> str:
    """Where a number of a page of figures leads: the rows of the figure, of the same days and campaign.
    `alone`: of what came by no link."""
    page = reverse("figure", kwargs={"brand_slug": context["brand"].slug, "name": name})
    campaign = campaign or context.get("campaign")
    found = {"campaign": campaign, "link": link, "store": store, "offer": offer, "treat": treat}
    query = "".join(f"&{name}={row.slug}" for name, row in found.items() if row)
    return f"{page}?{context['period_query']}{query}{'&alone=1' if alone else ''}"


@register.simple_tag(takes_context=True)
def number_on(context: Context, name: str, moment: Moment) -> str:
    """What a figure is on a day, in a week or in a month, with the address of its rows. Of an hour rows are
    not told apart; and none lead to nothing."""
    figure, brand = FIGURES[name], context["brand"]
    said = tiles.told(figure, moment.figures, currency=brand.currency)
    if moment.hour is not None or not getattr(moment.figures, name):
        return said
    found = {"campaign": context.get("campaign"), "store": context.get("store")}
    of = {name: row.slug for name, row in found.items() if row}
    days = {"from": moment.day.isoformat(), "to": moment.last_of(context["period"]).isoformat()}
    page = reverse("figure", kwargs={"brand_slug": brand.slug, "name": name})
    return format_html('<a href="{}?{}">{}</a>', page, urlencode({**days, **of}), said)


@register.simple_tag(takes_context=True)
def number_of_own(context: Context, name: str, figures: Figures, campaign: Campaign) -> str:
    """What a figure of a campaign is on its own days, with the address of its rows."""
    figure, brand = FIGURES[name], context["brand"]
    said = tiles.told(figure, figures, currency=brand.currency)
    if not getattr(figures, name):
        return said
    page = reverse("figure", kwargs={"brand_slug": brand.slug, "name": name})
    query = urlencode({"days": OWN, "campaign": campaign.slug})
    return format_html('<a href="{}?{}">{}</a>', page, query, said)


@register.simple_tag(takes_context=True)
def campaign_headline(context: Context, brand: Brand) -> str:
    """What greets somebody who came by a link of a running campaign; empty for everybody else.
    No query for a browser that never followed a link."""
    follower: Follower | None = getattr(context.get("request"), "follower", None)
    return follower.headline(brand=brand) if follower else ""


@register.simple_tag(takes_context=True)
def asks_to_know_again(context: Context, brand: Brand) -> dict[str, str | int]:
    """What the question whether a browser may be known again has to say and to send; empty where nobody is
    asked. The id in it becomes the browser's by its yes, so that a double tap is one. No query but the
    link's."""
    follower: Follower | None = getattr(context.get("request"), "follower", None)
    if follower is None or not follower.is_asked(brand=brand):
        return {}
    return {
        "visitor": visitor_cookie.new_id(),
        "days": visitor_cookie.days_of(brand),
    }


@register.simple_tag(takes_context=True)
def is_known_again(context: Context, brand: Brand) -> bool:
    """Whether this browser keeps the brand's id of a visitor. No query."""
    follower: Follower | None = getattr(context.get("request"), "follower", None)
    return bool(follower and follower.visitor_id(brand=brand))
