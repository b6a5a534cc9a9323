"""A code is what the till accepts: a self-contained entitlement to a treat or an amount."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto, validity
from core.bare_keys import BARE
from core.bidi import isolated
from core.ids import uuid7
from core.money import in_coins
from core.tenancy import BrandManager
from redemption import choices as gift_choices
from redemption import code_format, discounts
from redemption.models.option_list import OptionList


class CodeQuerySet(models.QuerySet["Code"]):
    def matching(self, code: str) -> "CodeQuerySet":
        """Those whose digest fits the 17 symbols; at most one, by the unique digest."""
        return self.filter(digest__in=crypto.digests(code))

    def locked(self) -> "CodeQuerySet":
        """Held until commit, as every act on a code holds it: tills wait, readers do not."""
        return self.select_for_update(of=("self",), no_key=True)

    def redeemable(self, now: datetime) -> "CodeQuerySet":
        return self.filter(state=Code.State.ACTIVE, valid_from__lte=now, expires_at__gt=now)


class Code(models.Model):
    class Kind(models.TextChoices):
        ITEM = "item", _("Treat")
        VALUE = "value", _("Amount")

    class Origin(models.TextChoices):
        PAID = "paid", _("Paid")
        PROMOTIONAL = "promotional", _("Promotional")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        REDEEMED = "redeemed", _("Redeemed")
        ON_HOLD = "on_hold", _("On hold")
        VOIDED = "voided", _("Voided")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="codes", **BARE)
    reference = models.CharField(
        max_length=80, help_text=_("What this was issued for, unique within the brand: gift:<id>.")
    )
    campaign_id = models.UUIDField(null=True, blank=True)
    batch_id = models.UUIDField(
        null=True, help_text=_("The journal entry that opened it together with its whole batch.")
    )
    issued_by = models.UUIDField(
        null=True, help_text=_("The staff member who issued it by hand, and may not redeem it.")
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    origin = models.CharField(max_length=11, choices=Origin.choices)
    label = models.CharField(max_length=124)
    amount = models.PositiveBigIntegerField()
    discount = models.PositiveBigIntegerField(
        default=0,
        db_default=0,
        help_text="Of the amount, as much was not paid: promotional expense.",
    )
    paid_back = models.PositiveBigIntegerField(
        default=0,
        db_default=0,
        help_text="Of what was paid for it, as much was taken off it by refunds.",
    )
    balance = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    option_list = models.ForeignKey(
        OptionList,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="What there is to choose, for good: the database refuses another.",
        **BARE,
    )
    picks = models.JSONField(
        default=dict,
        blank=True,
        help_text="Option keys by choice, see redemption.choices.Picked.",
    )
    store_ids = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text=_("Stores that take it; empty: all."),
    )
    recipient_name = models.CharField(
        max_length=60, blank=True, help_text=_("The friend's first name, for the staff to greet.")
    )
    valid_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    state_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32, unique=True)
    kid = models.PositiveSmallIntegerField()
    ciphertext = models.BinaryField(null=True, help_text=_("For sending again; wiped once spent."))
    last4 = models.CharField(max_length=4)
    version = models.PositiveSmallIntegerField(default=1)
    looked_at = models.DateTimeField(
        null=True, help_text="When a till was first shown it: somebody out there has it."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BrandManager.from_queryset(CodeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(  # a batch is issued once by its entry, its codes are counted up
                fields=["brand", "reference"],
                name="code_issued_once_per_reference",
                condition=models.Q(batch_id__isnull=True),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="code_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(discount=0)
                | models.Q(origin="paid", discount__lt=models.F("amount")),
                name="code_discount_below_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_back__lte=models.F("amount") - models.F("discount")),
                name="code_paid_back_within_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(balance__gte=0, balance__lte=models.F("amount")),
                name="code_balance_between_0_and_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "on_hold"], balance__gt=0)
                | models.Q(state__in=["redeemed", "voided", "expired"], balance=0),
                name="code_state_and_balance_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("valid_from")),
                name="code_expires_after_it_begins",
            ),
        ]
        indexes = [  # none names state or balance: a redemption then touches no index of this table
            models.Index(
                fields=["campaign_id"],
                name="code_of_campaign",
                condition=models.Q(campaign_id__isnull=False),
            ),
            models.Index(fields=["brand", "expires_at"], name="code_expiry_of_brand"),
            models.Index(
                fields=["brand", "valid_from"],
                name="code_goodwill_newest_of_brand",
                condition=models.Q(issued_by__isnull=False),
            ),
            GinIndex(
                OpClass(Upper("recipient_name"), name="gin_trgm_ops"),
                name="code_goodwill_by_name",
                gin_pending_list_limit=256,
                condition=models.Q(issued_by__isnull=False),
            ),
            models.Index(fields=["last4"], name="code_by_last_four"),
        ]

    def __str__(self) -> str:
        return f"{isolated(self.label)} …{self.last4}"

    @property
    def choices(self) -> list[gift_choices.Choice]:
        """What it offers, with what was picked. Expects `option_list` to be loaded."""
        return self.option_list.with_picks(self.picks) if self.option_list else []

    @property
    def sealing_context(self) -> str:
        return f"code:{self.pk}"

    @property
    def last_day(self) -> date:
        """On which it can be used, on its brand's calendar; it ends at the midnight after it."""
        return validity.last_day(self.expires_at, self.brand.tz)

    def reveal(self) -> str | None:
        """The 17 symbols, or None once the code is spent and its ciphertext wiped."""
        if self.ciphertext is None:
            return None
        return crypto.unseal(bytes(self.ciphertext), context=self.sealing_context)

    def reveal_grouped(self) -> str:
        """7Q4K-9XWM-2HTD-P6VC-R, or only the last four symbols once spent."""
        code = self.reveal()
        return code_format.grouped(code) if code else f"···· {self.last4}"

    def paid_of(self, left: int) -> int:
        """What was paid for so much that is left of it, minor units."""
        return discounts.paid_of(
            left,
            amount=self.amount,
            discount=self.discount,
            currency=self.currency,
            back=self.paid_back,
        )

    @property
    def paid_left(self) -> int:
        """What was paid for what is left on it: as much can go back for it."""
        return self.paid_of(self.balance)

    def takes(self, paid: int) -> int:
        """How much of money that went back was for what is left on it: whole coins."""
        return in_coins(min(self.paid_left, paid), self.currency)

    def left_without(self, paid: int) -> int:
        """What stays on it where so much, that it takes(), goes back. After all of it nothing: what is less
        than a coin can't be sent, and ends with the gift."""
        if paid and paid == self.paid_left:
            return 0
        return self.balance + self._worth_of(self.paid_back) - self._worth_of(self.paid_back + paid)

    def _worth_of(self, back: int) -> int:
        return discounts.worth_of(back, amount=self.amount, discount=self.discount)

    def give_back(self, amount: int, now: datetime) -> None:
        """Reverse a redemption. The caller holds the lock and posts."""
        self.balance += amount
        if self.state == Code.State.REDEEMED:
            self.state, self.state_at = Code.State.ACTIVE, now
        self.save(update_fields=["balance", "state", "state_at"])

    def change_state(self, state: "Code.State", now: datetime) -> None:
        """Between active and on hold. The caller holds the lock."""
        self.state, self.state_at = state, now
        self.save(update_fields=["state", "state_at"])

    def void(self, now: datetime) -> int:
        """Take it back for good; it can never be shown again. Answers what was left, in minor units.
        The caller holds the lock, posts, and releases what held it."""
        left, self.balance = self.balance, 0
        self.state, self.state_at, self.ciphertext = Code.State.VOIDED, now, None
        self.save(update_fields=["balance", "paid_back", "state", "state_at", "ciphertext"])
        return left

    def pay_back(self, paid: int, now: datetime) -> int:
        """So much, that it takes(), went back: it is worth less, or void. Answers by how much, minor units.
        The caller holds the lock, posts, and releases what held a void one."""
        before, left = self.balance, self.left_without(paid)
        self.paid_back += paid
        if left:
            self.balance = left
            self.save(update_fields=["balance", "paid_back"])
        else:
            self.void(now)
        return before - left

    def open_choices(self) -> list[gift_choices.Choice]:
        return gift_choices.open_choices(self.choices)
