"""A menu that is downloaded and uploaded as it is changes nothing, whatever is on it."""

import io
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brands.models import Brand
from core import money
from giftshop.catalog.contents import RULED_OUT_BY, Allergen, Contents, DietMark, in_order
from giftshop.catalog.models import Treat
from giftshop.sheets import read
from giftshop.sheets.table import table
from giftshop.studio.catalog.changes import add_treat, archive_treat
from giftshop.studio.catalog.contents import say_contents
from giftshop.studio.catalog.facts import GroupFacts, SizeFacts, TreatFacts
from giftshop.studio.catalog.stores import say_stores
from giftshop.studio.sheet import files
from giftshop.studio.sheet.plan import State, make_plan
from redemption.audit.actors import SYSTEM
from tests.cast import make_brand, make_store

pytestmark = pytest.mark.django_db

LETTERS = st.characters(categories=("L", "N", "P", "S"), exclude_characters="+")
BEGINNINGS = st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "''+", "0", "1.234", "2026-02-01"])


def line(most: int) -> st.SearchStrategy[str]:
    """A name as a form leaves it, which may begin like a formula, a number or a day."""
    return st.builds(
        lambda beginning, word: f"{beginning}{word}"[:most],
        BEGINNINGS,
        st.text(LETTERS, max_size=8),
    ).filter(lambda text: bool(text.strip()))


NAME = line(20)
SAID = st.fixed_dictionaries({}, optional={"de": st.fixed_dictionaries({"name": NAME})})


@st.composite
def contents(draw: st.DrawFn) -> Contents:
    allergens = draw(st.none() | st.sets(st.sampled_from(Allergen.values), max_size=3))
    ruled_out = set(allergens or ()) & {each for one in RULED_OUT_BY.values() for each in one}
    marks = [mark for mark in DietMark.values if not (ruled_out and mark in RULED_OUT_BY)]
    diet = draw(st.lists(st.sampled_from(marks), max_size=2, unique=True))
    return Contents(None if allergens is None else tuple(in_order(allergens)), tuple(diet))


@st.composite
def of_any_amount(draw: st.DrawFn) -> TreatFacts:
    suggested = draw(st.sets(st.integers(50, 2000), max_size=4))
    size = SizeFacts(
        name="",
        amount=500,
        most=draw(st.integers(20000, 90000)),
        suggested=tuple(sorted(one * 10 for one in suggested)),
    )
    return TreatFacts(name=draw(NAME), sizes=(size,), translations=draw(SAID))


@st.composite
def groups(draw: st.DrawFn) -> GroupFacts:
    labels = draw(st.lists(NAME, min_size=1, max_size=3, unique=True))
    extras = draw(st.lists(st.integers(0, 2000), min_size=len(labels), max_size=len(labels)))
    least = draw(st.integers(0, len(labels)))
    return GroupFacts(
        name=draw(NAME),
        min_picks=least,
        max_picks=max(1, least),
        options=tuple(zip(labels, extras, strict=True)),
        translations=draw(SAID),
        option_translations=tuple({"de": {"label": f"{at} de"}} for at in range(len(labels))),
    )


@st.composite
def treats(draw: st.DrawFn) -> TreatFacts:
    names = draw(st.lists(NAME, min_size=1, max_size=3, unique_by=str.casefold))
    choices = draw(st.lists(groups(), max_size=2, unique_by=lambda group: group.name.casefold()))
    return TreatFacts(
        name=draw(NAME),
        description=draw(st.sampled_from(["", "Two\r\nlines", "- a dash", "\x0bodd"])),
        on_sale_from=draw(st.sampled_from([None, date(2020, 2, 1), date(2027, 3, 4)])),
        category=draw(st.sampled_from(["", "Ice", "@home"])),
        sizes=tuple(
            SizeFacts(name=name, amount=draw(st.integers(50, 2000)) * 10, translations=draw(SAID))
            for name in names
        ),
        groups=tuple(choices),
        translations=draw(SAID),
    )


def rows_of(content: bytes) -> list[Any]:
    return table(io.BytesIO(content), read.LIMITS)["rows"]  # type: ignore[no-any-return]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    menu=st.lists(treats() | of_any_amount(), min_size=1, max_size=3),
    data=st.data(),
    language=st.sampled_from(["en", "de"]),
    currency=st.sampled_from(["USD", "KWD", "IDR"]),
)
def test_what_is_downloaded_and_uploaded_changes_nothing(
    menu: list[TreatFacts], data: st.DataObject, language: str, currency: str
) -> None:
    with transaction.atomic():
        brand = make_brand("round-trip", currency=currency, languages=["en", "de"])
        with scope(brand=brand), translation.override(language):
            more: dict[str, Any] = {"by": SYSTEM, "now": timezone.now()}
            stores = [make_store(brand, slug, name=slug) for slug in ("all", "pike", "quay")]
            for facts in menu:
                archived = add_treat(brand=brand, facts=facts, **more)
                parts = 1 + sum(len(group.options) for group in facts.groups)
                said = data.draw(st.lists(contents(), min_size=parts, max_size=parts))
                say_contents(treat=archived, contents=said, **more)
                chosen = data.draw(st.lists(st.sampled_from(stores), max_size=2, unique=True))
                say_stores(treat=archived, where=chosen or None, **more)
            archive_treat(treat=archived, **more)
            for kind in (files.CSV, files.XLSX):
                rows = rows_of(files.menu(brand, kind))
                plan = make_plan(rows, brand=brand)
                assert plan.counts()[State.UNCHANGED] == len(rows) - 1, [
                    (treat.changes, line.faults) for treat, line in plan.lines()
                ]
                assert not any(treat.is_change for treat in plan.treats)
        transaction.set_rollback(True)


def test_the_example_makes_a_treat(brand: Brand) -> None:
    for kind in (files.CSV, files.XLSX):
        with scope(brand=brand):
            plan = make_plan(rows_of(files.example(brand, kind)), brand=brand)
            assert plan.counts() == {"new": 2, "changed": 0, "unchanged": 0, "refused": 0}
            [planned] = plan.treats
            assert planned.facts is not None
            assert [size.amount for size in planned.facts.sizes] == [450, 600]
            assert planned.facts.groups[0].options[2] == ("Raspberry", money.least_charge("USD"))
            assert not Treat.objects.exists(), "nothing is written"
