"""The page on which a sender takes gifts back, and what the order's page says of money that goes back."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.orders.models import Gift, Order
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund, RefundLine
from redemption.models import Device
from redemption.redeem.redeem import redeem
from tests.cast import Place, line, pay, symbols

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def order(place: Place, treat: Any) -> Order:
    """Three gifts, paid."""
    made = pay(place(lines=[line(treat, name) for name in ("Ben", "Cleo", "Dora")]))
    Payment.objects.create(
        brand=made.brand,
        order=made,
        attempt=1,
        state=Payment.State.PAID,
        amount=made.total,
        currency=made.currency,
        opened_at=made.paid_at,
        asked_at=made.paid_at,
        expires_at=made.paid_at,
        settled_at=made.paid_at,
    )
    return made


@pytest.fixture
def gifts(order: Order) -> list[Gift]:
    with scope(brand=order.brand):
        return list(order.gifts.with_everything())


def address(order: Order) -> str:
    return f"/orders/{order.link_token()}/withdrawal/"


def order_page(order: Order, **asked: Any) -> Any:
    return Client().get(f"/orders/{order.link_token()}/", **asked)


def confirm(order: Order, *gifts: Gift | str) -> Any:
    ticked = [str(getattr(gift, "pk", gift)) for gift in gifts]
    return Client(enforce_csrf_checks=True).post(address(order), {"gifts": ticked})


def refunds(order: Order) -> list[Refund]:
    with scope(brand=order.brand):
        return list(Refund.objects.filter(payment__order=order))


def test_a_look_changes_nothing_and_ticks_all(order: Order, gifts: list[Gift]) -> None:
    assert "Each until it is opened." in order_page(order).content.decode()
    page = Client().get(address(order))
    told = page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert told.count(" checked") == 3
    assert "$19.50" in told
    assert "amy@senders.example" in told
    assert order.number in told
    assert refunds(order) == []


def test_the_sum_follows_what_is_ticked(order: Order, gifts: list[Gift]) -> None:
    asked = {"gifts": [str(gifts[0].pk), str(gifts[2].pk), "no-gift"]}
    part = Client().get(address(order), asked, headers=HTMX).content.decode()
    assert "$13.00" in part
    assert "<html" not in part


def test_one_of_three_goes_back_once_however_often_it_is_sent(
    order: Order, gifts: list[Gift]
) -> None:
    for _twice in range(2):
        answer = confirm(order, gifts[0])
        assert (answer.status_code, answer["Location"][-7:]) == (303, "/#money")
    (refund,) = refunds(order)
    assert (refund.origin, refund.amount) == (Refund.Origin.SENDER, 650)
    told = order_page(order).content.decode()
    assert "$6.50 goes back to you" in told
    assert "For Ben. Asked for" in told
    left = Client().get(address(order)).content.decode()
    assert left.count(" checked") == 2
    assert "Its money is going back already." in left


@pytest.mark.parametrize("ticked", [[], ["nonsense"], ["0" * 5000]])
def test_what_can_not_be_is_said_at_the_gifts(
    order: Order, gifts: list[Gift], ticked: list[str]
) -> None:
    answer = confirm(order, *ticked, *([gifts[0]] if ticked else []))
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was taken back yet" in told
    assert ("Tick at least one gift." in told) == (not ticked)
    assert refunds(order) == []


def test_a_gift_that_is_used_meanwhile_is_named_and_the_rest_stays_ticked(
    order: Order, gifts: list[Gift], device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the page and the act, in the same request."""
    from giftshop.order_page import withdrawal

    judged = withdrawal.withdraw.withdraw

    def late(**asked: Any) -> Refund:
        assert gifts[1].code
        redeem(device=device, text=symbols(gifts[1].code), key="k", picks={"flavour": "mint"})
        return judged(**asked)

    monkeypatch.setattr(withdrawal.withdraw, "withdraw", late)
    answer = confirm(order, *gifts)
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "The gift for Cleo: It was used, if only in part." in told
    assert told.count(" checked") == 2
    assert refunds(order) == []


def test_where_the_law_gives_the_words_they_are_the_laws(order: Order) -> None:
    Brand.objects.update(country="DE")
    assert "Withdraw from contract here" in order_page(order).content.decode()
    assert "Confirm withdrawal" in Client().get(address(order)).content.decode()
    german = Client(headers={"Accept-Language": "de"})
    assert "Vertrag widerrufen" in german.get(f"/orders/{order.link_token()}/").content.decode()
    assert "Widerruf bestätigen" in german.get(address(order)).content.decode()


def test_nothing_is_offered_once_its_time_is_over(order: Order, gifts: list[Gift]) -> None:
    with scope(brand=order.brand):
        Gift.objects.update(opened_at=timezone.now())
    assert "withdrawal/" not in order_page(order).content.decode()
    told = Client().get(address(order)).content.decode()
    assert "nothing here that can be taken back" in told
    assert "It was opened." in told
    assert confirm(order, gifts[0]).status_code == 409


def test_what_went_back_in_another_tab_is_named(order: Order, gifts: list[Gift]) -> None:
    confirm(order, gifts[0])
    answer = confirm(order, gifts[0], gifts[1])
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "The gift for Ben: Its money is going back already." in told
    assert told.count(" checked") == 1
    assert len(refunds(order)) == 1


def made(order: Order, gift: Gift | None, state: str, at: datetime, **more: Any) -> UUID:
    over = state not in Refund.OPEN
    with scope(brand=order.brand):
        refund = Refund.objects.create(
            brand=order.brand,
            payment=Payment.objects.get(order=order),
            state=state,
            amount=650,
            currency="USD",
            asked_at=at,
            over_at=at if over else None,
            succeeded_at=at if state in ("succeeded", "returned") else None,
            **{"origin": "brand", **more},
        )
        RefundLine.objects.create(refund=refund, gift=gift, amount=650)
    return refund.pk


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        ("pending", {}, ["$6.50 is on its way back to you", "For Ben."]),
        ("succeeded", {}, ["$6.50 was sent back to you", "five to ten days"]),
        ("failed", {}, ["$6.50 could not be sent back", "good as before"]),
        ("returned", {}, ["$6.50 came back from your bank", "will write to you"]),
        ("succeeded", {"origin": "payment"}, ["did not fit this order", "costs $19.50"]),
        ("succeeded", {"origin": "recipient"}, ["Your gift to Ben could not be used."]),
        (
            "succeeded",
            {"origin": "recipient", "may_tell_sender": True},
            ["Ben gave your gift back"],
        ),
        ("waiting", {}, []),
        ("declined", {}, []),
    ],
)
def test_each_state_of_money_is_said_with_amount_and_moment(
    order: Order, gifts: list[Gift], state: str, more: dict[str, Any], said: list[str]
) -> None:
    at = timezone.now() - timedelta(days=400)
    made(order, None if more.get("origin") == "payment" else gifts[0], state, at, **more)
    told = order_page(order).content.decode()
    assert [words for words in said if words not in told] == []
    assert (f"{at.year}" in told) == bool(said)
    assert ("money-back" in told) == bool(said)


def test_money_that_moved_is_said_once(order: Order, gifts: list[Gift]) -> None:
    before = order_page(order).context["version"]
    confirm(order, gifts[0])
    part = order_page(order, data={"seen": before}, headers=HTMX).content.decode()
    assert re.findall(r"<(\w+)[^>]* data-say", part) == ["p"]


def test_they_stay_within_their_queries(
    order: Order, gifts: list[Gift], django_assert_max_num_queries: Any
) -> None:
    confirm(order, gifts[0])
    with django_assert_max_num_queries(8):
        order_page(order)
    with django_assert_max_num_queries(7):
        Client().get(address(order))
