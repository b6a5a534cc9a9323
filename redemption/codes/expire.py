"""When a gift's days are over: what is left on it counts as earned, later, and can be given back.

From its last day on no till takes a gift. For `Brand.breakage_after_days` more it stays owed, so that a
recipient who comes late can still be helped; then expire_due() books what is left: breakage, if somebody
paid for it; a giveaway's expense never came to be, nor that of a discount on it. A brand that gives no number
of days owes for ever. Extending undoes that, with the opposite entry. An entry is named by the code and the
day it was good until; that day only ever moves later, so a code can expire, be extended and expire again.
"""

from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from brands.models import Brand
from core import validity
from core.times import moment
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, expiry_watermark
from redemption.codes.acts import ActRefused
from redemption.ledger import paid_share
from redemption.ledger.posting import post, post_many
from redemption.models import Account, Code, Device, JournalEntry, Posting

CODES_AT_ONCE = 500
"""One transaction: a till that wants one of them waits for so many at most."""

_EARNED_BY = {
    Code.Origin.PAID: Account.BREAKAGE,
    Code.Origin.PROMOTIONAL: Account.PROMO_EXPENSE,
}


class ExtensionRefusal(models.TextChoices):
    SPENT = "spent", _("This gift was spent or cancelled.")
    NOT_LATER = "not_later", _("The new day must be later than the old one, and still to come.")
    TOO_FAR = "too_far", _("That is more than a hundred years from now.")


def expire_due(*, now: datetime | None = None) -> int:
    """How many codes expired, of all brands. Memory stays flat, locks are held for one batch at a
    time; a run that is cut off is taken up by the next, and two at once do no harm."""
    now = now or timezone.now()
    return sum(
        _expire_brand(brand, now) for brand in Brand.objects.exclude(breakage_after_days=None)
    )


def _expire_brand(brand: Brand, now: datetime) -> int:
    """All that is due since the brand's mark; then the mark moves, unless somebody moved it back."""
    until = now - timedelta(days=brand.breakage_after_days or 0)
    with scope(brand=brand):
        due = Code.objects.filter(state=Code.State.ACTIVE, expires_at__lte=until)
        if brand.codes_expired_until:
            due = due.filter(expires_at__gte=brand.codes_expired_until)
        ids = due.values_list("pk", flat=True).iterator(chunk_size=CODES_AT_ONCE)
        expired = 0
        while batch := list(islice(ids, CODES_AT_ONCE)):
            expired += _expire_batch(brand, batch, until, now)
    expiry_watermark.move(brand, until)
    return expired


def _expire_batch(brand: Brand, ids: list[UUID], until: datetime, now: datetime) -> int:
    """Those that are still due once they are held: a till, or somebody who extended one, was faster."""
    with transaction.atomic():
        still_due = Code.objects.filter(pk__in=ids, state=Code.State.ACTIVE, expires_at__lte=until)
        codes = list(still_due.locked().order_by("pk"))
        if codes:
            _expire(brand, codes, now)
    return len(codes)


def _expire(brand: Brand, codes: list[Code], now: datetime) -> None:
    post_many(
        brand=brand,
        kind=JournalEntry.Kind.EXPIRY,
        currency=brand.currency,
        entries={
            _reference(code): paid_share.legs(
                code,
                before=code.balance,
                after=0,
                against=_EARNED_BY[Code.Origin(code.origin)],
            )
            for code in codes
        },
        now=now,
    )
    log.record(
        brand=brand,
        actor=SYSTEM,
        act=Act.CODE_EXPIRED,
        subject=f"brand:{brand.pk}",
        now=now,
        details={"codes": len(codes), "amount": sum(code.balance for code in codes)},
    )
    Code.objects.filter(pk__in=[code.pk for code in codes]).update(
        state=Code.State.EXPIRED, state_at=now, balance=0
    )


def extend(
    *,
    code_id: UUID,
    expires_at: datetime,
    actor: Actor,
    reason: str,
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """A later last day; an expired gift is owed again, with what it had. Expects the brand's scope.

    Raises ActRefused.
    """
    now = now or timezone.now()
    with acts.on_code(
        code_id, Act.CODE_EXTENDED, actor=actor, reason=reason, now=now, device=device
    ) as (code, told):
        _refuse_to_extend(code, expires_at, now)
        told.update({"from": moment(code.expires_at), "to": moment(expires_at)})
        if code.state == Code.State.EXPIRED:
            _owe_again(code, now)
        code.expires_at = expires_at
        code.save(update_fields=["expires_at", "balance", "state", "state_at"])
    return code


def _refuse_to_extend(code: Code, expires_at: datetime, now: datetime) -> None:
    try:
        validity.check(expires_at, now)
    except validity.TooFar:
        raise ActRefused(ExtensionRefusal.TOO_FAR) from None
    if code.state in {Code.State.REDEEMED, Code.State.VOIDED}:
        raise ActRefused(ExtensionRefusal.SPENT)
    if expires_at <= max(code.expires_at, now):
        raise ActRefused(ExtensionRefusal.NOT_LATER)


def _owe_again(code: Code, now: datetime) -> None:
    reference = _reference(code)
    left = Posting.objects.get(
        code=code,
        account=Account.GIFT_LIABILITY,
        entry__kind=JournalEntry.Kind.EXPIRY,
        entry__reference=reference,
    ).amount
    code.balance, code.state, code.state_at = left, Code.State.ACTIVE, now
    post(
        brand=code.brand,
        kind=JournalEntry.Kind.EXTENSION,
        reference=reference,
        currency=code.currency,
        legs=paid_share.legs(
            code,
            before=0,
            after=left,
            against=_EARNED_BY[Code.Origin(code.origin)],
        ),
        now=now,
    )


def _reference(code: Code) -> str:
    return f"code:{code.pk}:{code.expires_at.timestamp():.6f}"
