"""An owner says what is in a treat and in each of its choices."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from core.bidi import isolated
from core.forms.version import check_version
from core.row_diff import Changes, Rows
from giftshop.catalog.contents import Contents, DietMark, names
from giftshop.catalog.models import Option, Treat
from giftshop.studio.catalog.changes import held, record_change
from giftshop.studio.catalog.parts import TABLES
from redemption.audit.actors import Actor


def options_of(treat: Treat) -> list[Option]:
    """In the order of the page. No query after `prefetch_related("option_groups__options")`."""
    return [option for group in treat.option_groups.all() for option in group.options.all()]


def contents_of(treat: Treat) -> list[Contents]:
    """Of the treat, then of each of its choices."""
    return [treat.contents, *(option.contents for option in options_of(treat))]


def kept(treat: Treat) -> list[Any]:
    """What a version of the page is made of: each choice by its name, too."""
    return said(treat, contents_of(treat))


def said(treat: Treat, contents: Sequence[Contents]) -> list[Any]:
    """The same, of what is wanted."""
    names = ["", *(f"{option.pk} {option.label}" for option in options_of(treat))]
    return [[name, each.allergens, each.diet] for name, each in zip(names, contents, strict=False)]


def faults(own: Contents, choices: Sequence[tuple[str, Contents]]) -> Iterator[tuple[int, str]]:
    """Marks that can't be, each also by what the other parts contain: of which part (0: the treat, then each
    of its choices, given with its name), and why in words."""
    parts = [own, *(contents for _label, contents in choices)]
    for at, each in enumerate(parts):
        yield from _ruled_out(at, each, _("Not “%(mark)s” if it contains: %(allergens)s."))
    for at, (label, each) in enumerate(choices, start=1):
        by_treat = Contents(own.allergens, each.diet)
        text = _("Not “%(mark)s”: the treat itself contains: %(allergens)s.")
        yield from _ruled_out(at, by_treat, text)
        by_choice = Contents(each.allergens, own.diet)
        text = _("Not “%(mark)s” with %(choice)s, which contains: %(allergens)s.")
        yield from _ruled_out(0, by_choice, text, choice=isolated(label))


def _ruled_out(at: int, contents: Contents, text: str, **more: str) -> Iterator[tuple[int, str]]:
    for mark, allergens in contents.ruled_out().items():
        yield at, text % {"mark": DietMark(mark).label, "allergens": names(allergens), **more}


def say_contents(
    *, treat: Treat, contents: Sequence[Contents], by: Actor, now: datetime, seen: str = ""
) -> bool:
    """Of the treat, then of each of its choices, see `contents_of`. Whether anything changed. Expects the
    brand's scope. `seen`: the version that whoever asks was shown; raises SavedSince where that is not the
    one kept."""
    with transaction.atomic():
        fresh = held(treat)
        prefetch_related_objects([fresh], "option_groups__options")
        check_version(seen, kept=kept(fresh), wanted=said(fresh, contents))
        rows = Rows()
        changes = put_contents(fresh, options_of(fresh), contents, rows)
        rows.write(*TABLES)
        if changes:
            record_change(fresh, by, now, changes)
    return bool(changes)


def put_contents(
    treat: Treat, options: Sequence[Option], contents: Sequence[Contents], rows: Rows
) -> Changes:
    """What differs, of the treat and of its choices, is put into the rows."""
    before = _told(treat, options)
    parts: list[Treat | Option] = [treat, *options]
    for row, each in zip(parts, contents, strict=True):
        if row.contents != each:
            allergens = None if each.allergens is None else list(each.allergens)
            rows.change(row, {"allergens": allergens, "diet": list(each.diet)})
    after = _told(treat, options)
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _told(treat: Treat, options: Sequence[Option]) -> dict[str, Any]:
    """As the audit log keeps it: of choices a list of [label, allergens, diet]."""
    return {
        "allergens": treat.allergens,
        "diet": treat.diet,
        "contents_of_choices": [
            [option.label, option.allergens, option.diet]
            for option in options
            if option.contents != Contents()
        ],
    }
