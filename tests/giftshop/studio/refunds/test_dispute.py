"""A dispute is answered once, with what is known of the payment, and followed until the bank has decided."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds import subscribers
from giftshop.refunds.models import Dispute
from redemption.audit.log import Act
from redemption.models import AuditEntry, Device, StaffMember
from redemption.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import symbols
from tests.giftshop.refunds.conftest import Hear, states

pytestmark = pytest.mark.usefixtures("in_brand")


def dispute_it(double: StripeDouble, paid: Payment, hear: Hear) -> tuple[Dispute, str]:
    double.issuer.dispute(paid.charge_id)
    hear()
    found = Dispute.objects.get()
    return found, f"/studio/{paid.brand.slug}/money/disputes/{found.pk}/"


def send_written() -> None:
    for message in Message.objects.filter(topic=Topic.EVIDENCE_WRITTEN):
        subscribers.send_evidence(message)


def test_what_is_known_is_gathered_sent_once_and_won(
    paid: Payment,
    owner: Client,
    gifts: list[Gift],
    double: StripeDouble,
    hear: Hear,
    device: Device,
    cashier: StaffMember,
) -> None:
    assert gifts[0].code
    redeem.redeem(
        device=device,
        text=symbols(gifts[0].code),
        key="k",
        picks={"flavour": "mint"},
        staff=cashier,
    )
    found, address = dispute_it(double, paid, hear)
    page = owner.get(address).content.decode()
    assert f"{found.days_left(timezone.now())} days left" in page
    form = {
        "customer_name": "Amy",
        "access_activity_log": "handed over at Pike Street",
        "uncategorized_text": "winning_evidence",
    }
    assert f"Gift {gifts[0].position} was handed over for its code, $6.50, at" in page
    assert cashier.name in page
    assert owner.post(address, form).status_code == 302
    assert owner.post(address, form).status_code == 409
    send_written()
    send_written()
    found.refresh_from_db()
    assert (found.status, found.evidence, bool(found.answered_at)) == ("won", {}, True)
    assert [state for state, _left in states(paid.order)] == ["redeemed", "active"]
    assert AuditEntry.objects.filter(act=Act.EVIDENCE_SENT).count() == 1


def test_what_stripe_does_not_take_can_be_changed_and_sent_again(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    found, address = dispute_it(double, paid, hear)
    Dispute.objects.filter(pk=found.pk).update(dispute_id="du_unknown")
    owner.post(address, {"uncategorized_text": "ours"})
    send_written()
    Dispute.objects.filter(pk=found.pk).update(dispute_id=found.dispute_id)
    found.refresh_from_db()
    assert found.answered_at is None
    page = owner.get(address).content.decode()
    assert "Stripe did not take your answer" in page
    assert "ours" in page
    assert owner.post(address, {"uncategorized_text": "winning_evidence"}).status_code == 302
    send_written()
    found.refresh_from_db()
    assert found.status == "won"


def test_after_its_day_no_answer_is_offered(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    found, address = dispute_it(double, paid, hear)
    Dispute.objects.filter(pk=found.pk).update(due_by=timezone.now() - timedelta(minutes=1))
    assert "The time to answer is over." in owner.get(address).content.decode()
    assert owner.post(address, {"uncategorized_text": "late"}).status_code == 409


def test_too_much_and_nothing_are_said(
    paid: Payment, owner: Client, double: StripeDouble, hear: Hear
) -> None:
    _found, address = dispute_it(double, paid, hear)
    assert "Say something to the bank." in owner.post(address, {}).content.decode()
    long = {"uncategorized_text": "x" * 20_001, "customer_email_address": "nobody"}
    page = owner.post(address, long)
    assert page.status_code == 422
    assert page.content.decode().count("field-error") == 2
