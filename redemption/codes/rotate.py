"""A new code for the same gift: the old symbols are good nowhere from that commit on, the money stays.

A till that has read the old ones and not written yet writes nothing either: what it read carries the code's
version (redeem/write.py), which is another by then.
"""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import crypto
from core.times import moment
from redemption import code_format
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import acts
from redemption.codes.acts import ActRefused
from redemption.models import Code, Device, RetiredCode

VERSIONS_MAX = 10_000
"""Far more than anybody needs, and less than the column holds."""


class RotationRefusal(models.TextChoices):
    NOT_GOOD = "not_good", _("This gift can't be used any more.")
    USED = "used", _("Part of this gift was used already.")
    ON_HOLD = "on_hold", _("This gift is on hold.")
    TOO_OFTEN = "too_often", _("This gift was changed too often.")


def rotate(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    recipient_name: str | None = None,
    arrives_at: datetime | None = None,
    now: datetime,
    device: Device | None = None,
) -> Code:
    """Other symbols for a gift of which nothing was used. Expects the brand's scope. Raises ActRefused.

    `recipient_name`: whom staff greet from now on. `arrives_at`: when its recipient gets it; its last day
    moves with that, and never to an earlier one. Nothing is posted: what is owed stays owed.
    """
    with acts.on_code(
        code_id,
        Act.CODE_ROTATED,
        actor=actor,
        reason=reason,
        now=now,
        device=device,
        product_may=True,
    ) as (code, told):
        if refusal := refusal_of(code, now):
            raise ActRefused(refusal)
        if code.version >= VERSIONS_MAX:
            raise ActRefused(RotationRefusal.TOO_OFTEN)
        RetiredCode.objects.create(digest=bytes(code.digest), code=code, retired_at=now)
        plain = code_format.generate()
        code.digest, code.kid, code.last4 = crypto.digest(plain), crypto.current_kid(), plain[-4:]
        code.ciphertext = crypto.seal(plain, context=code.sealing_context)
        code.version += 1
        code.looked_at = None
        if recipient_name is not None:
            code.recipient_name = recipient_name
        if arrives_at is not None:
            until = max(code.expires_at, code.brand.expiry_for(max(now, arrives_at)))
            if until != code.expires_at:
                told.update({"from": moment(code.expires_at), "to": moment(until)})
                code.expires_at = until
        code.save(
            update_fields=[
                "digest",
                "kid",
                "last4",
                "ciphertext",
                "version",
                "looked_at",
                "recipient_name",
                "expires_at",
            ]
        )
    return code


def refusal_of(code: Code, now: datetime) -> RotationRefusal | None:
    """Why its symbols stay as they are; None where they may change. No query."""
    if code.state == Code.State.ON_HOLD:
        return RotationRefusal.ON_HOLD
    if code.state != Code.State.ACTIVE or code.expires_at <= now:
        return RotationRefusal.NOT_GOOD
    return RotationRefusal.USED if code.balance != code.amount else None
