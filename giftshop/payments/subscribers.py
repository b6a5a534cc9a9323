"""What must follow a payment once it is committed."""

from django_scopes import scopes_disabled

from giftshop.http.outside_calls import in_short
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.payments.stripe import refunds


@subscribe(Topic.PAYMENT_REFUSED, name="payments.send_back", queue=Queue.MONEY)
def send_back(message: Message) -> None:
    """Nothing was issued for this payment, so all of it goes back. Stripe's key makes it once."""
    with scopes_disabled():
        payment = Payment.objects.get(pk=message.payload["payment_id"])
    with in_short():  # mails stand behind it
        refunds.create(
            payment_intent_id=payment.payment_intent_id, idempotency_key=f"send-back:{payment.pk}"
        )
