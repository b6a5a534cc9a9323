"""What all acts on a gift have in common: somebody who may do it, a reason, a locked code, an audit entry.

    with acts.on_code(code_id, Act.CODE_HELD, actor=actor, reason=reason, now=now) as (code, told):
        ...

The body judges the code and changes it, and adds to `told` what the audit entry is to say beside the
reason. Whatever it raises undoes everything.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.refused import Refused
from core.tenancy import scoped_to
from redemption import discounts
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.models import Code, Device


class Refusal(models.TextChoices):
    """What more than one act is refused for; each has others of its own."""

    UNKNOWN_CODE = "unknown_code", _("There is no such gift.")
    NOT_A_MANAGER = "not_a_manager", _("Only a manager can do this.")
    NO_REASON = "no_reason", _("Say why, in a few words.")
    NOTHING_LEFT = "nothing_left", _("Nothing is left on this gift.")
    HELD = "held", _("This gift is held for a dispute, which has to end first.")


class ActRefused(Refused[models.TextChoices]):
    """`reason`: a Refusal, or one of the act's own."""


@contextmanager
def on_code(
    code_id: UUID,
    act: Act,
    *,
    actor: Actor,
    reason: str | None,
    now: datetime,
    device: Device | None = None,
    product_may: bool = False,
) -> Iterator[tuple[Code, dict[str, Any]]]:
    """One act, in one transaction: the code, locked, with its brand; and the details of the audit entry.

    `reason`: None for an act that needs none of its own. `product_may`: also without a person. Expects the
    brand's scope. Raises ActRefused.
    """
    check(actor, reason, product_may=product_may)
    with transaction.atomic():
        code = lock(code_id)
        told = {} if reason is None else {"reason": reason}
        yield code, told
        tell(act, code, told, actor=actor, now=now, device=device)


def check(actor: Actor, reason: str | None, *, product_may: bool = False) -> None:
    """A manager, and why. Raises ActRefused. 1 query for staff."""
    if reason is not None and not reason.strip():
        raise ActRefused(Refusal.NO_REASON)
    if not actor.is_manager() and not (product_may and actor.kind == "system"):
        raise ActRefused(Refusal.NOT_A_MANAGER)


def lock(code_id: UUID) -> Code:
    """The code until commit, with its brand: whoever else acts on it waits. Raises ActRefused."""
    code = Code.objects.locked().select_related("brand").filter(pk=code_id).first()
    if code is None:
        raise ActRefused(Refusal.UNKNOWN_CODE)
    return code


def lock_all(code_ids: Collection[UUID]) -> list[Code]:
    """Those that there are, before anything is written, and in one order: two acts on the same gifts then
    take turns. With their brand: as it was read for the scope, or else as it is kept."""
    codes, brand = Code.objects.locked(), scoped_to()
    if not isinstance(brand, Brand):
        return list(codes.select_related("brand").filter(pk__in=code_ids).order_by("pk"))
    found = list(codes.filter(pk__in=code_ids).order_by("pk"))
    for code in found:
        code.brand = brand
    return found


class Left(NamedTuple):
    """On a code: minor units."""

    balance: int
    paid: int
    """What was paid for it."""


def lock_left(code_ids: Collection[UUID]) -> dict[UUID, Left]:
    """As lock_all, where what is left on each is all that is asked: by the code's id."""
    codes = Code.objects.locked().filter(pk__in=code_ids).order_by("pk")
    rows = codes.values_list("pk", "balance", "amount", "discount", "currency", "paid_back")
    return {
        pk: Left(
            balance,
            discounts.paid_of(
                balance, amount=amount, discount=discount, currency=currency, back=back
            ),
        )
        for pk, balance, amount, discount, currency, back in rows
    }


def tell(
    act: Act,
    code: Code,
    details: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    device: Device | None = None,
) -> None:
    """Add the act to the audit log, in its own transaction. 3 statements."""
    log.record(
        brand=code.brand,
        actor=actor,
        act=act,
        subject=f"code:{code.pk}",
        now=now,
        details=details,
        device=device,
    )


def tell_all(act: Act, told: Mapping[Code, dict[str, Any]], *, actor: Actor, now: datetime) -> None:
    """As tell(), of several codes of one brand, in this order. 3 statements, none for no code."""
    for brand in {code.brand for code in told}:
        entries = [log.Told(act, f"code:{code.pk}", details) for code, details in told.items()]
        log.record_all(brand=brand, actor=actor, told=entries, now=now)
