"""Pairing a tablet or till with a store: a one-time token is traded for a lasting one, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from redemption import sealing
from redemption.models import Device, Store

PAIRING_LIFE = timedelta(minutes=15)


class PairingRefused(Exception):
    """The one-time token is unknown, used, out of date, or its device was revoked."""


@dataclass(frozen=True)
class PairedDevice:
    device: Device
    token: str
    """Shown once; only its digest is kept."""


def invite(
    *, store: Store, name: str, profile: str = Device.Profile.POS, now: datetime | None = None
) -> tuple[Device, str]:
    """A device that waits to be paired, and the one-time token to show as a QR."""
    token = sealing.new_token()
    device = Device.objects.create(
        brand_id=store.brand_id,
        store=store,
        name=name,
        profile=profile,
        pairing_digest=sealing.token_digest(token),
        pairing_expires_at=(now or timezone.now()) + PAIRING_LIFE,
    )
    return device, token


def pair(*, one_time_token: str, now: datetime | None = None) -> PairedDevice:
    """Trade the one-time token for the device's own. Raises PairingRefused."""
    now = now or timezone.now()
    with transaction.atomic(), scopes_disabled():
        device = (
            Device.objects.awaiting_pairing(now)
            .select_for_update(of=("self",))
            .select_related("brand", "store")
            .filter(pairing_digest=sealing.token_digest(one_time_token))
            .first()
        )
        if device is None:
            raise PairingRefused
        return _give_token(device, now)


def pair_directly(
    *, store: Store, name: str, profile: str = Device.Profile.POS, now: datetime | None = None
) -> PairedDevice:
    """A device paired at once, for whoever already sits at the server."""
    device, _one_time = invite(store=store, name=name, profile=profile, now=now)
    return _give_token(device, now or timezone.now())


def _give_token(device: Device, now: datetime) -> PairedDevice:
    token = sealing.new_token()
    device.token_digest, device.paired_at = sealing.token_digest(token), now
    device.pairing_digest = device.pairing_expires_at = None
    device.save(update_fields=["token_digest", "paired_at", "pairing_digest", "pairing_expires_at"])
    return PairedDevice(device, token)


def revoke(*, device: Device, now: datetime | None = None) -> None:
    """From now on the device is a stranger; its next request is refused."""
    device.revoked_at = now or timezone.now()
    device.save(update_fields=["revoked_at"])


def device_for_token(token: str) -> Device | None:
    """The paired device, with its brand and store, or None. One query."""
    with scopes_disabled():
        return (
            Device.objects.paired()
            .select_related("brand", "store")
            .filter(token_digest=sealing.token_digest(token), store__is_active=True)
            .first()
        )
