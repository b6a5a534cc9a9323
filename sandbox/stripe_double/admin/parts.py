"""Parts of the admin page: times, buttons, rows."""

from __future__ import annotations

import time
from collections.abc import Iterable

from sandbox.stripe_double.checkout.pages import text


def at(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def button(path: str, label: str, about: str = "", **values: str) -> str:
    """A form of one button; ``about`` tells a screen reader which row it belongs to."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{text(value)}">'
        for name, value in values.items()
    )
    named = f' aria-label="{text(f"{label} {about}")}"' if about else ""
    return f'<form method="post" action="/_double{path}">{hidden}<button{named}>{text(label)}</button></form>'


def rows(cells: Iterable[Iterable[str]], empty: str, width: int) -> str:
    made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    return made or f'<tr><td colspan="{width}" class="quiet">{text(empty)}</td></tr>'


def choice(name: str, label: str, options: Iterable[str]) -> str:
    """A select whose label is for screen readers."""
    inner = "".join(f"<option>{text(each)}</option>" for each in options)
    return f'<select name="{name}" aria-label="{text(label)}">{inner}</select>'
