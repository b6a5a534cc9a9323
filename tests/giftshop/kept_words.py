"""A page of somebody's, and which forms on it keep what was typed."""

from django.conf import settings
from playwright.sync_api import BrowserContext, Page


def be(context: BrowserContext, site: str, session: str) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
    context.add_cookies([cookie])  # type: ignore[list-item]


def open_page(context: BrowserContext, site: str, session: str, faults: list[str]) -> Page:
    be(context, site, session)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def kept(page: Page) -> list[str]:
    """Of which forms something is kept."""
    names = page.evaluate(
        "JSON.parse(sessionStorage.getItem('kept'))?.forms.map((one) => one.name)"
    )
    return [name.split("-")[0] for name in names or []]
