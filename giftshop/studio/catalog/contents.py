"""An owner says what is in a treat and in each of its choices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from core.forms.version import check_version
from giftshop.catalog.contents import Contents
from giftshop.catalog.models import Option, Treat
from giftshop.studio.catalog.changes import held, record_change
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


def say_contents(
    *, treat: Treat, contents: Sequence[Contents], by: Actor, now: datetime, seen: str = ""
) -> bool:
    """Of the treat, then of each of its choices, see `contents_of`. Whether anything changed. Expects the
    brand's scope. `seen`: the version that whoever asks was shown; raises SavedSince where that is not the
    one kept."""
    with transaction.atomic():
        fresh = held(treat)
        check_version(seen, kept=kept(fresh), wanted=said(fresh, contents))
        before = _told(fresh)
        rows: list[Treat | Option] = [fresh, *options_of(fresh)]
        changed = [
            (row, each) for row, each in zip(rows, contents, strict=True) if row.contents != each
        ]
        for row, each in changed:
            row.allergens = None if each.allergens is None else list(each.allergens)
            row.diet = list(each.diet)
            row.save(update_fields=["allergens", "diet"])
        if changed:
            after = _told(fresh)
            record_change(
                fresh,
                by,
                now,
                {
                    name: [before[name], after[name]]
                    for name in after
                    if before[name] != after[name]
                },
            )
    return bool(changed)


def _told(treat: Treat) -> dict[str, Any]:
    """As the audit log keeps it: of choices a list of [label, allergens, diet]."""
    return {
        "allergens": treat.allergens,
        "diet": treat.diet,
        "contents_of_choices": [
            [option.label, option.allergens, option.diet]
            for option in options_of(treat)
            if option.contents != Contents()
        ],
    }
