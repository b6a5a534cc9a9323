"""Money in: the Checkout Sessions we opened, and every event Stripe told us, without its people."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto
from core.tenancy import BrandManager
from giftshop.orders.models import Order
from giftshop.outbox.models import abandoned

WORTH_RETURNING_TO = timedelta(minutes=2)


WHOLE = models.Q(processed_at__isnull=False) & ~models.Q(payload="")


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def pending(self) -> "StripeEventQuerySet":
        return self.filter(processed_at__isnull=True).order_by("received_at")

    def due(self, now: datetime) -> "StripeEventQuerySet":
        """Not worked off, its time has come, and nobody who lives holds it."""
        return self.pending().filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=now) | abandoned(),
            available_at__lte=now,
        )

    def whole(self) -> "StripeEventQuerySet":
        """Worked off, and more of it is kept than ids and type."""
        return self.filter(WHOLE)

    def held(self, now: datetime) -> "StripeEventQuerySet":
        """Somebody who lives works on it, or is about to."""
        return self.pending().filter(~abandoned(), leased_until__gt=now)


class StripeEvent(models.Model):
    """The inbox. A row is written before anything is done about it, once per event id.

    `attempts` fences: only the newest one may finish the event.
    """

    event_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=120)
    object_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField()
    payload = models.TextField(
        blank=True,
        help_text="JSON of what is kept of it (stripe/events.py); empty after some weeks.",
    )
    received_at = models.DateTimeField()
    available_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    worker_id = models.UUIDField(null=True)  # whose claim; without one the lease alone counts
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at"],
                name="stripe_event_due",
                condition=models.Q(processed_at__isnull=True),
            ),
            models.Index(fields=["processed_at"], name="stripe_event_whole", condition=WHOLE),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class StripeWatermark(models.Model):
    """Up to when we have listed Stripe's events of one type, page after page.

    While a listing is cut short, `listing_until` and `cursor` say where the next one goes on.
    """

    type = models.CharField(max_length=120, unique=True)
    listed_until = models.DateTimeField()
    listing_until = models.DateTimeField(null=True)
    cursor = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"{self.type} until {self.listed_until}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        return self.filter(state=Payment.State.OPEN)

    def never_answered(self, order_id: object) -> "PaymentQuerySet":
        """Open attempts of this order for which Stripe's answer was lost. Takes what a stranger wrote."""
        try:
            return self.open().filter(order_id=UUID(str(order_id)), session_id__isnull=True)
        except ValueError:
            return self.none()

    def of_attempt(self, order_id: object, attempt: str) -> "PaymentQuerySet":
        """What a charge's own words name, if they name anything. Takes what a stranger wrote."""
        try:
            return self.filter(order_id=UUID(str(order_id)), attempt=int(attempt))
        except ValueError:
            return self.none()

    def without_fee(self) -> "PaymentQuerySet":
        """Paid, for its order or for none, and what Stripe keeps of it is not known yet."""
        return self.filter(state__in=Payment.MONEY_CAME, fee__isnull=True)


class Payment(models.Model):
    """One attempt to be paid for an order: a Checkout Session and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        REFUSED = "refused", _("Paid, but not for this order")

    MONEY_CAME = (State.PAID, State.REFUSED)

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    session_id = models.CharField(max_length=255, unique=True, null=True)
    url_ciphertext = models.BinaryField(default=b"")
    """Of Stripe's page, which shows the payer's address to whoever opens it; kept while it is open."""
    expires_at = models.DateTimeField()
    payment_intent_id = models.CharField(max_length=255, blank=True)
    charge_id = models.CharField(max_length=255, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    fee = models.PositiveBigIntegerField(null=True)
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField()  # when a sweep last asked Stripe, or the page was opened
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
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(url_ciphertext=b""),
                name="payment_page_known_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["charge_id"], name="payment_charge"),
            models.Index(
                fields=["payment_intent_id"],
                name="payment_intent",
                condition=~models.Q(payment_intent_id=""),
            ),
            models.Index(
                fields=["asked_at"], name="payment_open", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["settled_at"],
                name="payment_fee_missing",
                condition=models.Q(state__in=["paid", "refused"], fee__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} attempt {self.attempt}"

    def page_url(self) -> str:
        """Where somebody can pay. Only for an open attempt that was given its page."""
        return crypto.unseal(bytes(self.url_ciphertext), context=f"payment:{self.pk}")

    def remember_page(self, *, session_id: str, url: str) -> None:
        """Keep what Stripe answered; the page not, if the attempt was settled meanwhile. 1 or 2 queries."""
        self.session_id = session_id
        self.url_ciphertext = crypto.seal(url, context=f"payment:{self.pk}")
        rows = Payment.objects.filter(pk=self.pk)
        if not rows.open().update(session_id=session_id, url_ciphertext=self.url_ciphertext):
            rows.update(session_id=session_id)

    def says_all_of(self, event_type: str) -> bool:
        """What an event of this type could tell is written down here: Stripe need not be asked."""
        if (
            self.state == self.State.EXPIRED
        ):  # a page that we believe closed may have been paid before
            return event_type == "checkout.session.expired"
        return self.state != self.State.OPEN

    def is_worth_returning_to(self, now: datetime) -> bool:
        """Its page stays open long enough for somebody to pay."""
        return self.expires_at > now + WORTH_RETURNING_TO
