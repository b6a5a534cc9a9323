"""What we say of a law names where it is written; of a country that we do not know we say nothing."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
from babel.core import get_global

from brands.models import Brand
from brands.policy.countries import EU, LAWS, REST_OF_EEA, law_of, shortest_validity
from brands.policy.law import READ_ON, GiftKind, Law, Page, Rule, days_of


def rules(law: Law) -> list[Rule[object]]:
    found: list[Rule[object]] = []
    for each in fields(law):
        value = getattr(law, each.name)
        found += [value] if isinstance(value, Rule) else []
        found += value.values() if isinstance(value, dict) else []
    return found


def test_each_rule_names_its_source_and_holds_already() -> None:
    said = [(law.country, rule) for law in LAWS.values() for rule in rules(law)]
    assert len(said) > 100
    assert [country for country, rule in said if len(rule.source) < 8] == []
    assert [country for country, rule in said if rule.since and rule.since > READ_ON] == []


def test_each_country_is_one_and_stands_under_its_own_name() -> None:
    assert {country: law.country for country, law in LAWS.items()} == {each: each for each in LAWS}
    assert set(LAWS) <= set(get_global("territory_currencies"))
    assert len(set(EU)) == 27


def test_each_fact_of_a_notice_is_a_column() -> None:
    columns = {field.name for field in Brand._meta.concrete_fields}
    assert {fact for law in LAWS.values() for fact in law.notice_facts} <= columns


@pytest.mark.parametrize(
    ("country", "paid", "withdrawal", "pages"),
    [
        ("US", 1827, None, {Page.PRIVACY}),
        ("DE", 1461, 14, set(Page)),
        ("FR", None, 14, set(Page)),
        ("IE", 1827, 14, set(Page)),
        ("GB", None, 14, {Page.LEGAL_NOTICE, Page.PRIVACY, Page.TERMS}),
        ("NZ", 1096, None, set()),
        ("AU", 1096, None, set()),
        ("KR", None, 7, {Page.LEGAL_NOTICE, Page.PRIVACY, Page.TERMS}),
        ("JP", None, None, set()),
        ("", None, None, set()),
    ],
)
def test_what_we_know(
    country: str, paid: int | None, withdrawal: int | None, pages: set[Page]
) -> None:
    law, floor = law_of(country), shortest_validity(country, GiftKind.PAID)
    assert (floor.value if floor else None) == paid
    assert (law.withdrawal_days.value if law.withdrawal_days else None) == withdrawal
    assert set(law.pages) == pages
    assert shortest_validity(country, GiftKind.GIVEN) is None, "a present has no floor"


def test_where_a_browser_is_asked_before_it_is_known_again() -> None:
    asking = {law.country for law in LAWS.values() if law.cookie_consent}
    assert asking == {*EU, *REST_OF_EEA, "GB"}
    assert [law_of(each).cookie_consent for each in ("US", "CH", "KR", "")] == [None] * 4
    own = law_of("DE").cookie_consent
    assert own is not None
    assert own.source.startswith("TDDDG")


@pytest.mark.parametrize("years", range(1, 12))
def test_so_many_days_are_never_fewer_than_so_many_years(years: int) -> None:
    longest = max(
        date(start.year + years, 3, 1) - start
        for start in (date(1999 + each, 3, 1) for each in range(30))
    )
    assert timedelta(days=days_of(years)) >= longest


def test_a_new_brand_is_lawful_everywhere() -> None:
    valid = Brand._meta.get_field("gift_valid_days").default
    assert all(rule.value <= valid for law in LAWS.values() for rule in law.valid_days.values())
