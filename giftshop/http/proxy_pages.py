"""The pages that the proxy shows by itself, when the product cannot be asked: files in deploy/pages.

`manage.py write_proxy_pages` writes them from the same catalogs as every page; a test holds them fresh.
"""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

FOLDER = Path(settings.BASE_DIR) / "deploy" / "pages"

PAGES = {
    "late": (
        _("That took too long"),
        _(
            "What you sent did not arrive in time, so nothing was changed. Check your connection, "
            "go back and try again."
        ),
    ),
    "large": (
        _("That was too much at once"),
        _("What was sent is larger than this page takes. Go back, make it shorter and try again."),
    ),
    "long": (
        _("That address is too long"),
        _(
            "It is longer than any of ours. Open the link from your message once more; if that does "
            "not help, clear this site's cookies."
        ),
    ),
    "away": (
        _("Back in a moment"),
        _(
            "We cannot answer just now. If you were paying, you will not be charged twice: wait a "
            "minute, then reload this page."
        ),
    ),
}
"""Name of the file -> title and text."""


def rendered() -> dict[Path, str]:
    """Every page in every language, by where it is kept."""
    found: dict[Path, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for page, (title, text) in PAGES.items():
                html = render_to_string("proxy_page.html", {"title": title, "text": text})
                found[FOLDER / language / f"{page}.html"] = html
    return found
