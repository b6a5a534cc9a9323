"""What a path comes to, in a line that fits on a slide. What is zero or not known is left out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.dashboard.number_formats import number
from campaigns.path.path import Path
from core.templatetags.money import money


@dataclass(frozen=True)
class Line:
    """1,240 likes, 96 visits, 11 gifts, 8 guests; and: $61 beyond the gift, for $120."""

    steps: list[str]
    end: str


def in_a_line(path: Path, *, currency: str) -> Line:
    figures, likes = path.figures, path.typed.likes or 0
    told = [
        (likes, ngettext("%(count)s like", "%(count)s likes", likes)),
        (figures.visits, ngettext("%(count)s visit", "%(count)s visits", figures.visits)),
        (
            figures.gifts_sold,
            ngettext("%(count)s gift", "%(count)s gifts", max(figures.gifts_sold, 0)),
        ),
        (figures.guests, ngettext("%(count)s guest", "%(count)s guests", max(figures.guests, 0))),
    ]
    steps = [words % {"count": number(count)} for count, words in told if count > 0]
    return Line(steps, _end(path, currency) if steps else "")


def _end(path: Path, currency: str) -> str:
    beyond = path.figures.spend_over if path.figures.spend_is_known else 0
    said = {
        "beyond": money(beyond, currency),
        "cost": "" if path.spent is None else money(path.spent, currency),
    }
    if beyond > 0 and path.spent is not None:
        return _("%(beyond)s beyond the gift, for %(cost)s") % said
    if beyond > 0:
        return _("%(beyond)s beyond the gift") % said
    return _("for %(cost)s") % said if path.spent is not None else ""


def coverage_of_links(by_links: int, of_all: int) -> str:
    """Of the gifts sold, how many came by a link that is known. Empty where none was sold."""
    if of_all <= 0 or not 0 <= by_links <= of_all:
        return ""
    words = ngettext(
        "%(known)s of %(count)s gift came by a link we know.",
        "%(known)s of %(count)s gifts came by a link we know.",
        of_all,
    )
    return words % {"known": number(by_links), "count": number(of_all)}
