"""Refunds, lost disputes and voids take away, once each, of real orders; a credit is nothing given away."""

from datetime import timedelta
from uuid import uuid4

import pytest

from brands.models import Brand
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import Period
from campaigns.links import links
from campaigns.models import Fact, Link, Rollup
from giftshop.orders.models import Gift, Order
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute, Refund, RefundLine
from redemption.codes.credit import move_to_credit
from redemption.models import Code, Device
from redemption.redeem import redeem as redeem_code
from tests.campaigns.conftest import NOON, hear
from tests.cast import Place, pay, symbols

DAYS = Period(NOON.date() - timedelta(days=9), NOON.date() + timedelta(days=9))


@pytest.fixture
def order(in_brand: Brand, link: Link, place: Place) -> Order:
    """Amy followed the link and bought two gifts of 6.50; nine days later something happens."""
    links.follow(link=link, visitor_id="amy", now=NOON - timedelta(hours=1))
    return pay(place(visitor_id="amy", now=NOON), now=NOON)


@pytest.fixture
def payment(order: Order) -> Payment:
    return paid(order, Payment.State.PAID)


def paid(order: Order, state: str) -> Payment:
    return Payment.objects.create(
        brand=order.brand,
        order=order,
        attempt=Payment.objects.count() + 1,
        state=state,
        session_id=f"cs_{uuid4()}",
        amount=order.total,
        currency=order.currency,
        expires_at=NOON,
        opened_at=NOON,
        asked_at=NOON,
        settled_at=NOON,
    )


def refund(payment: Payment, state: str, *, amount: int = 650) -> Refund:
    return Refund.objects.create(
        brand=payment.brand,
        payment=payment,
        state=state,
        origin="brand",
        amount=amount,
        currency="USD",
        asked_at=NOON,
        asked_by_kind="user",
        asked_by_name="Nia",
        over_at=NOON,
        succeeded_at=NOON + timedelta(days=1),
        taken_at=NOON + timedelta(days=1),
    )


def moved(row: Refund | Dispute, state: str, *, after: int = 1) -> None:
    is_refund = isinstance(row, Refund)
    topic = Topic.REFUND_MOVED if is_refund else Topic.DISPUTE_MOVED
    told = {"refund_id" if is_refund else "dispute_id": str(row.pk)}
    payload = {**told, "state" if is_refund else "status": state}
    emit(topic=topic, brand_id=row.brand_id, payload=payload, now=NOON + timedelta(days=after))


def gifts(order: Order) -> list[Gift]:
    return list(Gift.objects.with_everything().filter(order=order))


def test_a_refund_takes_away_on_the_day_it_arrived_by_the_link_that_earned_it(
    order: Order, payment: Payment, link: Link
) -> None:
    moved(refund(payment, "succeeded"), "succeeded")
    hear()
    hear()
    assert figures_of(DAYS).revenue == figures_of(DAYS, link=link).revenue == 650
    day = (NOON + timedelta(days=1)).date()
    assert figures_of(Period(day, day)).revenue == -650
    assert figures_of(Period(day, day), campaign=link.campaign).went_back == 650


@pytest.mark.parametrize("heard_late", [True, False])
def test_a_refund_that_came_back_gives_again(
    order: Order, payment: Payment, heard_late: bool
) -> None:
    row = refund(payment, "succeeded")
    moved(row, "succeeded")
    if not heard_late:
        hear()
    row.state = "returned"
    row.save()
    moved(row, "returned", after=3)
    hear()
    figures = figures_of(DAYS)
    assert (figures.revenue, figures.went_back) == (1300, 0)
    topics = Fact.objects.filter(subject_id=row.pk).values_list("topic", "amount")
    assert dict(topics) == {"refund.arrived": -650, "refund.returned": 650}


def test_what_never_arrived_and_money_that_was_never_counted_take_nothing_away(
    order: Order, payment: Payment
) -> None:
    failed = refund(payment, "failed")
    Refund.objects.filter(pk=failed.pk).update(succeeded_at=None, taken_at=None)
    moved(failed, "failed")
    moved(refund(paid(order, Payment.State.REFUSED), "succeeded"), "succeeded")
    hear()
    assert figures_of(DAYS).revenue == 1300


@pytest.mark.parametrize(
    ("status", "took", "left"),
    [
        *(("lost", True, 0), ("won", True, 1300), ("needs_response", True, 1300)),
        # Settled before it became one: by giving the payer the money, or by an answer.
        *(("prevented", True, 0), ("prevented", False, 1300)),
    ],
)
def test_only_a_dispute_that_took_the_money_for_good_takes_away(
    order: Order, payment: Payment, status: str, took: bool, left: int
) -> None:
    row = Dispute.objects.create(
        brand=order.brand,
        payment=payment,
        dispute_id="du_1",
        status=status,
        reason="fraudulent",
        amount=1300,
        currency="USD",
        opened_at=NOON,
        withdrawn_at=NOON if took else None,
        over_at=None if status == "needs_response" else NOON + timedelta(days=2),
    )
    moved(row, status)
    hear()
    assert figures_of(DAYS).revenue == left


def void(code: Code, *, after: int = 2) -> None:
    code.void(NOON + timedelta(days=after))


def test_a_voided_gift_is_no_sold_one_from_its_day_on_and_still_one_of_the_days_sales(
    order: Order, link: Link
) -> None:
    ben, _cleo = gifts(order)
    assert ben.code
    void(ben.code)
    hear()
    hear()
    figures = figures_of(DAYS, link=link)
    assert (figures.gifts_sold, figures.sold, figures.taken_back) == (1, 2, 1)
    sale = figures_of(Period(NOON.date(), NOON.date()))
    assert (sale.gifts_sold, sale.sold, sale.taken_back_of_sold) == (2, 2, 1)
    by_treat = Rollup.objects.seen_by(Rollup.Grain.TREAT).filter(treat=ben.treat)
    assert sum(row.gifts_sold for row in by_treat) == 1


def test_what_was_used_before_is_still_a_sold_gift(order: Order, device: Device) -> None:
    ben, _cleo = gifts(order)
    assert ben.code
    Code.objects.filter(pk=ben.code.pk).update(
        kind="value", picks={"size": ["regular"], "flavour": ["mint"]}
    )
    answer = redeem_code.redeem(
        device=device, text=symbols(ben.code), key="k", basket_total=400, now=NOON
    )
    assert answer.status_code == 201, answer.body
    void(Code.objects.get(pk=ben.code.pk))
    hear()
    figures = figures_of(DAYS)
    assert (figures.gifts_sold, figures.guests, figures.taken_back) == (2, 1, 0)


def test_a_gift_that_became_a_credit_is_not_taken_back_and_its_use_is_paid_for(
    order: Order, payment: Payment, device: Device
) -> None:
    ben, _cleo = gifts(order)
    assert ben.code_id
    credit = move_to_credit(
        code_id=ben.code_id, reference="credit:1", label="Credit", reason="given_back", now=NOON
    )
    made = Refund.objects.create(
        brand=order.brand,
        payment=payment,
        state="credited",
        origin="recipient",
        amount=650,
        currency="USD",
        asked_at=NOON,
        asked_by_kind="system",
        over_at=NOON,
        credit=credit,
    )
    RefundLine.objects.create(refund=made, gift=ben, amount=650)
    moved(made, "credited")
    answer = redeem_code.redeem(
        device=device, text=symbols(credit), key="k", basket_total=900, now=NOON
    )
    assert answer.status_code == 201, answer.body
    hear()
    figures = figures_of(DAYS)
    assert (figures.gifts_sold, figures.revenue, figures.taken_back) == (2, 1300, 0)
    assert (figures.redeemed, figures.given_away, figures.redeemed_of_sold) == (1, 0, 1)
