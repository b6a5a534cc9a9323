"""The open reversal that stays in the corner for as long as the person at the device may use it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from redemption.models import Device, Redemption, StaffMember
from redemption.redeem.reversal_reasons import QuickReason
from redemption.redeem.reverse import open_until

A_DAY = timedelta(days=1)
"""Nobody may reverse anything that is older."""


@dataclass(frozen=True)
class OpenReversal:
    redemption_id: UUID
    label: str
    seconds_left: int
    """Counted by the device itself: its clock may be wrong, its seconds are not."""

    @property
    def reasons(self) -> list[tuple[str, Any]]:
        return list(QuickReason.choices)

    @property
    def clock(self) -> str:
        """1:05; nothing while it is hours, as for a manager."""
        minutes, seconds = divmod(self.seconds_left, 60)
        return f"{minutes}:{seconds:02d}" if minutes < 60 else ""

    @classmethod
    def of(
        cls,
        redemption_id: UUID,
        *,
        label: str,
        redeemed_at: datetime,
        device: Device,
        staff: StaffMember,
        now: datetime,
    ) -> "OpenReversal | None":
        """Of a redemption at the device's store. None when it is too late for this person."""
        until = open_until(redeemed_at, brand=device.brand, store=device.store, role=staff.role)
        left = int((until - now).total_seconds())
        return cls(redemption_id, label, left) if left > 0 else None


def latest_open_reversal(
    device: Device, staff: StaffMember, now: datetime, code_id: UUID | None = None
) -> OpenReversal | None:
    """What may still be reversed here: of this device, or of one code wherever in the store it was
    taken. One query; a reload of the page loses nothing."""
    latest = (
        Redemption.objects.standing()
        .filter(store=device.store, redeemed_at__gt=now - A_DAY)
        .filter(**({"code_id": code_id} if code_id else {"device": device}))
        .select_related("code")
        .order_by("-redeemed_at")
        .first()
    )
    if latest is None:
        return None
    return OpenReversal.of(
        latest.pk,
        label=latest.code.label,
        redeemed_at=latest.redeemed_at,
        device=device,
        staff=staff,
        now=now,
    )
