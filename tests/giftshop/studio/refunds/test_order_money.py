"""An order's money in the studio: what can go back, in whose words it is refused, and who decides."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund
from redemption.models import Device, Hold, StaffMember
from redemption.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import symbols
from tests.giftshop.refunds.conftest import Hear, send_asked, states

pytestmark = pytest.mark.usefixtures("in_brand")


def url(paid: Payment, act: str = "") -> str:
    return f"/studio/{paid.brand.slug}/money/orders/{paid.order_id}/{act}"


def version(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found, page
    return found[1]


def enjoy(gift: Gift, device: Device, staff: StaffMember, key: str = "k") -> None:
    assert gift.code
    answer = redeem.redeem(
        device=device, text=symbols(gift.code), key=key, picks={"flavour": "mint"}, staff=staff
    )
    assert answer.redeemed


def test_ticked_gifts_go_back_once_however_often_it_is_sent(
    paid: Payment, owner: Client, hear: Hear
) -> None:
    form = {"gift-1": "on", "reason": "wrong friend", "version": version(owner, url(paid))}
    assert owner.post(url(paid, "refund/"), form).status_code == 302
    again = owner.post(url(paid, "refund/"), form)
    assert again.status_code in {409, 422}
    send_asked()
    asked = Refund.objects.get()
    assert (asked.origin, asked.amount, asked.state) == ("brand", 650, "succeeded")
    assert [state for state, _left in states(paid.order)] == ["voided", "active"]


def test_what_is_wrong_is_said_in_one_round(paid: Payment, owner: Client) -> None:
    page = owner.post(url(paid, "refund/"), {}).content.decode()
    assert "Tick the gifts whose money goes back." in page
    assert "Say why, in a few words." in page


def test_an_older_tab_sends_nothing(
    paid: Payment, owner: Client, gifts: list[Gift], device: Device, cashier: StaffMember
) -> None:
    seen = version(owner, url(paid))
    enjoy(gifts[1], device, cashier)
    answer = owner.post(url(paid, "refund/"), {"gift-1": "on", "reason": "late", "version": seen})
    assert answer.status_code == 409
    assert "Something about this order moved meanwhile" in answer.content.decode()
    assert not Refund.objects.exists()


def test_goodwill_above_the_limit_waits_for_a_second_person(
    paid: Payment,
    owner: Client,
    member: Callable[[str], Client],
    gifts: list[Gift],
    device: Device,
    cashier: StaffMember,
) -> None:
    paid.brand.void_limit = 500
    paid.brand.save()
    enjoy(gifts[0], device, cashier)
    form = {"gift-1": "on", "reason": "it was cold", "version": version(owner, url(paid))}
    refused = owner.post(url(paid, "refund/"), form)
    assert "What was used goes back only as goodwill" in refused.content.decode()
    assert owner.post(url(paid, "refund/"), {**form, "goodwill": "on"}).status_code == 302
    asked = Refund.objects.get()
    assert (asked.state, asked.is_goodwill) == ("waiting", True)
    decision = f"/studio/{paid.brand.slug}/money/refunds/{asked.pk}/decision/"
    assert owner.post(decision, {"decision": "approved"}).status_code == 409
    assert member("finance").post(decision, {"decision": "approved"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_which_gifts_a_part_was_for_is_chosen(
    paid: Payment, owner: Client, sdk: Any, hear: Hear
) -> None:
    sdk.v1.refunds.create({"payment_intent": paid.payment_intent_id, "amount": 650})
    hear()
    row = Refund.objects.get()
    listed = owner.get(f"/studio/{paid.brand.slug}/money/").content.decode()
    assert "For which gifts was $6.50?" in listed
    address = f"/studio/{paid.brand.slug}/money/refunds/{row.pk}/gifts/"
    seen = version(owner, address)
    too_much = {
        "gift-1": "on",
        "amount-1": "6.50",
        "gift-2": "on",
        "amount-2": "1",
        "version": seen,
    }
    assert "Together that is more" in owner.post(address, too_much).content.decode()
    assert owner.post(address, {"gift-2": "on", "version": seen}).status_code == 302
    assert [state for state, _left in states(paid.order)] == ["active", "voided"]


def test_a_gift_can_be_chosen_though_a_bank_took_it_later(
    paid: Payment, owner: Client, sdk: Any, hear: Hear, double: StripeDouble
) -> None:
    sdk.v1.refunds.create({"payment_intent": paid.payment_intent_id, "amount": 650})
    lost = double.issuer.dispute(paid.charge_id)
    double.issuer.close_dispute(lost["id"], "lost")
    hear()
    row = Refund.objects.get()
    address = f"/studio/{paid.brand.slug}/money/refunds/{row.pk}/gifts/"
    page = owner.get(address).content.decode()
    assert page.count("$6.50 left on it until the bank took it") == 2
    seen = version(owner, address)
    form = {"gift-2": "on", "amount-2": "6.51", "version": seen}
    assert "It was for at most $6.50 of it." in owner.post(address, form).content.decode()
    assert owner.post(address, {"gift-2": "on", "version": seen}).status_code == 302
    assert [(line.gift_id, line.goodwill) for line in row.lines.all()] == [
        (paid.order.gifts.get(position=2).pk, 0)
    ]


def test_a_warning_is_set_aside_with_a_reason(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    double.issuer.warn(paid.charge_id)
    hear()
    row = paid.fraud_warnings.get()
    address = f"/studio/{paid.brand.slug}/money/warnings/{row.pk}/clearance/"
    assert owner.post(address, {}).status_code == 422
    assert owner.post(address, {"reason": "a regular"}).status_code == 302
    assert not Hold.objects.open().exists()


def test_what_was_not_sent_waits_until_it_is_put_aside(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    double.faults(refunds="failed")
    form = {"gift-1": "on", "reason": "no", "version": version(owner, url(paid))}
    owner.post(url(paid, "refund/"), form)
    send_asked()
    row = Refund.objects.get()
    assert row.state == Refund.State.FAILED
    listed = f"/studio/{paid.brand.slug}/money/"
    assert "$6.50 could not be sent back" in owner.get(listed).content.decode()
    owner.post(f"/studio/{paid.brand.slug}/money/refunds/{row.pk}/notice/")
    assert "could not be sent back" not in owner.get(listed).content.decode()


def test_a_reader_sees_the_money_and_nobody_s_name(
    paid: Payment, member: Callable[[str], Client]
) -> None:
    page = member("reader").get(url(paid)).content.decode()
    assert "$13.00" in page
    assert not [word for word in ("Amy", "Ben", "Send money back") if word in page]
    assert member("marketer").get(url(paid)).status_code == 404
