"""A discount is shared out to the last coin, and what was paid for parts never sums to more than was paid."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import coin, has_coins, in_coins, is_chargeable, least_charge
from redemption import discounts
from redemption.models import Code

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
        assert has_coins(moved, about["currency"])
        paid, left = paid + moved, after
    assert paid == about["amount"] - about["discount"]


@given(gifts(), st.data())
def test_never_more_goes_back_than_was_paid(about: dict[str, Any], data: st.DataObject) -> None:
    """Uses, undone ones and refunds of parts in any order: what went back and what could go sum to what was
    paid for all that is not used, and to all that was paid once nothing is."""
    code = Code(balance=about["amount"], **about)
    paid, uses = code.amount - code.discount, list[int]()
    step = coin(code.currency)
    for act in data.draw(st.lists(st.sampled_from(["use", "undo", "refund"]), max_size=12)):
        if act == "use" and code.balance:
            uses.append(data.draw(st.one_of(st.integers(1, code.balance), st.just(1))))
            code.balance -= uses[-1]
        elif act == "undo" and uses:
            code.balance += uses.pop(data.draw(st.integers(0, len(uses) - 1)))
        elif act == "refund" and code.paid_left > step:
            sent = step * data.draw(st.integers(1, code.paid_left // step - 1))
            assert code.takes(sent) == sent
            before, code.balance = code.paid_left, code.left_without(sent)
            code.paid_back += sent
            assert code.balance > 0
            assert code.paid_left == before - sent
        unused = code.amount - sum(uses)
        assert code.paid_left >= 0
        assert has_coins(code.paid_left, code.currency)
        assert not code.balance or code.paid_back + code.paid_left == in_coins(
            unused * paid // code.amount, code.currency
        )
    code.balance += sum(uses)
    assert code.paid_back + code.paid_left == paid
    assert code.left_without(code.paid_left) == 0


@given(gifts(), st.data())
def test_less_is_never_worth_more(about: dict[str, Any], data: st.DataObject) -> None:
    step, paid = coin(about["currency"]), about["amount"] - about["discount"]
    back = step * data.draw(st.integers(0, paid // step - 1))
    most = about["amount"] - discounts.worth_of(
        back, amount=about["amount"], discount=about["discount"]
    )
    some, more = sorted(data.draw(st.tuples(st.integers(0, most), st.integers(0, most))))
    for_some, for_more, for_all = (
        discounts.paid_of(left, back=back, **about) for left in (some, more, most)
    )
    assert 0 <= for_some <= for_more <= for_all == paid - back
