"""A manager makes up for something: a gift out of hand, small, named, and redeemed by somebody else.

How much one person, and a store in all, may give in a day is a rule of the brand's. A day is the store's,
from midnight to midnight on its clock.
"""

import logging
from datetime import datetime
from uuid import UUID, uuid5

from django.db import models, transaction
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from core.ids import uuid7
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import acts
from redemption.codes.acts import ActRefused
from redemption.codes.issue import CodeSpec, issue
from redemption.models import Alarm, Code, Device, GoodwillGift, StaffMember

log = logging.getLogger(__name__)


class GoodwillRefusal(models.TextChoices):
    TOO_MUCH = "too_much", _("This is above your limit.")
    NOTHING = "nothing", _("Nothing is not an amount.")
    PERSON_LIMIT = (
        "person_limit",
        _("With this you would give more today than one person may. The owner is told."),
    )
    STORE_LIMIT = (
        "store_limit",
        _("With this your store would give more today than it may. The owner is told."),
    )


def issue_goodwill_gift(
    *,
    staff: StaffMember,
    device: Device,
    amount: int,
    label: str,
    reason: str,
    recipient_name: str = "",
    key: UUID | None = None,
    now: datetime | None = None,
) -> Code:
    """A promotional code worth `amount`, minor units, at most the brand's limit for one person.

    `key`: of the form that is sent; sent twice as it is, it is the same gift. `device`: in whose store it
    is given. No till takes it while whoever issued it stands there (`Code.issued_by`). Expects the brand's
    scope. Raises ActRefused.
    """
    now = now or timezone.now()
    acts.check(Actor.staff(staff), reason)
    if amount <= 0:
        raise ActRefused(GoodwillRefusal.NOTHING)
    if amount > device.brand.void_limit:
        raise ActRefused(GoodwillRefusal.TOO_MUCH)
    with transaction.atomic():
        brand = _take_turns(staff, device.store)
        said = f"{key or uuid7()}:{amount}:{recipient_name}:{reason}"
        reference = f"hand:{uuid5(staff.pk, said)}"
        if known := Code.objects.filter(reference=reference, batch_id=None).first():
            return known
        beyond = _beyond(brand, staff, device.store, amount, now)
        if beyond is None:
            return _give(
                brand, staff, device, reference, amount, label, reason, recipient_name, now
            )
        _alarm(brand, device, now)
    raise ActRefused(beyond)


def _take_turns(staff: StaffMember, store: Store) -> Brand:
    """Two gifts of one person, or at one store, are given one after the other: each counts the one
    before. Answers the brand with its rules of now."""
    StaffMember.objects.select_for_update(no_key=True).get(pk=staff.pk)
    held = Store.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("brand").get(pk=store.pk).brand


def _beyond(
    brand: Brand, staff: StaffMember, store: Store, amount: int, now: datetime
) -> GoodwillRefusal | None:
    """Which limit the gift would go beyond, with what was given on this day already."""
    today = store.within(now.astimezone(store.tz).date(), "given_at")
    given = GoodwillGift.objects.filter(Q(staff=staff) | Q(store=store), **today).aggregate(
        by_person=Sum("amount", filter=Q(staff=staff), default=0),
        at_store=Sum("amount", filter=Q(store=store), default=0),
    )
    if given["by_person"] + amount > brand.goodwill_person_limit:
        return GoodwillRefusal.PERSON_LIMIT
    if given["at_store"] + amount > brand.goodwill_store_limit:
        return GoodwillRefusal.STORE_LIMIT
    return None


def _alarm(brand: Brand, device: Device, now: datetime) -> None:
    """Tell the owner, once for each store and day. The caller holds the store."""
    store = device.store
    today = now.astimezone(store.tz).date()
    known = Alarm.objects.filter(kind=Alarm.Kind.GOODWILL, device__store=store)
    if known.filter(**store.within(today, "raised_at")).exists():
        return
    given = GoodwillGift.objects.filter(store=store, **store.within(today, "given_at"))
    so_far = given.aggregate(count=Count("pk"), since=Min("given_at"))
    Alarm.objects.create(
        brand=brand,
        kind=Alarm.Kind.GOODWILL,
        device=device,
        count=so_far["count"],
        since=so_far["since"] or now,
        raised_at=now,
    )
    log.error("more was asked for as goodwill than a day allows, brand %s", brand.pk)


def _give(
    brand: Brand,
    staff: StaffMember,
    device: Device,
    reference: str,
    amount: int,
    label: str,
    reason: str,
    recipient_name: str,
    now: datetime,
) -> Code:
    spec = CodeSpec(
        reference=reference,
        label=label,
        amount=amount,
        kind=Code.Kind.VALUE,
        recipient_name=recipient_name,
        issued_by=staff.pk,
    )
    code = issue(
        brand=brand,
        reference=spec.reference,
        origin=Code.Origin.PROMOTIONAL,
        specs=[spec],
        now=now,
    )[0]
    GoodwillGift.objects.create(
        brand=brand,
        code=code,
        store=device.store,
        staff=staff,
        amount=amount,
        reason=reason,
        given_at=now,
    )
    acts.tell(
        Act.CODE_ISSUED,
        code,
        {"reason": reason, "amount": amount, "currency": brand.currency},
        actor=Actor.staff(staff),
        now=now,
        device=device,
    )
    return code
