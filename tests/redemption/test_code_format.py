import itertools
import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redemption import code_format
from redemption.code_format import ALPHABET, MalformedCode

codes = st.text(ALPHABET, min_size=16, max_size=16).map(
    lambda data: data + code_format.check_symbol(data)
)


def test_a_code_has_sixteen_random_symbols_and_one_that_checks_them() -> None:
    code = code_format.generate()
    assert len(code) == 17
    assert code_format.check_symbol(code[:16]) == code[16]
    assert code_format.normalise(code) == code


def test_codes_carry_eighty_bits() -> None:
    assert len(ALPHABET) ** code_format.DATA_SYMBOLS == 2**80
    assert len({code_format.generate() for _ in range(2000)}) == 2000


def test_every_symbol_appears_in_every_place() -> None:
    seen = [set() for _ in range(16)]
    for _ in range(3000):
        for place, symbol in enumerate(code_format.generate()[:16]):
            seen[place].add(symbol)
    assert all(len(symbols) == 32 for symbols in seen)


def test_many_codes_are_made_by_the_rule_for_one() -> None:
    made = code_format.generate_many(2000)
    assert len(set(made)) == 2000
    for code in made:
        assert code_format.check_symbol(code[:16]) == code[16]
        assert code_format.normalise(code) == code
    for place in range(17):
        assert {code[place] for code in made} == set(ALPHABET)
    assert [len(code_format.generate_many(count)) for count in (0, 1, 3)] == [0, 1, 3]


@given(st.binary(min_size=48, max_size=48))
def test_many_codes_are_what_their_random_bytes_say(data: bytes) -> None:
    with patch.object(os, "urandom", return_value=data):
        made = code_format.generate_many(3)
    words = ["".join(ALPHABET[byte % 32] for byte in data[at : at + 16]) for at in (0, 16, 32)]
    assert made == [word + code_format.check_symbol(word) for word in words]


@given(codes)
def test_groups_spaces_and_lower_case_are_forgiven(code: str) -> None:
    assert code_format.normalise(code_format.grouped(code).lower()) == code
    assert code_format.normalise(f"  {' '.join(code)} ") == code


@given(codes)
def test_look_alikes_are_read_as_digits(code: str) -> None:
    typed = code.replace("0", "o").replace("1", "l")
    assert code_format.normalise(typed) == code
    assert code_format.normalise(code.replace("1", "I").replace("0", "O")) == code


@given(codes)
def test_any_single_wrong_symbol_is_found(code: str) -> None:
    for place, symbol in itertools.product(range(17), ALPHABET):
        if code[place] != symbol:
            with pytest.raises(MalformedCode):
                code_format.normalise(code[:place] + symbol + code[place + 1 :])


@given(codes)
def test_any_swap_of_neighbours_is_found(code: str) -> None:
    for place in range(16):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(MalformedCode):
                code_format.normalise(swapped)


@pytest.mark.parametrize("text", ["", "7Q4K", "U" * 17, "0" * 16, "0" * 18, "é" * 17, "\0" * 17])
def test_what_cannot_be_a_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedCode):
        code_format.normalise(text)


CASES = json.loads((Path(__file__).parent / "code_texts.json").read_text())
"""What is typed, pasted and scanned; the browser is asked the same (test_counter_in_browser.py)."""


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_code_is_read_out_of_what_people_and_scanners_put_around_it(case: dict[str, Any]) -> None:
    try:
        read = code_format.normalise(case["text"])
    except MalformedCode:
        read = None
    assert read == case["code"]


def test_groups_of_four_end_with_the_check_symbol() -> None:
    assert code_format.grouped("0123456789ABCDEFG") == "0123-4567-89AB-CDEF-G"
