"""What an owner reads about a dispute fits how it stands: who only asks takes no money yet, and what is
settled may have taken it."""

from datetime import datetime

import pytest
from django.core import mail
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds.emails import _words_of_dispute
from giftshop.refunds.models import Dispute, Refund
from giftshop.refunds.notify import tell_owners_of_refund

Status, State, Origin = Dispute.Status, Refund.State, Refund.Origin


def then(status: Status, due_by: datetime | None = None) -> str:
    """What is to be done, as the letter has it."""
    brand = Brand(name="Frosty Spoon")
    payment = Payment(order=Order(brand=brand))
    case = Dispute(
        brand=brand, payment=payment, status=status, amount=650, currency="USD", due_by=due_by
    )
    return _words_of_dispute(case).then


def test_an_inquiry_threatens_with_no_loss() -> None:
    soon = timezone.now()
    assert "it can become a dispute" in then(Status.INQUIRY, soon)
    assert "the money is lost" in then(Status.NEEDS_RESPONSE, soon)


@pytest.mark.parametrize("status", [Status.INQUIRY, Status.NEEDS_RESPONSE])
def test_without_a_day_none_is_named(status: Status) -> None:
    assert then(status).startswith("Answer soon: ")


def test_what_was_settled_is_not_said_to_need_nothing() -> None:
    assert "nothing for you to do" in then(Status.INQUIRY_CLOSED)
    assert "nothing for you to do" not in then(Status.PREVENTED)


def test_owners_hear_of_what_did_not_fit_and_of_what_did_not_arrive(
    in_brand: Brand, paid: Payment, owner: User
) -> None:
    """And of nothing else that goes back."""
    for origin in (Origin.PAYMENT, Origin.SENDER):
        for state in (State.PENDING, State.SUCCEEDED, State.RETURNED):
            tell_of(paid, origin, state)
    subjects = [letter.subject for letter in mail.outbox if letter.to == [owner.email]]
    assert [subject.split()[0] for subject in subjects] == ["A", "Money", "Money"]


def tell_of(payment: Payment, origin: Origin, state: State) -> None:
    now = timezone.now()
    is_over = state != State.PENDING
    row = Refund.objects.create(
        brand=payment.brand,
        payment=payment,
        origin=origin,
        state=state,
        amount=650,
        currency="USD",
        asked_at=now,
        succeeded_at=now if is_over else None,
        over_at=now if is_over else None,
    )
    told = {"refund_id": str(row.pk)}
    tell_owners_of_refund(Message(topic=Topic.REFUND_MOVED, brand_id=row.brand_id, payload=told))
    row.delete()


def test_each_status_has_words_of_its_own() -> None:
    assert len({then(status, timezone.now()) for status in Status}) >= len(Status) - 1
