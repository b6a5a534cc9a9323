"""A device that tried too many codes or PINs, and the manager who lets it go on."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.models import Device, WrongTries
from redemption.redeem import guess_limit
from redemption.till import pin_tries
from redemption.till.staff_rules import refuse_elsewhere


def unblock(*, device: Device, actor: Actor, now: datetime | None = None) -> None:
    """A manager of its store lets a device try codes and PINs again at once. Goes into the audit log.
    Expects the brand's scope. Raises StaffRefused."""
    refuse_elsewhere(actor, {device.store_id})
    with transaction.atomic():
        WrongTries.objects.filter(key__in=guess_limit.keys(device.pk, "")).delete()
        pin_tries.forget_device(device)
        log.record(
            brand=device.brand,
            actor=actor,
            act=Act.DEVICE_UNBLOCKED,
            subject=f"device:{device.pk}",
            now=now or timezone.now(),
            device=device,
        )
