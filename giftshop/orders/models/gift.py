"""What one recipient gets, and where it is on its way."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.translations import Translated
from core import crypto
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Price, Treat
from giftshop.orders.models.order import Order
from giftshop.orders.models.recipient import Recipient
from redemption.choices import Choice
from redemption.models import Code, OptionList

MESSAGE_LENGTH_MAX = 280
"""Characters as people see them; orders.characters counts."""
MESSAGE_CODE_POINTS_MAX = 12 * MESSAGE_LENGTH_MAX
"""What is stored: one character is often several code points, a family with skin tones eleven."""


class GiftQuerySet(models.QuerySet["Gift"]):
    def with_token(self, token: str) -> "GiftQuerySet":
        return self.filter(token_digest=crypto.token_digest(token))

    def issued(self) -> "GiftQuerySet":
        """Those that were paid for: they have a code."""
        return self.filter(code__isnull=False)

    def for_address(self, address: str) -> "GiftQuerySet":
        """Of whoever it was to be sent to, the newest first."""
        its = models.Q(recipient__email__iexact=address, recipient__email__gt="")  # as indexed
        return self.filter(its).order_by("-recipient__created_at")

    def to_be_opened(self, now: datetime) -> "GiftQuerySet":
        """Paid and due: those that have a page for their recipient."""
        due = models.Q(deliver_at=None) | models.Q(deliver_at__lte=now)
        return self.filter(due, code__isnull=False)

    def held_back(self) -> "GiftQuerySet":
        """As `Gift.is_held_back`."""
        return self.filter(not_me_at__isnull=False, sent_at=None, opened_at=None)

    def still_out(self) -> "GiftQuerySet":
        """Those of the treat of an outer query that are still to be handed over."""
        return self.filter(treat_id=models.OuterRef("pk"), code__state=Code.State.ACTIVE)

    def with_everything(self) -> "GiftQuerySet":
        return self.select_related("order__brand", "recipient", "treat", "code__brand").order_by(
            "position"
        )


class Gift(Translated):
    """What one recipient receives. Its prices, words and choices are fixed when the order is placed."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        WHATSAPP = "whatsapp", _("WhatsApp")
        LINK = "link", _("A link the sender sends")

    BY_NUMBER = (Channel.SMS, Channel.WHATSAPP)
    """Those that need a mobile number."""

    class Design(models.TextChoices):
        BIRTHDAY = "birthday", _("Birthday")
        THANK_YOU = "thank-you", _("Thank you")
        JUST_BECAUSE = "just-because", _("Just because")
        CONGRATULATIONS = "congratulations", _("Congratulations")
        LOVE = "love", _("Love")
        GET_WELL = "get-well", _("Get well")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="gifts")
    position = models.PositiveSmallIntegerField()
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="gifts")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    treat = models.ForeignKey(Treat, on_delete=models.PROTECT, related_name="+")
    price = models.ForeignKey(Price, on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=124)  # a treat's 80, a comma, a size's 40
    amount = models.PositiveBigIntegerField()
    discount = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="Its part of the order's discount: so much was not paid."
    )
    kind = models.CharField(
        max_length=5,
        choices=Code.Kind.choices,
        default=Code.Kind.ITEM,
        help_text="Good for its treat, or for its amount.",
    )
    vat_rate = models.PositiveSmallIntegerField(
        null=True,
        help_text="Basis points, as the brand said at the sale; empty: taxed when it is used.",
    )
    option_list = models.ForeignKey(
        OptionList, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    picks = models.JSONField(default=dict, help_text="What the sender fixed: the size.")
    message = models.CharField(max_length=MESSAGE_CODE_POINTS_MAX, blank=True)
    design = models.CharField(max_length=16, choices=Design.choices, default=Design.JUST_BECAUSE)
    deliver_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Empty: as soon as it is paid.")
    )
    token_digest = models.BinaryField(max_length=32, unique=True)
    token_ciphertext = models.BinaryField()
    code = models.OneToOneField(
        Code, on_delete=models.PROTECT, null=True, blank=True, related_name="gift"
    )
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(
        null=True, help_text=_("When a provider said that it arrived; not all say so.")
    )
    undeliverable_at = models.DateTimeField(
        null=True, help_text=_("The address refused it, or its owner wants no mail from us.")
    )
    passed_on_at = models.DateTimeField(
        null=True, help_text=_("When its sender said that they sent the link themselves.")
    )
    printed_at = models.DateTimeField(
        null=True, help_text="When a card with its code was first printed: the code left our pages."
    )
    code_left_at = models.DateTimeField(
        null=True, help_text="When a letter or text with its code in it first left."
    )
    opened_at = models.DateTimeField(null=True)
    opened_by = models.BinaryField(
        max_length=32, default=b"", help_text="SHA-256 of the key of the page that opened it."
    )
    tells_sender = models.BooleanField(
        default=True,
        help_text=_(
            "Whether its sender sees that it was enjoyed, and where: its recipient's choice."
        ),
    )
    remind_at = models.DateTimeField(
        null=True, help_text="When to look next whether its recipient or sender is to be reminded."
    )
    not_me_at = models.DateTimeField(
        null=True, help_text="When somebody who got it last said that it is not for them."
    )
    asked_at = models.DateTimeField(
        null=True, help_text="Since when its sender is asked what to do, as nobody opened it."
    )
    returns_at = models.DateTimeField(
        null=True,
        help_text="From when its money goes back by itself, as its sender was told: the end of its days.",
    )
    thanks = models.CharField(max_length=MESSAGE_CODE_POINTS_MAX, blank=True)
    thanked_at = models.DateTimeField(null=True)

    objects = BrandManager.from_queryset(GiftQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["remind_at"],
                name="gift_to_look_at",
                condition=models.Q(remind_at__isnull=False),
            ),
            models.Index(
                fields=["brand", "thanked_at"],
                name="gift_thanked",
                condition=models.Q(thanked_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="gift_position_unique_in_order"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="gift_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(discount__lt=models.F("amount")),
                name="gift_discount_below_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at__isnull=True) | models.Q(code__isnull=False),
                name="gift_opened_only_once_issued",
            ),
            models.CheckConstraint(
                condition=models.Q(thanked_at__isnull=False) | models.Q(thanks=""),
                name="gift_thanks_have_their_time",  # and lose their words with the person
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} for {self.recipient_id}"

    @property
    def language(self) -> str:
        """What its recipient is written to in. Expects `recipient` and `order` to be loaded."""
        return self.recipient.language or self.order.language

    @property
    def paid(self) -> int:
        """What its sender pays for it, minor units: its amount, which it is worth, less its discount."""
        return self.amount - self.discount

    @property
    def is_amount(self) -> bool:
        return self.kind == Code.Kind.VALUE

    @property
    def choices(self) -> list[Choice]:
        """As they were offered, in all languages, with what the sender fixed. Expects `option_list` to be
        loaded."""
        return self.option_list.with_words(self.picks) if self.option_list else []

    def link_token(self) -> str:
        """The secret of the recipient's gift page."""
        return crypto.unseal(bytes(self.token_ciphertext), context=f"gift:{self.pk}")

    @property
    def has_chosen(self) -> bool:
        """Whether its recipient picked something themselves. Expects its code."""
        return self.code is not None and self.code.picks.keys() > self.picks.keys()

    def is_due(self, now: datetime) -> bool:
        return self.deliver_at is None or self.deliver_at <= now

    @property
    def has_left(self) -> bool:
        """Whether we sent it off, also where it could not be brought."""
        return self.sent_at is not None or self.undeliverable_at is not None

    @property
    def returns_by_itself(self) -> bool:
        """Whether its sender was told that the money comes back after what is still its last day. Expects its
        code."""
        return self.code is not None and self.returns_at == self.code.expires_at

    @property
    def is_held_back(self) -> bool:
        """Somebody who got it said that it is not for them, and its sender has not mended it yet."""
        waits = self.sent_at is None and self.opened_at is None
        return self.not_me_at is not None and waits

    @property
    def progress(self) -> str:
        """Where the gift is, as one word: waiting, scheduled, ready, sent, delivered, undelivered, passed_on,
        opened ...

        Answered from the gift and its code (select_related); no query.
        """
        if self.code is None:
            return "waiting"
        if self.code.state != Code.State.ACTIVE:
            return {"redeemed": "enjoyed"}.get(self.code.state, self.code.state)
        return self.progress_unused

    @property
    def progress_unused(self) -> str:
        """As if nothing had been enjoyed of it yet: what its sender sees of one whose recipient keeps that to
        themselves."""
        if self.opened_at:
            return "chosen" if self.has_chosen else "opened"
        if self.passed_on_at:
            return "passed_on"
        if self.undeliverable_at:
            return "undelivered"
        if self.delivered_at:
            return "delivered"
        if self.sent_at:
            return "sent"
        return "ready" if self.deliver_at is None else "scheduled"
