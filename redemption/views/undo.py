"""The undo that stays in the corner for as long as the brand's window is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from redemption.models import Redemption


class QuickReason(models.TextChoices):
    """Reasons that need one tap. Their values are kept with the reversal, so they can be read."""

    MISTAKE = "scanned by mistake", _("Scanned by mistake")
    WRONG_CHOICE = "wrong choice", _("Wrong choice tapped")
    CHANGED_MIND = "guest changed their mind", _("Guest changed their mind")
    SOLD_OUT = "sold out", _("We ran out of it")


@dataclass(frozen=True)
class Undo:
    redemption_id: UUID
    label: str
    seconds_left: int
    """Counted by the tablet itself: its clock may be wrong, its seconds are not."""

    @property
    def reasons(self) -> list[tuple[str, Any]]:
        return list(QuickReason.choices)

    @property
    def clock(self) -> str:
        return f"{self.seconds_left // 60}:{self.seconds_left % 60:02d}"

    @classmethod
    def of(cls, redemption: Redemption, window: timedelta, now: datetime) -> "Undo | None":
        return cls._until(
            redemption.pk, redemption.code.label, redemption.redeemed_at + window, now
        )

    @classmethod
    def told(cls, body: dict[str, Any], now: datetime) -> "Undo | None":
        """From the answer to a redemption; None when its window has passed (a late replay)."""
        until = parse_datetime(body["reversible_until"])
        assert until is not None  # noqa: S101  we wrote it ourselves
        return cls._until(UUID(body["id"]), body["gift"]["label"], until, now)

    @classmethod
    def _until(cls, pk: UUID, label: str, until: datetime, now: datetime) -> "Undo | None":
        left = int((until - now).total_seconds())
        return cls(pk, label, left) if left > 0 else None
