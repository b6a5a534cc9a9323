"""The sender takes gifts back: those that the law or the brand still lets them, and that nobody used."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.policy.withdrawal import Window, ends_after_days, withdrawal_window
from giftshop.orders.models import Gift, Order
from giftshop.refunds.ask import ask, lock
from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.models import Refund
from redemption.audit.actors import SYSTEM
from redemption.codes.acts import lock_all
from redemption.codes.own_reasons import OwnReason
from redemption.models import Code, Redemption


class Barrier(models.TextChoices):
    """Why a gift can't be taken back, or not now."""

    NOT_PAID = "not_paid", _("It is not paid yet.")
    USED = "used", _("It was used, if only in part.")
    CANCELLED = "cancelled", _("It is cancelled already.")
    GOING_BACK = "going_back", _("Its money is going back already.")
    ON_HOLD = "on_hold", _("It is on hold: its payment is being looked into.")
    EXPIRED = "expired", _("Its time has passed.")
    OVER = "over", _("The time for that is over.")
    OPENED = "opened", _("It was opened.")


@dataclass(frozen=True)
class Standing:
    """One gift as its sender may take it back, or why not."""

    gift: Gift
    window: Window | None
    barrier: Barrier | None

    @property
    def told(self) -> str:
        """Why not, as far as its recipient lets the sender know."""
        keeps = self.barrier == Barrier.USED and not self.gift.tells_sender
        barrier = Barrier.OPENED if keeps else self.barrier
        return str(barrier.label) if barrier else ""

    @property
    def may_go(self) -> bool:
        return self.barrier is None

    @property
    def amount(self) -> int:
        """What goes back for it, minor units."""
        return self.gift.code.paid_left if self.gift.code else 0


class WithdrawalRefused(Exception):
    """Nothing was taken back. `barriers`: of those that were asked for and can't be, by the gift's id."""

    def __init__(self, barriers: Mapping[UUID, Barrier]) -> None:
        super().__init__(", ".join(barriers.values()))
        self.barriers = barriers


def standings(
    order: Order,
    gifts: Sequence[Gift],
    *,
    used: Collection[UUID],
    going: Collection[UUID],
    now: datetime,
) -> list[Standing]:
    """Of an order's gifts, with the codes that their worth is on (credit/worth.py). No query.

    `used`: ids of codes of which something was redeemed; `going`: ids of gifts whose money is asked back."""
    found = []
    for gift in gifts:
        window = order.paid_at and withdrawal_window(
            brand=order.brand,
            paid_at=order.paid_at,
            deliver_at=gift.deliver_at,
            opened_at=gift.opened_at,
            now=now,
        )
        found.append(
            Standing(gift, window or None, _barrier(gift, window or None, used, going, now))
        )
    return found


def withdraw(*, order: Order, gift_ids: Collection[UUID], now: datetime) -> Refund:
    """These gifts are taken back and their money is asked back, all of them or none. Expects the brand's
    scope. Raises WithdrawalRefused, AskRefused, ActRefused."""
    with transaction.atomic():
        lock(order)
        gifts = with_worth(order.gifts.filter(pk__in=gift_ids))
        lock_all([gift.code_id for gift in gifts if gift.code_id])
        gifts = with_worth(order.gifts.with_everything().filter(pk__in=gift_ids))
        barriers = {
            each.gift.pk: each.barrier
            for each in standings(order, gifts, used=used_codes(gifts), going=going(gifts), now=now)
            if each.barrier
        }
        if barriers:
            raise WithdrawalRefused(barriers)
        return ask(
            order=order,
            amounts={gift.pk: None for gift in gifts},
            origin=Refund.Origin.SENDER,
            actor=SYSTEM,
            reason=OwnReason.TAKEN_BACK,
            now=now,
        )


def used_codes(gifts: Sequence[Gift]) -> set[UUID]:
    """Those of which something was redeemed, and stayed so. One query."""
    codes = [gift.code_id for gift in gifts if gift.code_id]
    return set(Redemption.objects.standing().filter(code__in=codes).values_list("code", flat=True))


def going(gifts: Sequence[Gift]) -> set[UUID]:
    """Those whose money is asked back and not there yet. One query."""
    lines = models.Q(lines__gift__in=gifts)
    return set(Refund.objects.open().filter(lines).values_list("lines__gift", flat=True))


def _barrier(
    gift: Gift,
    window: Window | None,
    used: Collection[UUID],
    going: Collection[UUID],
    now: datetime,
) -> Barrier | None:
    code = gift.code
    if code is None:
        return Barrier.NOT_PAID
    if code.state == Code.State.ON_HOLD:
        return Barrier.GOING_BACK if gift.pk in going else Barrier.ON_HOLD
    if code.state == Code.State.VOIDED:
        return Barrier.CANCELLED
    if code.state == Code.State.REDEEMED or code.pk in used:
        return Barrier.USED
    if code.state == Code.State.EXPIRED or code.expires_at <= now:
        return Barrier.EXPIRED
    if window is None:
        days = ends_after_days(gift.order.brand, gift.order.paid_at or now)
        return Barrier.OVER if days or gift.opened_at is None else Barrier.OPENED
    return None
