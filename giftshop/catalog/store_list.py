"""Which of a brand's stores a page shows at first, and the page on which all of them are found."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from brands.models import Store, StoreQuerySet
from giftshop.catalog import hours

ALL_AT_ONCE_MAX = 12
"""As many are shown together. Of more a page shows the next, and where the others are found."""
SHOWN = 3
LOOKED_AT = 24
"""Of more stores than that, the first by name are asked whether they are open."""
PER_PAGE = 12
WORDS_LENGTH_MAX = 80


@dataclass(frozen=True)
class Found:
    """A page of stores, and the words by which they were found: none for all of them."""

    page: "Page[Store]"
    words: str


def at_first(stores: StoreQuerySet, now: datetime) -> tuple[list[Store], int]:
    """All of a few stores, by name; of many three, those that are open now before others. And how many
    there are. One query."""
    first, count = stores.order_by("name", "pk").first_of(LOOKED_AT)
    if count <= ALL_AT_ONCE_MAX:
        return first, count
    return sorted(first, key=lambda store: not hours.today(store, now).is_open)[:SHOWN], count


def found_by(request: HttpRequest, stores: StoreQuerySet) -> Found:
    """What the page was asked for: ?q=seattle&page=2. 2 queries."""
    words = " ".join(request.GET.get("q", "")[:WORDS_LENGTH_MAX].split())
    ordered = stores.matching(words).order_by("name", "city", "pk")
    return Found(Paginator(ordered, PER_PAGE).get_page(request.GET.get("page")), words)
