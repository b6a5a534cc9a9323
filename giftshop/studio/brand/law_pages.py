"""The pages that a law may want of a shop, as its owner reads of them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from brands.models import Brand
from brands.policy.countries import law_of
from brands.policy.law import Page
from core.locales import readers_locale
from giftshop.legal.wants import FACTS, PAGES, missing


@dataclass(frozen=True)
class PageLine:
    """One page."""

    label: str | Promise
    url: str
    """Empty while it is not shown: nobody knows whom one buys from."""
    source: str
    """Of the law that wants it; empty: we know none."""


def of_brand(brand: Brand) -> list[PageLine]:
    """All four, in the order of the foot of each page. No query."""
    wanted = law_of(brand.country).pages
    return [
        PageLine(
            label,
            reverse(page.value, args=[brand.slug])
            if brand.legal_name or page != Page.LEGAL_NOTICE
            else "",
            wanted[page].source if page in wanted else "",
        )
        for page, label in PAGES.items()
    ]


def missing_words(brand: Brand) -> str:
    """ "legal name, address": what the pages still need to know, in the reader's language."""
    return ", ".join(str(FACTS[column]) for column in missing(brand))


def wanted_words(brand: Brand) -> str:
    """Which of the pages the law of the brand's country wants, in a sentence."""
    wanted = law_of(brand.country).pages
    country = readers_locale().territories.get(brand.country, brand.country)
    if not wanted:
        return _(
            "We know no law of your country (%(country)s) that wants such pages; we show them all"
            " the same."
        ) % {"country": country}
    names = ", ".join(str(PAGES[page]) for page in PAGES if page in wanted)
    return _(
        "The law of your country (%(country)s) wants these pages: %(pages)s. We write them from"
        " what you fill in."
    ) % {
        "country": country,
        "pages": names,
    }
