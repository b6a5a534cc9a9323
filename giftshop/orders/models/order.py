"""What a sender asks for and pays once: one to twenty gifts."""

from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Cast, Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto
from core.database.composed import Composed, given
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.legal.models import TermsVersion
from giftshop.offers.models import NAME_LENGTH_MAX, Offer
from giftshop.orders.models.draft import Draft
from giftshop.orders.models.origin import Origin

NUMBER_LENGTH = 8
"""Of an order's id its last symbols: random ones, and enough to tell orders of one brand apart."""

ORDER_NUMBER = models.Func(
    Cast("id", models.TextField()), template=f"RIGHT(%(expressions)s, {NUMBER_LENGTH})"
)
"""An order's number as order_by_number has it: in small letters, without the dash."""

RECIPIENTS_MAX = 20


class OrderQuerySet(models.QuerySet["Order"]):
    def locked(self) -> "OrderQuerySet":
        """Held until commit, before any of its codes: all that moves an order's money takes turns."""
        return self.select_for_update(of=("self",), no_key=True)

    def paid(self) -> "OrderQuerySet":
        return self.filter(state=Order.State.PAID)

    def with_token(self, token: str) -> "OrderQuerySet":
        return self.filter(token_digest=crypto.token_digest(token))

    def with_number(self, number: str) -> "OrderQuerySet":
        """At most a few: a1b2c3d4 as it ends an id, see Order.number."""
        return self.alias(ends_with=ORDER_NUMBER).filter(ends_with=number)

    def from_address(self, address: str) -> "OrderQuerySet":
        """Of whoever sent from it, the newest first."""
        return self.filter(sender_email__iexact=address).order_by("-placed_at")


class Order(Origin):
    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", _("Cancelled")

    class Payment(models.TextChoices):
        """How the last try to pay stands, as payments tells it; a paid order needs no more words."""

        OPEN = "open", _("Not paid yet")
        DECLINED = "declined", _("The card was refused; the page is still open")
        UNDER_WAY = "under_way", _("A bank debit is under way")
        FAILED = "failed", _("The bank refused the debit")
        CLOSED = "closed", _("The page has closed")
        SENT_BACK = "sent_back", _("Paid, but not for this order; it goes back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, related_name="orders")
    key = models.CharField(
        max_length=120, help_text=_("Of the act that placed it: the same key places one order.")
    )
    sender_name = models.CharField(max_length=60)
    sender_email = models.EmailField()
    sender_phone = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text="E.164; links that they send themselves are texted there. Empty: they are not.",
    )
    sender_channel = models.CharField(
        max_length=8,
        choices=[("sms", _("Text message")), ("whatsapp", _("WhatsApp"))],
        default="sms",
        db_default="sms",
        help_text=_("How links go to the sender's own phone."),
    )
    sender_due_at = models.DateTimeField(
        null=True, help_text="When to look next whether its sender is to be forgotten by age."
    )
    sender_erased_at = models.DateTimeField(
        null=True,
        help_text="Since then nothing of the sender is here, by their wish or by its age.",
    )
    currency = models.CharField(max_length=3)
    total = models.PositiveBigIntegerField(
        help_text="To be paid: what its gifts cost, less its discount."
    )
    discount = models.PositiveBigIntegerField(default=0, db_default=0)
    discount_name = models.CharField(
        max_length=NAME_LENGTH_MAX,
        blank=True,
        default="",
        db_default="",
        help_text="As its sender saw it, whatever its offer is called since.",
    )
    language = models.CharField(max_length=12, default="en")
    visitor = models.BinaryField(
        max_length=32,
        default=b"",
        help_text=_("SHA-256 of the visitor id, or empty. Campaigns read it."),
    )
    chain_id = models.UUIDField(
        null=True,
        editable=False,
        help_text="The order with which its chain of gifts began; empty: it came from no gift.",
    )
    generation = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many orders of its chain led to it."
    )
    terms = models.ForeignKey(
        TermsVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("What its sender agreed to; empty: before versions were kept."),
    )
    offer = models.ForeignKey(
        Offer,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="What its sender is given on top, or is taken off, once it is paid.",
    )
    token_digest = models.BinaryField(max_length=32, unique=True)
    token_ciphertext = models.BinaryField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    payment = models.CharField(max_length=9, choices=Payment.choices, default=Payment.OPEN)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = BrandManager.from_queryset(OrderQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "key"], name="order_placed_once_per_key"),
            models.CheckConstraint(condition=models.Q(total__gt=0), name="order_total_positive"),
            models.CheckConstraint(
                condition=models.Q(discount=0, discount_name="")
                | models.Q(discount__gt=0, offer__isnull=False) & ~models.Q(discount_name=""),
                name="order_discount_has_its_offer_and_name",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", paid_at__isnull=True, cancelled_at__isnull=True)
                | models.Q(state="paid", paid_at__isnull=False, cancelled_at__isnull=True)
                | models.Q(state="cancelled", paid_at__isnull=True, cancelled_at__isnull=False),
                name="order_state_and_times_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(sender_erased_at__isnull=True)
                | models.Q(sender_name="", sender_email="", sender_phone=""),
                name="order_erased_sender_is_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(generation=0, chain_id__isnull=True, from_gift_id__isnull=True)
                | models.Q(generation__gt=0, chain_id__isnull=False, from_gift_id__isnull=False),
                name="order_chain_is_whole_or_none",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sender_due_at"],
                name="order_sender_due",
                condition=models.Q(sender_due_at__isnull=False),
            ),
            models.Index(
                fields=["placed_at"], name="order_unpaid", condition=~models.Q(state="paid")
            ),
            models.Index(
                fields=["brand", "paid_at"],
                name="order_paid_of_brand",
                condition=models.Q(state="paid"),
            ),
            models.Index(
                fields=["brand", "chain_id"],
                name="order_of_chain",
                condition=models.Q(chain_id__isnull=False),
            ),
            models.Index(
                fields=["brand", "placed_at"],
                name="order_by_counter",
                condition=models.Q(came_by="counter"),
            ),
            # People at a counter, and whoever helps customers of all brands, find an order by these.
            # Names that were added last wait in a list, which each search reads: a short one.
            models.Index(Upper("sender_email"), "placed_at", name="order_by_address"),
            models.Index(ORDER_NUMBER, name="order_by_number"),
            GinIndex(
                OpClass(Upper("sender_name"), name="gin_trgm_ops"),
                name="order_by_name",
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} · {self.total} {self.currency}"

    @property
    def sender(self) -> str:
        """Who gave, as they wrote it, or words that stand for them once they are erased."""
        return gettext("Somebody") if self.sender_erased_at else self.sender_name

    @property
    def worth(self) -> int:
        """What its gifts cost without a discount, minor units."""
        return self.total + self.discount

    @property
    def number(self) -> str:
        """What people say of it: A1B2-C3D4."""
        number = self.pk.hex[-NUMBER_LENGTH:].upper()
        return f"{number[:4]}-{number[4:]}"

    @classmethod
    def lock(cls, order_id: UUID) -> "Order":
        """As locked() holds it. Expects the brand's scope. Raises Order.DoesNotExist."""
        return _LOCKED.get(id=order_id)

    def link_token(self) -> str:
        """The secret of the sender's private page."""
        return crypto.unseal(bytes(self.token_ciphertext), context=f"order:{self.pk}")


_LOCKED = Composed(lambda: Order.objects.locked().filter(pk=given("id")))
