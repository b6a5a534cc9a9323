"""What a hostile reader of the money pages found once: each was refused, told or allowed wrongly."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.refunds.ask import AskRefused, ask
from giftshop.refunds.models import Dispute, Refund
from redemption.audit.actors import SYSTEM
from redemption.codes.acts import ActRefused
from redemption.models import Account, Device, StaffMember
from redemption.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import Place, line, make_free_treat, symbols
from tests.giftshop.payments.conftest import session_of
from tests.giftshop.refunds.conftest import Hear, send_asked, states
from tests.giftshop.studio.refunds.test_dispute import dispute_it, send_written
from tests.giftshop.studio.refunds.test_order_money import enjoy, url, version
from tests.redemption.books import total

pytestmark = pytest.mark.usefixtures("in_brand")


def send_back(client: Client, paid: Payment, **form: str) -> int:
    told = {"reason": "asked", "version": version(client, url(paid)), **form}
    return client.post(url(paid, "refund/"), told).status_code


def test_a_warning_that_advises_a_refund_takes_one(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    double.issuer.warn(paid.charge_id)
    hear()
    with pytest.raises(ActRefused, match="held"):  # whoever paid may be a thief
        ask_for(paid, None)
    assert send_back(owner, paid, **{"gift-1": "on", "gift-2": "on"}) == 302
    send_asked()
    hear()
    assert states(paid.order) == [("voided", 0), ("voided", 0)]
    assert not paid.fraud_warnings.get().is_open


def test_an_inquiry_that_became_a_dispute_takes_a_second_answer(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    double.issuer.dispute(paid.charge_id, case="inquiry")
    hear()
    found = Dispute.objects.get()
    address = f"/studio/{paid.brand.slug}/money/disputes/{found.pk}/"
    page = owner.get(address).content.decode()
    assert "A bank asks about $13.00" in page
    assert "A bank asks about $13.00" in owner.get(address.split("disputes/")[0]).content.decode()
    assert owner.post(address, {"uncategorized_text": "Ours."}).status_code == 302
    assert "Nothing was taken from you." in owner.get(address).content.decode()
    assert owner.post(address, {"uncategorized_text": "Ours."}).status_code == 409
    send_written()
    double.issuer.escalate_inquiry(found.dispute_id)
    hear()
    page = owner.get(address).content.decode()
    assert "takes one more answer" in page
    assert owner.post(address, {"uncategorized_text": "winning_evidence"}).status_code == 302
    send_written()
    hear()
    found.refresh_from_db()
    assert (found.status, bool(found.answered_at)) == ("won", True)


def test_a_last_day_is_no_nought_days(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    _found, address = dispute_it(double, paid, hear)
    Dispute.objects.update(due_by=timezone.now() + timedelta(hours=5))
    for page in (address, address.split("disputes/")[0]):
        told = owner.get(page).content.decode().lower()
        assert "less than a day left" in told
        assert "0 days left" not in told


def test_goodwill_in_parts_takes_a_second_person_too(
    paid: Payment, owner: Client, gifts: list[Gift], device: Device, cashier: StaffMember
) -> None:
    paid.brand.void_limit = 500
    paid.brand.save()
    for gift in gifts:
        enjoy(gift, device, cashier, key=f"k{gift.position}")
    given = []
    for part in ({"amount-1": "3"}, {"amount-1": "1.50"}, {"amount-2": "0.60"}):
        assert send_back(owner, paid, goodwill="on", **part) == 302
        send_asked()
        given.append(Refund.objects.latest("asked_at", "pk").state)
    assert given == ["succeeded", "succeeded", "waiting"]
    assert total(Account.GOODWILL_EXPENSE) == 450


def test_a_part_is_told_as_a_part(
    double: StripeDouble, brand: Brand, place: Place, owner: Client, client: Client
) -> None:
    paid = pay_an_amount(double, brand, place, 2_000)
    order = paid.order
    address = f"/orders/{order.link_token()}/"
    assert send_back(owner, paid, **{"amount-1": "5"}) == 302
    told = client.get(address).content.decode()
    assert "A part goes back" in told
    assert "$5.00 goes back to you, $15.00 stays on the gift." in told
    assert "Cancelled" not in told
    send_asked()
    assert states(order) == [("active", 1_500)]
    assert "Cancelled" not in client.get(address).content.decode()
    assert send_back(owner, paid, **{"gift-1": "on"}) == 302
    send_asked()
    told = client.get(address).content.decode()
    assert "The rest went back" in told
    assert "$15.00 was sent back to you." in told


def pay_an_amount(
    double: StripeDouble, brand: Brand, place: Place, given: int, **treat: Any
) -> Payment:
    order = place(lines=[line(make_free_treat(brand, **treat), given=given)])
    checkout_session.open_page(order=order)
    paid = Payment.objects.get(order=order)
    double.pay(session_of(paid))
    settle.settle(session_id=session_of(paid))
    paid.refresh_from_db()
    return paid


def test_coins_that_stripe_does_not_count_go_nowhere(
    double: StripeDouble, brand: Brand, place: Place, owner: Client, device: Device
) -> None:
    brand.currency = "KWD"
    brand.save(update_fields=["currency"])
    amounts = {"amount": 1_000, "most": 50_000, "suggested": [5_000, 10_000, 20_000]}
    paid = pay_an_amount(double, brand, place, 10_000, **amounts)
    page = owner.post(
        url(paid, "refund/"),
        {"reason": "r", "amount-1": "1.2550", "version": version(owner, url(paid))},
    )
    assert (page.status_code, "This currency takes no such coins" in page.content.decode()) == (
        422,
        True,
    )
    with pytest.raises(AskRefused, match="no_coins"):
        ask_for(paid, 1_255)
    gift = paid.order.gifts.with_everything().get()
    assert gift.code
    spent = redeem.redeem(device=device, text=symbols(gift.code), key="k", amount=1_255)
    assert spent.redeemed
    assert send_back(owner, paid, **{"amount-1": "2.5"}) == 302
    send_asked()
    assert send_back(owner, paid, **{"gift-1": "on"}) == 302
    send_asked()
    rows = Refund.objects.order_by("asked_at", "pk").values_list("amount", "state")
    assert list(rows) == [(2_500, "succeeded"), (6_240, "succeeded")]
    assert states(paid.order) == [("voided", 0)]  # what no coin can be sent of is breakage


def ask_for(paid: Payment, amount: int | None) -> Refund:
    return ask(
        order=paid.order,
        amounts={gift.pk: amount for gift in paid.order.gifts.all()},
        origin=Refund.Origin.SENDER,
        actor=SYSTEM,
        reason="mine",
        now=timezone.now(),
    )
