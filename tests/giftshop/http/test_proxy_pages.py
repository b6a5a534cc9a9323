"""The pages that the proxy shows by itself say what the catalogs say now, and load nothing of the product."""

import re

from django.conf import settings

from giftshop.http.proxy_pages import FOLDER, PAGES, rendered
from tests.front import CADDYFILE


def test_they_are_as_fresh_as_the_catalogs() -> None:
    """`manage.py write_proxy_pages` after a change."""
    assert {path: path.read_text(encoding="utf-8") for path in rendered()} == rendered()
    assert set(FOLDER.glob("*/*")) == set(rendered())


def test_each_language_has_its_own_words() -> None:
    texts = list(rendered().values())
    assert len(set(texts)) == len(PAGES) * len(settings.LANGUAGES)
    for html in texts:
        assert re.findall(r'(?:href|src)="([^"]+)"', html) == ["/_pages/page.css", "/"]


def test_the_proxy_knows_them_by_name() -> None:
    config = CADDYFILE.read_text()
    pages = set(re.findall(r"^\t\t(?:\"[^\"]+\"|~\S+|default) (\w+) \w+ \"", config, re.MULTILINE))
    assert pages == PAGES.keys()
    languages = set(re.findall(r"^\t\t(?:~\S+|default) (\w\w)$", config, re.MULTILINE))
    assert languages == {code for code, _name in settings.LANGUAGES}
