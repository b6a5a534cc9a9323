"""Why the product acts by itself is read in one's own language: each such reason is one of the list."""

import ast

import pytest
from django.utils import translation

from redemption.codes.own_reasons import OwnReason
from redemption.redeem.reversal_reasons import QuickReason, in_words
from tests.server import ROOT


def spelled_out(source: str) -> list[int]:
    """The lines where a reason is given as a text of its own."""
    return [
        word.value.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "reason"
        and (
            isinstance(word.value, ast.JoinedStr)
            or (isinstance(word.value, ast.Constant) and word.value.value)
        )
    ]


def test_none_is_spelled_out_where_gifts_are_acted_on() -> None:
    assert spelled_out('hold(reason="stolen")\nhold(reason=f"{why}")\nhold(reason=said)') == [1, 2]
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("redemption/codes", "redemption/redeem", "giftshop/refunds")
        for path in (ROOT / folder).rglob("*.py")
        for line in spelled_out(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_kept_reason_is_read_in_ones_own_language(language: str) -> None:
    with translation.override(language):
        for known in (*OwnReason, *QuickReason):
            assert in_words(known.value) not in {known.value, known.value.capitalize()}
    assert in_words("it melted") == "it melted"
