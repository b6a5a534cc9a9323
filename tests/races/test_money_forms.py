"""Each form about money is sent twice in the same moment: one is done, the other is told so, none fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.payments.models import Payment
from giftshop.refunds.ask import ask
from giftshop.refunds.models import Dispute, Refund
from redemption.audit.actors import SYSTEM
from redemption.models import Device, StaffMember
from tests.cast import make_user
from tests.giftshop.studio.refunds.test_order_money import enjoy, version
from tests.races.crowd import at_once
from tests.races.test_money_back import Round, Table, double, table

__all__ = ["double", "table"]
pytestmark = pytest.mark.django_db(transaction=True)
Post = tuple[str, dict[str, str]]


@pytest.fixture
def browsers(brand: Brand) -> list[Client]:
    made = []
    for role in ("owner", "finance"):
        made.append(Client())
        made[-1].force_login(make_user(brand, f"{role}@spoon.example", role))
    return made


def send_both(browsers: list[Client], post: Post) -> list[int]:
    answers: list[Any] = [None, None]

    def send(number: int) -> None:
        try:
            answers[number] = browsers[number].post(*post)
        finally:
            connection.close()

    at_once(send, 2)
    return sorted(answer.status_code for answer in answers)


def refund(one: Round, money: str, browsers: list[Client], **_: Any) -> Post:
    address = f"{money}orders/{one.order.pk}/"
    seen = version(browsers[0], address)
    return f"{address}refund/", {"gift-1": "on", "reason": "asked", "version": seen}


def decision(one: Round, money: str, device: Device, cashier: StaffMember, **_: Any) -> Post:
    one.table.brand.void_limit = 100
    one.table.brand.save()
    enjoy(one.gift, device, cashier)
    made = ask(
        order=one.order,
        amounts={one.gift.pk: None},
        origin=Refund.Origin.BRAND,
        actor=one.table.manager,
        reason="cold",
        now=timezone.now(),
        goodwill=True,
    )
    return f"{money}refunds/{made.pk}/decision/", {"decision": "approved"}


def notice(one: Round, money: str, **_: Any) -> Post:
    one.table.double.faults(refunds="failed")
    made = ask(
        order=one.order,
        amounts={one.gift.pk: None},
        origin=Refund.Origin.SENDER,
        actor=SYSTEM,
        reason="",
        now=timezone.now(),
    )
    one.send()
    return f"{money}refunds/{made.pk}/notice/", {}


def clearance(one: Round, money: str, **_: Any) -> Post:
    one.table.double.issuer.warn(one.session)
    one.hear()
    row = Payment.objects.get(order=one.order).fraud_warnings.get()
    return f"{money}warnings/{row.pk}/clearance/", {"reason": "a regular"}


def which_gifts(one: Round, money: str, browsers: list[Client], **_: Any) -> Post:
    one.table.double.dashboard.refund(one.session, amount=650)
    one.hear()
    address = f"{money}refunds/{Refund.objects.get().pk}/gifts/"
    return address, {"gift-1": "on", "version": version(browsers[0], address)}


def which_lost(one: Round, money: str, browsers: list[Client], **_: Any) -> Post:
    dispute = one.table.double.issuer.dispute(one.session, amount=650)
    one.table.double.issuer.close_dispute(dispute["id"], "lost")
    one.hear()
    address = f"{money}disputes/{Dispute.objects.get().pk}/gifts/"
    return address, {"gift-1": "on", "version": version(browsers[0], address)}


def answer(one: Round, money: str, **_: Any) -> Post:
    one.table.double.issuer.dispute(one.session)
    one.hear()
    return f"{money}disputes/{Dispute.objects.get().pk}/", {"uncategorized_text": "Ours."}


def withdrawal(one: Round, **_: Any) -> Post:
    return f"/orders/{one.order.link_token()}/withdrawal/", {"gifts": str(one.gift.pk)}


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (refund, {302, 409, 422}),
        (decision, {302, 409}),
        (notice, {302, 409}),
        (clearance, {302, 409}),
        (which_gifts, {302, 409, 422}),
        (which_lost, {302, 409, 422}),
        (answer, {302, 409}),
        (withdrawal, {303}),
    ],
)
def test_a_form_sent_twice_at_once_is_done_once(
    table: Table,
    brand: Brand,
    browsers: list[Client],
    device: Device,
    cashier: StaffMember,
    make: Callable[..., Post],
    told: set[int],
) -> None:
    one = table.lay("Cleo")
    money = f"/studio/{brand.slug}/money/"
    with scope(brand=brand):
        post = make(one, money=money, browsers=browsers, device=device, cashier=cashier)
    answers = send_both(browsers, post)
    assert set(answers) <= told
    assert answers[0] in {302, 303}
