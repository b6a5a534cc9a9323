"""The demo's menus in the languages of its shops."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db.models import Model

from brands.models import Brand
from demo.brands import BRANDS, FURTHER, DemoBrand
from demo.menus import Entry
from demo.talk import news
from giftshop.catalog.models import Option, OptionGroup, Price, Treat
from giftshop.news.models import News


def texts(entry: Entry) -> Iterator[tuple[type[Model], str, str]]:
    """Each text of a treat, and the column that it is kept in."""
    yield Treat, "name", entry.name
    yield Treat, "description", entry.description
    yield Treat, "category", entry.category
    yield from ((Price, "name", name) for name, _amount in entry.sizes if name)
    for group in entry.groups:
        yield OptionGroup, "name", group.name
        yield from ((Option, "label", label) for label, _extra in group.options)


@pytest.mark.parametrize("data", BRANDS, ids=lambda data: data.slug)
def test_every_text_is_said_in_every_language(data: DemoBrand):
    used = [text for entry in data.menu for text in texts(entry)]
    used += [(Brand, "tagline", data.tagline), (Brand, "story", data.story)]
    for told in news.told_by(data):
        if not told.is_draft:
            used += [(News, "title", told.title), (News, "words", told.words)]
    assert set(data.words) == {text for _model, _field, text in used}
    for model, field, text in used:
        room = model._meta.get_field(field).max_length
        for words in data.words[text]:
            assert 0 < len(words) <= room, words


def test_the_further_languages_are_those_of_the_pages():
    assert ["en", *FURTHER] == [tag for tag, _name in settings.LANGUAGES]
