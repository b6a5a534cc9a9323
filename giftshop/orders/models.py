"""What a sender asks for and pays once: an order of one to twenty gifts."""

import json
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Cast, Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.translations import Translated
from core import crypto
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Price, Treat
from giftshop.friends import salutation
from giftshop.friends.addresses import addresses_in, mailbox
from giftshop.friends.masks import mask
from giftshop.legal.models import TermsVersion
from redemption.choices import Choice
from redemption.models import Code, OptionList

NUMBER_LENGTH = 8
"""Of an order's id its last symbols: random ones, and enough to tell orders of one brand apart."""

ORDER_NUMBER = models.Func(
    Cast("id", models.TextField()), template=f"RIGHT(%(expressions)s, {NUMBER_LENGTH})"
)
"""An order's number as order_by_number has it: in small letters, without the dash."""

RECIPIENTS_MAX = 20
MESSAGE_LENGTH_MAX = 280
"""Characters as people see them; orders.characters counts."""
MESSAGE_CODE_POINTS_MAX = 12 * MESSAGE_LENGTH_MAX
"""What is stored: one character is often several code points, a family with skin tones eleven."""


NAMED_MAX = 60
"""Addresses of one draft that are looked up by; its forms take 25 rows."""


def addressee(address: str) -> str:
    """What a keyed digest of somebody is made of, whatever spelling; apart from those of codes, which share
    the key."""
    return "mailbox:" + mailbox(address)


class DraftQuerySet(models.QuerySet["Draft"]):
    def naming(self, address: str) -> "DraftQuerySet":
        """Those in which the address stands, in whatever spelling; along an index."""
        return self.filter(addresses__overlap=crypto.digests(addressee(address)))


class Draft(models.Model):
    """A gift being put together, kept as the forms left it, so that Back and a second tab lose nothing.

    `data` is loose on purpose; orders.checkout.place_order reads it strictly.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    addresses = ArrayField(
        models.BinaryField(max_length=32),
        default=list,
        editable=False,
        help_text="Keyed digests of those it names, so that whoever asks to be forgotten is found.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BrandManager.from_queryset(DraftQuerySet)()

    class Meta:
        indexes = [GinIndex(fields=["addresses"], name="draft_by_address")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        named = addresses_in(json.dumps(self.data, ensure_ascii=False))[:NAMED_MAX]
        self.addresses = crypto.digest_many(sorted({addressee(each) for each in named}))
        if "data" in (fields := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*fields, "addresses"}
        super().save(*args, **kwargs)


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


class Order(models.Model):
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
    currency = models.CharField(max_length=3)
    total = models.PositiveBigIntegerField()
    language = models.CharField(max_length=12, default="en")
    visitor = models.BinaryField(
        max_length=32,
        default=b"",
        help_text=_("SHA-256 of the visitor id, or empty. Campaigns read it."),
    )
    terms = models.ForeignKey(
        TermsVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("What its sender agreed to; empty: before versions were kept."),
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
                condition=models.Q(state="pending", paid_at__isnull=True, cancelled_at__isnull=True)
                | models.Q(state="paid", paid_at__isnull=False, cancelled_at__isnull=True)
                | models.Q(state="cancelled", paid_at__isnull=True, cancelled_at__isnull=False),
                name="order_state_and_times_agree",
            ),
        ]
        indexes = [
            models.Index(
                fields=["placed_at"], name="order_unpaid", condition=~models.Q(state="paid")
            ),
            models.Index(
                fields=["brand", "paid_at"],
                name="order_paid_of_brand",
                condition=models.Q(state="paid"),
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
        return f"{self.sender_name} · {self.total} {self.currency}"

    @property
    def number(self) -> str:
        """What people say of it: A1B2-C3D4."""
        number = self.pk.hex[-NUMBER_LENGTH:].upper()
        return f"{number[:4]}-{number[4:]}"

    def link_token(self) -> str:
        """The secret of the sender's private page."""
        return crypto.unseal(bytes(self.token_ciphertext), context=f"order:{self.pk}")


class Recipient(models.Model):
    """The person of a gift. They never signed up, so what we know of them lives in this one table."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="E.164: +4915112345678.")
    language = models.CharField(
        max_length=12, blank=True, help_text="They are written to in it; empty: the order's."
    )
    is_address_hidden = models.BooleanField(
        default=False,
        help_text="The shop knows the address from a gift that is answered; who sends this one does not.",
    )
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(
        null=True,
        help_text="Since then nothing of the person is here, by their wish or by its age.",
    )

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(name="", email="", phone="", language="", time_zone=""),
                name="recipient_erased_is_nobody",
            )
        ]
        indexes = [
            models.Index(fields=["brand", "created_at"], name="recipient_newest_of_brand"),
            models.Index(
                Upper("email"),
                "created_at",
                name="recipient_by_address",
                condition=models.Q(email__gt=""),
            ),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                name="recipient_by_name",
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """As the sender wrote it, or words that stand for it once it is erased."""
        return gettext("(name erased)") if self.erased_at else self.name

    @property
    def shown_email(self) -> str:
        """As the sender's pages and e-mails show it."""
        return mask(self.email) if self.is_address_hidden else self.email

    @property
    def short_name(self) -> str:
        """How pages and e-mails call this recipient."""
        return self.full_name if self.erased_at else salutation.short_name(self.name)


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
    kind = models.CharField(
        max_length=5,
        choices=Code.Kind.choices,
        default=Code.Kind.ITEM,
        help_text="Good for its treat, or for its amount.",
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
    thanks = models.CharField(max_length=MESSAGE_CODE_POINTS_MAX, blank=True)
    thanked_at = models.DateTimeField(null=True)

    objects = BrandManager.from_queryset(GiftQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["remind_at"],
                name="gift_to_look_at",
                condition=models.Q(remind_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="gift_position_unique_in_order"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="gift_amount_positive"),
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
