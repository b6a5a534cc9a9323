"""What the page of a campaign asks: {{ landing|until }}, {{ campaign|is_scene }}; and a link's:
{{ link|words_to_post }}."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from campaigns.dashboard.number_formats import day_in_words
from campaigns.links import links
from campaigns.models import Campaign, Link, Network
from campaigns.shop_page import pictures
from campaigns.shop_page.page import Landing

register = template.Library()


@register.filter
def until(landing: Landing) -> str:
    """ "Until Sunday, December 6", by the brand's calendar; empty where it goes on."""
    last = landing.campaign.ends_on
    if last is None:
        return ""
    if landing.ends_today:
        return _("Today is the last day")
    return _("Until %(day)s") % {"day": day_in_words(last)}


@register.filter
def is_scene(campaign: Campaign) -> bool:
    """Whether its drawing fills a picture to the edges; else it is a thing that stands on a ground."""
    return pictures.is_scene(campaign.art)


@dataclass(frozen=True)
class WordsToPost:
    label: str
    """Of the network."""
    words: str
    whole: str
    """With the link's address below."""


@register.filter
def words_to_post(link: Link) -> list[WordsToPost]:
    """Those that its campaign has, the ones for the place that the link is for first."""
    texts: dict[str, str] = link.campaign.share_texts
    address = links.address(link)
    shown = sorted(Network, key=lambda network: network != link.channel)
    return [
        WordsToPost(str(each.label), texts[each], f"{texts[each]}\n{address}")
        for each in shown
        if texts.get(each)
    ]
