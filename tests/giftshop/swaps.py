"""The parts of templates that htmx swaps, and which of them a page asked for."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from playwright.sync_api import Page

from tests.giftshop.listening import LISTEN
from tests.server import ROOT

TEMPLATES = ROOT / "templates"
TAG = re.compile(
    r"<\w[^<>]*?\s(?:data-)?hx-(?:get|post|put|patch|delete)=(?:\{%.*?%\}|\{\{.*?\}\}|[^<>])*>"
)
ATTRIBUTE = re.compile(r'(?:data-)?(hx-[\w-]+)="([^"]*)"')
VARIABLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")

TELL = """
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  const all = [...elt.attributes].map(({ name, value }) => [name.replace("data-", ""), value]);
  swapped(all.filter(([name]) => name.startsWith("hx-")));
});
"""
"""Tells swapped() the attributes of what asks."""


@dataclass(frozen=True)
class Swap:
    """What asks for one, as a template writes it: its attributes, a variable in them as (.*)."""

    file: str
    pattern: frozenset[tuple[str, str]]

    def fits(self, sent: dict[str, str]) -> bool:
        return self.names() == sent.keys() and all(
            re.fullmatch(value, sent[name]) for name, value in self.pattern
        )

    def names(self) -> set[str]:
        return {name for name, _value in self.pattern}


@cache
def swaps(*files: str) -> tuple[Swap, ...]:
    """Those of these templates, else of all."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        file = str(path.relative_to(TEMPLATES))
        for tag in TAG.findall(path.read_text()) if not files or file in files else ():
            pattern = frozenset((name, _pattern(value)) for name, value in ATTRIBUTE.findall(tag))
            if ("hx-swap", "none") not in pattern:  # such a page is read anew as a whole
                found.append(Swap(file, pattern))
    return tuple(found)


def _pattern(value: str) -> str:
    return "(.*)".join(re.escape(plain) for plain in VARIABLE.split(value))


def swap_of(sent: list[tuple[str, str]]) -> Swap:
    """Of those that fit the one with the most letters of its own."""
    told = dict(sent)
    fit = [each for each in swaps() if each.fits(told)]
    assert fit, f"no template writes {told}"
    return max(
        fit, key=lambda each: sum(len(value.replace("(.*)", "")) for _name, value in each.pattern)
    )


def heard(page: Page, walked: set[Swap]) -> Page:
    """It writes down what it says, and which swaps it asked for."""
    page.add_init_script(LISTEN + TELL)
    page.expose_function("swapped", lambda sent: walked.add(swap_of(sent)))
    return page


def elsewhere(act: Callable[[], Any]) -> Any:
    """Done in a thread of its own: the browser's may not ask the database."""

    def do() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()
