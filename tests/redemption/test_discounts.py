"""A discount is shared out to the last coin, and what was paid for parts never sums to more than was paid."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.money import coin, has_coins, is_chargeable, least_charge
from redemption import discounts

CURRENCIES = ("USD", "KRW", "JPY", "ISK", "KWD", "HUF")
currencies = st.sampled_from(CURRENCIES)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[str, list[int]]:
    """A currency, and amounts that can be charged in it."""
    currency = draw(currencies)
    step = coin(currency)
    least = -(-least_charge(currency) // step)
    coins = st.integers(least, least + draw(st.sampled_from([3, 1_000, 50_000])))
    return currency, [step * each for each in draw(st.lists(coins, min_size=1, max_size=20))]


@given(baskets(), st.integers(1, 99))
def test_the_parts_sum_to_the_discount_and_leave_a_coin_of_each(
    basket: tuple[str, list[int]], percent: int
) -> None:
    currency, amounts = basket
    total, step = sum(amounts), coin(currency)
    most = discounts.most_off(total, len(amounts), currency)
    wanted = discounts.percent_of(total, percent, currency)
    assert 0 <= wanted * 100 - total * percent < 100 * step  # rounded by less than a coin, upwards
    off = min(wanted, most)
    parts = discounts.spread(off, amounts, currency)
    assert sum(parts) == off
    for part, amount in zip(parts, amounts, strict=True):
        assert part % step == 0
        assert 0 <= part <= amount - step
        assert abs(part * total - off * amount) < step * total * 2  # as each costs, but for coins
    if most:
        assert is_chargeable(total - off, currency)


@given(baskets())
def test_alike_gifts_differ_by_a_coin_at_most(basket: tuple[str, list[int]]) -> None:
    currency, amounts = basket
    alike = [amounts[0]] * len(amounts)
    off = discounts.most_off(sum(alike), len(alike), currency)
    parts = discounts.spread(off, alike, currency)
    assert max(parts) - min(parts) <= coin(currency)


def test_what_can_not_be_spread_is_refused() -> None:
    for off in (100, 99, -1):
        with pytest.raises(ValueError, match="spread"):
            discounts.spread(off, [50, 50], "USD")
    with pytest.raises(ValueError, match="spread"):
        discounts.spread(55, [500, 500], "KWD")  # no coin of five fils


@pytest.mark.parametrize(
    ("currency", "total", "gifts", "most"),
    [
        ("USD", 1300, 2, 1250),
        ("USD", 50, 1, 0),
        ("KRW", 10_000, 1, 9_300),
        ("JPY", 400, 2, 350),
        ("ISK", 100_000, 1, 99_900),  # its coin is a hundred of the units that Stripe counts
        ("KWD", 5_000, 20, 4_800),  # ten fils for each
    ],
)
def test_something_is_left_to_pay(currency: str, total: int, gifts: int, most: int) -> None:
    assert discounts.most_off(total, gifts, currency) == most


def test_a_part_of_a_coin_is_the_senders() -> None:
    assert discounts.percent_of(1001, 15, "USD") == 151
    assert discounts.percent_of(999, 10, "JPY") == 100
    assert discounts.percent_of(12_340, 10, "KWD") == 1_240
    assert discounts.in_coins_up(1_255, "KWD") == 1_260


@st.composite
def gifts(draw: st.DrawFn) -> dict[str, Any]:
    """What a gift cost and what was taken off that, in coins of its currency."""
    currency = draw(currencies)
    coins = draw(st.integers(1, 10**10))
    off = draw(st.integers(0, coins - 1))
    step = coin(currency)
    return {"amount": coins * step, "discount": off * step, "currency": currency}


@given(gifts(), st.data())
def test_what_was_paid_for_parts_sums_to_what_was_paid(
    about: dict[str, Any], data: st.DataObject
) -> None:
    """Down to nothing, in any steps, each of which can be sent back."""
    left, paid = about["amount"], 0
    while left:
        after = data.draw(st.one_of(st.just(0), st.integers(0, left - 1)))
        moved = discounts.paid_of(left, **about) - discounts.paid_of(after, **about)
        assert moved >= 0
        if about["discount"]:
            assert has_coins(moved, about["currency"])
        paid, left = paid + moved, after
    assert paid == about["amount"] - about["discount"]


@given(gifts(), st.data())
def test_what_is_left_with_so_much_paid_was_paid_for_with_that(
    about: dict[str, Any], data: st.DataObject
) -> None:
    step = coin(about["currency"])
    left = data.draw(st.integers(0, about["amount"]))
    most = discounts.paid_of(left, **about)
    paid = step * data.draw(st.integers(0, most // step))
    after = discounts.left_with(paid, amount=about["amount"], discount=about["discount"])
    assert discounts.paid_of(after, **about) == paid
    assert after <= left
    assume(after > 0)
    assert discounts.paid_of(after - 1, **about) < paid
