"""Double entry: money never appears or vanishes, it moves between accounts.

A brand that sells a gift of 6.50 owes its recipient 6.50: Stripe will pay it (stripe_clearing, a debit of
650) and the debt stands in gift_liability (a credit, -650). When the recipient enjoys the treat the debt
is gone (gift_liability, +650) and the money is earned (sales, -650), or owed on to the franchisee who
handed it over (store_payable, -650). Debits are positive, credits negative; each entry sums to zero.
A mistake is never edited: a reversal posts the opposite.

What Stripe pays out goes from stripe_clearing to the bank, each brand's share of it, and back where the bank
did not take it. A gift that comes back as a credit moves within gift_liability, from its code to that of the
credit.

Of a gift that was bought at a discount Stripe pays less than its worth: the rest is promo_expense, in the
same entry. What of it is not used goes back the same two ways: what was paid for that to the sender or to
breakage, the rest out of promo_expense (ledger/paid_share.py). Where Stripe counts in larger coins than a
till, what is less than one can't be sent: it is breakage when the rest goes back.

What goes back to a sender passes through customer_refunds_payable: a credit when the brand comes to owe it (a
gift is voided, a payment fits no order), a debit when Stripe takes it from our balance. What a brand gives
back beyond that, for a treat that was enjoyed, is its goodwill_expense.

The database holds it, whatever the code does: a deferred trigger refuses an entry whose postings do
not sum to zero in each currency, and UPDATE, DELETE and TRUNCATE are refused on both tables
(migration 0002). A code's balance is the sum of its gift_liability postings with the sign turned.
A giveaway of a million codes is opened by one posting for all of them, as a control account stands for
its subsidiary ledger: such a code names its batch, and its own postings begin with its redemption.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from core.bare_keys import BARE
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption.models.code import Code


class Account(models.TextChoices):
    STRIPE_CLEARING = "stripe_clearing", _("Stripe clearing")
    BANK = "bank", _("Bank")
    STRIPE_FEES = "stripe_fees", _("Stripe fees")
    GIFT_LIABILITY = "gift_liability", _("Gift liability")
    SALES = "sales", _("Sales")
    PROMO_EXPENSE = "promo_expense", _("Promotional expense")
    BREAKAGE = "breakage", _("Breakage")
    CUSTOMER_REFUNDS_PAYABLE = "refunds", _("Owed back to senders")
    GOODWILL_EXPENSE = "goodwill_expense", _("Given back out of goodwill")
    DISPUTE_FEES = "dispute_fees", _("Dispute fees")
    DISPUTE_LOSS = "dispute_loss", _("Dispute losses")
    OFFLINE_LOSS = "offline_loss", _("Offline losses")
    STORE_PAYABLE = "store_payable", _("Payable to stores")


class JournalEntry(models.Model):
    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        PROMOTION = "promotion", _("Promotion")
        FEE = "fee", _("Processing fee")
        REDEMPTION = "redemption", _("Redemption")
        REVERSAL = "reversal", _("Reversal")
        VOID = "void", _("Cancellation")
        EXPIRY = "expiry", _("Expiry")
        EXTENSION = "extension", _("Extension")
        REFUND = "refund", _("Refund")
        DISPUTE = "dispute", _("Dispute")
        STRIPE_LINE = "stripe_line", _("Line of Stripe's balance")
        REFUSED = "refused", _("Payment refused")
        CREDIT = "credit", _("Given back as a credit")
        PAYOUT = "payout", _("Payout")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", **BARE)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reference = models.CharField(
        max_length=120, help_text=_("What caused it: order:<id>, redemption:<id>.")
    )
    occurred_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BrandManager()

    class Meta:
        verbose_name_plural = "journal entries"
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "kind", "reference"], name="journal_entry_once_per_reference"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Posting(models.Model):
    entry = models.ForeignKey(  # held by the trigger that looks at its sum
        JournalEntry, on_delete=models.PROTECT, related_name="postings", db_constraint=False
    )
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", **BARE)
    account = models.CharField(max_length=16, choices=Account.choices)
    amount = models.BigIntegerField(help_text=_("Minor units; debits positive, credits negative."))
    currency = models.CharField(max_length=3)
    code = models.ForeignKey(
        Code, on_delete=models.PROTECT, related_name="postings", null=True, db_index=False
    )
    codes = models.PositiveIntegerField(
        null=True, help_text=_("How many codes the opening of a batch stands for.")
    )
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", null=True, **BARE)

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_moves_something"),
            models.CheckConstraint(
                condition=~models.Q(account="gift_liability")
                | models.Q(code__isnull=False, codes__isnull=True)
                | models.Q(code__isnull=True, codes__gt=0, amount__lt=0),
                name="posting_of_liability_names_its_code_or_batch",
            ),
        ]
        indexes = [
            models.Index(
                fields=["code"], name="posting_of_code", condition=models.Q(code__isnull=False)
            ),
            models.Index(
                fields=["store"], name="posting_of_store", condition=models.Q(store__isnull=False)
            ),
            models.Index(
                fields=["brand", "code"],
                name="posting_owed_back",
                condition=models.Q(account="refunds"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount:+d} {self.currency}"
