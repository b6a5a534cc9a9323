"""Which stores have a treat, as a cell of a sheet says it. Belongs inside the brand's scope."""

import re
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.studio.sheet.columns import STORES, plain
from giftshop.studio.sheet.lines import Line
from giftshop.team.where import Where

ALL = "*"
"""Else the stores' IDs, a line for each, by alphabet."""
ALL_STORES, ALL_SHORT = gettext_noop("all stores"), gettext_noop("all")
SHOWN_MAX, NAMED_MAX = 60, 5


class StoreCells:
    """2 queries."""

    def __init__(self, brand: Brand) -> None:
        self.by_slug = {store.slug: store for store in Store.objects.order_by("slug")}
        slugs = {store.pk: store.slug for store in self.by_slug.values()}
        self.by_name: dict[str, list[Store]] = {}
        for store in self.by_slug.values():
            self.by_name.setdefault(plain(store.name), []).append(store)
        some = Treat.stores.through.objects.filter(treat__brand=brand)
        self.of_treat: dict[UUID, list[str]] = {}
        for treat, store_id in some.values_list("treat_id", "store_id"):
            self.of_treat.setdefault(treat, []).append(slugs[store_id])

    def cell(self, treat: Treat) -> str:
        """As it is kept."""
        return ALL if treat.all_stores else "\n".join(sorted(self.of_treat.get(treat.pk, ())))

    def read(self, lines: Iterable[Line]) -> None:
        """Each cell of these rows in place of what was written there. Says at the row what can't be."""
        for line in lines:
            if text := str(line.says(STORES)):
                line.said[STORES] = self._read(text, line)

    def where(self, cell: str) -> Where:
        """Of a cell that was read."""
        return None if cell == ALL else [self.by_slug[slug] for slug in cell.split("\n")]

    def _read(self, text: str, line: Line) -> str:
        if self._is_all(plain(text)):
            return ALL
        found: set[str] = set()
        unknown: list[str] = []
        for each in text.split("\n"):
            whole = [each] if self._find(each) else re.split("[,;]", each)
            for word in filter(None, map(str.strip, whole)):
                stores = self._find(word)
                found |= {store.slug for store in stores[:1]}
                if len(stores) > 1:
                    ids = ", ".join(store.slug for store in stores[:NAMED_MAX])
                    said = _("Several stores are called “%(name)s”. Write one of these: %(ids)s.")
                    line.refuse(STORES, said % {"name": word[:SHOWN_MAX], "ids": ids})
                elif not stores:
                    unknown.append(word)
        for word in unknown[:NAMED_MAX]:
            said = _("There is no store “%(name)s”. Write its name or its ID.")
            line.refuse(STORES, said % {"name": word[:SHOWN_MAX]})
        return "\n".join(sorted(found))

    def _find(self, word: str) -> list[Store]:
        """By its ID as it is, else by a name."""
        by_id = self.by_slug.get(word)
        return [by_id] if by_id else self.by_name.get(plain(word), [])

    def _is_all(self, text: str) -> bool:
        if text in _words(ALL_STORES):
            return True
        return text in _words(ALL_SHORT) and not self._find(text)


def in_words(cell: str) -> str:
    """As a file or a page says it."""
    return _(ALL_STORES) if cell == ALL else cell


@cache
def _words(word: str) -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(plain(_(word)))
    return found
