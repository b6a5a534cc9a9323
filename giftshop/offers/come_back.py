"""After a gift was used, its recipient may take something to come back for, within days of that."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from brands.models import Brand
from core import crypto, validity
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import Given, Wanted, give, given_by, is_held_out, promise, refusal_of
from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act
from redemption.codes import acts, void
from redemption.codes.own_reasons import OwnReason
from redemption.models import Code

LOOKED_AT = 10
OPEN = Offer.State.OPEN


class ComeBack(NamedTuple):
    """What the page of a used gift shows: what there is to take, or what was taken."""

    offer: Offer
    given: Given | None
    until: date
    had: OfferUse | None

    @property
    def seen(self) -> str:
        return promise(self.offer, self.given)


def of_gift(
    *, brand: Brand, gift_id: UUID, recipient: str, used_at: datetime, now: datetime
) -> ComeBack | None:
    """The newest that is open, while its days since the use last. `recipient`: where they are written to, or
    the gift's id; they may be of the tenth that is held out. 2 queries, and 2 more of a treat that is
    offered. Expects the brand's scope."""
    taken = OfferUse.objects.select_related("offer").filter(gift_id=gift_id).first()
    if taken:
        return ComeBack(taken.offer, None, _until(brand, taken.offer, used_at), taken)
    day = timezone.localdate(now, brand.tz)
    open_ones = Offer.objects.filter(whom=Offer.Whom.RECIPIENT, paused_at=None, starts_on__lte=day)
    for offer in open_ones.order_by("-created_at")[:LOOKED_AT]:
        until = _until(brand, offer, used_at)
        if until < day or is_held_out(offer, recipient) or offer.state_on(day) != OPEN:
            continue
        given = given_by(offer, day)
        if refusal_of(offer, given, day) is None:
            return ComeBack(offer, given, until, None)
    return None


def take(
    *,
    brand: Brand,
    gift_id: UUID,
    recipient: str,
    offer_id: UUID,
    used_at: datetime,
    now: datetime,
    seen: str = "",
) -> OfferUse:
    """Once for each gift. `seen`: ComeBack.seen, as it was shown. Expects the brand's scope. Raises
    UseRefused, Offer.DoesNotExist."""
    if taken := OfferUse.objects.filter(gift_id=gift_id).first():
        return taken
    offer = Offer.objects.get(pk=offer_id)
    is_over = _until(brand, offer, used_at) < timezone.localdate(now, brand.tz)
    if is_over or is_held_out(offer, recipient):
        raise Offer.DoesNotExist
    holder = f"gift:{gift_id}"
    wanted = Wanted(Offer.Whom.RECIPIENT, holder, seen=seen, gift_id=gift_id, since=used_at)
    try:
        return give(offer_id, wanted, now)
    except IntegrityError:  # another tab took another offer in the same moment
        return OfferUse.objects.get(gift_id=gift_id)


def _until(brand: Brand, offer: Offer, used_at: datetime) -> date:
    ends = validity.expiry(used_at, days=offer.good_days, zone=brand.tz)
    return validity.last_day(ends, brand.tz)


def end(gift_ids: Collection[UUID], *, now: datetime) -> None:
    """The use of these gifts was undone: what they earned ends, and may be earned again. What was used
    already stays, and the audit log says so. One query where nobody took anything. Expects scopes to be
    disabled or the brand's."""
    with transaction.atomic():
        taken = OfferUse.objects.filter(gift_id__in=gift_ids, code__isnull=False)
        uses = {use.code_id: use for use in taken if use.code_id}
        if not uses:
            return
        codes = acts.lock_all(list(uses))  # all of them before the audit log, which is locked last
        for code in sorted(codes, key=lambda each: (each.brand_id, each.pk)):
            _end(uses[code.pk], code, now)


def _end(use: OfferUse, code: Code, now: datetime) -> None:
    if code.balance == 0 and code.state != Code.State.REDEEMED:
        return  # it had ended anyway
    if code.balance < code.amount:
        acts.tell(Act.COME_BACK_KEPT, code, {}, actor=SYSTEM, now=now)
        return
    void.take_back(code_id=code.pk, reason=OwnReason.USE_UNDONE, now=now)
    # Nobody's by now: the same gift, used again, earns another.
    use.gift_id, use.unearned_at = None, now
    use.person = crypto.digest(f"unearned:{use.pk}")
    use.save(update_fields=["gift_id", "unearned_at", "person"])
