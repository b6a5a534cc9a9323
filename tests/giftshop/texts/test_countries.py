"""Each rule names what it was read from; without that it counts as none."""

from urllib.parse import urlsplit

import pytest

from giftshop.texts.countries import RULES, rule_of


@pytest.mark.parametrize("country", RULES)
def test_every_rule_names_its_sources(country: str) -> None:
    assert RULES[country].sources
    for source in RULES[country].sources:
        assert source.title in RULES[country].source
        assert urlsplit(source.address).hostname


def test_a_country_without_a_rule_takes_nobodys_word() -> None:
    unknown = rule_of("FR")
    assert not unknown.takes_senders_word
    assert unknown.source == ""


def test_where_a_source_says_otherwise_the_senders_word_does_not_count() -> None:
    """Austria's ministry calls each invitation to look at a website advertising."""
    assert not rule_of("AT").takes_senders_word
