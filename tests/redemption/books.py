"""Gifts to try the books with, and what stands in an account. Inside the brand's scope."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone

from brands.models import Brand
from core.ids import uuid7
from redemption.choices import Choice
from redemption.codes import issue
from redemption.models import Account, Code, Posting


def issued(
    brand: Brand,
    amount: int,
    origin: Code.Origin = Code.Origin.PAID,
    *,
    now: datetime | None = None,
    expires_at: datetime | None = None,
    choices: Sequence[Choice] = (),
    discount: int = 0,
) -> Code:
    spec = issue.CodeSpec(
        reference=f"gift:{uuid7()}",
        label="Voucher",
        amount=amount,
        discount=discount,
        kind=Code.Kind.VALUE,
        choices=choices,
    )
    return issue.issue(
        brand=brand,
        reference=f"order:{uuid7()}",
        origin=origin,
        specs=[spec],
        now=now or timezone.now(),
        expires_at=expires_at,
    )[0]


def total(account: Account) -> int:
    """Debits less credits, minor units."""
    found = Posting.objects.filter(account=account).aggregate(total=Sum("amount"))["total"]
    return int(found or 0)


def balances() -> dict[Account, int]:
    """Every account with something in it."""
    return {account: total(account) for account in Account if total(account)}
