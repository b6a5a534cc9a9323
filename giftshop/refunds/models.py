"""Money that goes back, and what banks do to a paid charge: one row for each refund, dispute and warning.

Stripe is the truth: a row is made when we ask, or when Stripe first tells of it, and follows what Stripe says
of its charge (read.py). What happened to the gifts is in the books and their holds; lines say which gifts a
refund is for.
"""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from redemption.audit.actors import Actor
from redemption.models import Code


class RefundQuerySet(models.QuerySet["Refund"]):
    def open(self) -> "RefundQuerySet":
        """Not decided: its gifts are held, if anything is left of them."""
        return self.filter(state__in=Refund.OPEN)

    def credited(self) -> "RefundQuerySet":
        """Their senders got a credit, no money."""
        return self.filter(state=Refund.State.CREDITED)

    def unclear(self) -> "RefundQuerySet":
        """Somebody has to say which gifts are meant."""
        return self.filter(is_unclear=True)

    def of_gift(self, gift: Gift) -> "RefundQuerySet":
        """Those that take its money back, or have."""
        vain = [Refund.State.WAITING, Refund.State.DECLINED, Refund.State.FAILED]
        return self.filter(lines__gift=gift).exclude(state__in=vain)

    def counted(self) -> "RefundQuerySet":
        """Those that send money, or did: no more of the payment can go back by others."""
        return self.filter(state__in=[*Refund.OPEN, Refund.State.SUCCEEDED])


class Refund(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        DECLINED = "declined", _("Declined by a second person")
        ASKED = "asked", _("Asked for")
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Paid back")
        FAILED = "failed", _("Not sent")
        RETURNED = "returned", _("Came back from the bank")
        CREDITED = "credited", _("Given as a credit")

    class Origin(models.TextChoices):
        SENDER = "sender", _("The sender")
        RECIPIENT = "recipient", _("The recipient")
        BRAND = "brand", _("The shop")
        UNOPENED = "unopened", _("By itself: nobody opened it")
        PAYMENT = "payment", _("A payment that fits no order")
        STRIPE = "stripe", _("Stripe's dashboard or a bank")

    OPEN = (State.WAITING, State.ASKED, State.PENDING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    refund_id = models.CharField(max_length=255, unique=True, null=True)  # Stripe's
    origin = models.CharField(max_length=9, choices=Origin.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    is_unclear = models.BooleanField(default=False)
    is_goodwill = models.BooleanField(default=False)
    may_tell_sender = models.BooleanField(default=False, db_default=False)
    """The recipient who gave the gift back lets its sender know."""
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)  # at Stripe, by its clock
    asked_by_kind = models.CharField(max_length=8)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    succeeded_at = models.DateTimeField(null=True)  # Stripe said so once, whatever came after
    taken_at = models.DateTimeField(null=True)  # its gifts are worth less since then
    over_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)  # Stripe's word
    credit = models.OneToOneField(Code, on_delete=models.PROTECT, null=True, related_name="+")
    """What its sender got instead of money (state credited): an amount of the same worth."""
    times_short = models.PositiveSmallIntegerField(default=0)
    """So often our balance at Stripe did not reach. Each try after that asks under a key of its own: Stripe
    repeats its answer to the one before."""

    objects = BrandManager.from_queryset(RefundQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(origin="payment"),
                name="refund_of_refused_payment_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "asked", "pending"], over_at__isnull=True)
                | models.Q(
                    state__in=["declined", "succeeded", "failed", "returned", "credited"],
                    over_at__isnull=False,
                ),
                name="refund_state_and_time_agree",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["succeeded", "returned"])
                | models.Q(succeeded_at__isnull=False),
                name="refund_returned_only_after_it_succeeded",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(succeeded_at__isnull=False),
                name="refund_taken_only_once_it_succeeded",
            ),
            models.CheckConstraint(
                condition=models.Q(state="credited", credit__isnull=False)
                | (~models.Q(state="credited") & models.Q(credit__isnull=True)),
                name="refund_credited_by_a_credit",
            ),
        ]
        indexes = [models.Index(fields=["brand", "asked_at"], name="refund_newest_of_brand")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}, {self.state}"

    @property
    def subject(self) -> str:
        """How its holds and entries name it."""
        return f"refund:{self.pk}"

    def is_ours(self) -> bool:
        return self.origin != self.Origin.STRIPE


class RefundLine(models.Model):
    """What a refund is for: a gift, or nothing that is left of one (gift empty). Minor units.

    `from_owed`: as much of it was owed back already, since the gift was voided or an earlier refund came
    back; known once it is taken. `goodwill`: as much was owed to nobody, as far as is known when it is
    asked for, and for certain once it is taken.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="refund_lines", null=True)
    amount = models.PositiveBigIntegerField()
    from_owed = models.PositiveBigIntegerField(default=0)
    goodwill = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refund", "gift"], nulls_distinct=False, name="refund_line_once_per_gift"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0)
                & models.Q(amount__gte=models.F("from_owed") + models.F("goodwill")),
                name="refund_line_holds_its_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.gift_id}"


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        return self.filter(status__in=Dispute.OPEN)


class Dispute(models.Model):
    """A payer's bank asks for the money, or only asks (an inquiry). The states are Stripe's."""

    class Status(models.TextChoices):
        INQUIRY = "warning_needs_response", _("The bank asks: answer it")
        INQUIRY_ANSWERED = "warning_under_review", _("The bank asked and reads the answer")
        INQUIRY_CLOSED = "warning_closed", _("The bank asked; it took nothing")
        NEEDS_RESPONSE = "needs_response", _("Disputed: answer it")
        UNDER_REVIEW = "under_review", _("Disputed: the bank reads the evidence")
        WON = "won", _("Won: the money is back")
        LOST = "lost", _("Lost")
        PREVENTED = "prevented", _("Settled before it became a dispute")

    OPEN = (
        Status.INQUIRY,
        Status.INQUIRY_ANSWERED,
        Status.NEEDS_RESPONSE,
        Status.UNDER_REVIEW,
    )
    ANSWERABLE = (Status.INQUIRY, Status.NEEDS_RESPONSE)
    INQUIRIES = (Status.INQUIRY, Status.INQUIRY_ANSWERED, Status.INQUIRY_CLOSED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    dispute_id = models.CharField(max_length=255, unique=True)  # Stripe's
    status = models.CharField(max_length=22)  # Stripe may add some: no choices in the database
    reason = models.CharField(max_length=60)  # Stripe's word
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    """When the bank last took the money, by Stripe's clock: of an inquiry when it became a dispute."""
    due_by = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    is_unclear = models.BooleanField(default=False)
    """Lost for a part of the payment: somebody has to say which gifts are meant."""
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)  # when somebody sent evidence
    evidence = models.JSONField(default=dict, blank=True)
    """What they wrote, by Stripe's fields, until Stripe has it."""
    evidence_failure = models.CharField(max_length=200, blank=True)  # why Stripe did not take it

    objects = BrandManager.from_queryset(DisputeQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["brand", "opened_at"], name="dispute_newest_of_brand")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.status}"

    @property
    def subject(self) -> str:
        return f"dispute:{self.dispute_id}"

    def get_status_display(self) -> str:
        """In words; one that Stripe has added since, as it calls it."""
        return str(dict(self.Status.choices).get(self.status, self.status.replace("_", " ")))

    def days_left(self, now: datetime) -> int:
        """Whole days in which a bank still takes an answer."""
        return max(0, (self.due_by - now).days) if self.due_by else 0

    @property
    def is_inquiry(self) -> bool:
        return self.status in self.INQUIRIES


class FraudWarning(models.Model):
    """A card scheme or Stripe itself takes a payment for fraud; nothing has happened to the money yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="fraud_warnings")
    warning_id = models.CharField(max_length=255, unique=True)  # Stripe's
    is_open = models.BooleanField()
    made_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.UUIDField(null=True)
    cleared_by_name = models.CharField(max_length=120, blank=True)

    objects = BrandManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "made_at"], name="warning_newest_of_brand")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | models.Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="warning_cleared_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.warning_id

    @property
    def subject(self) -> str:
        return f"warning:{self.warning_id}"

    def holds(self) -> bool:
        return self.is_open and self.cleared_at is None


def asked_by(actor: Actor) -> dict[str, str | UUID | None]:
    """Who asked, as a refund keeps it."""
    return {
        "asked_by_kind": actor.kind,
        "asked_by": actor.id,
        "asked_by_name": actor.name,
    }
