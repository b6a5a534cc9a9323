"""Money in: the Checkout Sessions we opened, and every event Stripe told us, as it was told."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from giftshop.orders.models import Order
from redemption.models import Brand
from redemption.tenancy import BrandManager

WORTH_RETURNING_TO = timedelta(minutes=2)


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def pending(self) -> "StripeEventQuerySet":
        return self.filter(processed_at__isnull=True).order_by("received_at")


class StripeEvent(models.Model):
    """The inbox. A row is written before anything is done about it, once per event id."""

    event_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=120)
    object_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField()
    payload = models.TextField(help_text=_("The raw body, as it was signed."))
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at"],
                name="stripe_event_pending",
                condition=models.Q(processed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        return self.filter(state=Payment.State.OPEN)


class Payment(models.Model):
    """One attempt to be paid for an order: a Checkout Session and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        REFUSED = "refused", _("Paid, but not for this order")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    session_id = models.CharField(max_length=255, unique=True, null=True)
    url = models.URLField(max_length=2048, blank=True)
    expires_at = models.DateTimeField()
    payment_intent_id = models.CharField(max_length=255, blank=True)
    charge_id = models.CharField(max_length=255, blank=True)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    fee = models.PositiveIntegerField(null=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    objects = BrandManager.from_queryset(PaymentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "attempt"], name="payment_attempt_unique_in_order"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state="paid"),
                name="payment_order_paid_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
                name="payment_state_and_time_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["charge_id"], name="payment_charge"),
            models.Index(
                fields=["opened_at"], name="payment_open", condition=models.Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} attempt {self.attempt}"

    def is_worth_returning_to(self, now: datetime) -> bool:
        """Its page stays open long enough for somebody to pay."""
        return self.expires_at > now + WORTH_RETURNING_TO
