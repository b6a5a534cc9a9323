"""Hears what redemption did and writes it to the outbox in the same commit."""

from datetime import datetime
from typing import Any

from giftshop.outbox.outbox import emit
from redemption import signals
from redemption.models import Redemption, Reversal


def connect() -> None:
    signals.code_redeemed.connect(on_code_redeemed, dispatch_uid="outbox.code_redeemed")
    signals.redemption_reversed.connect(on_redemption_reversed, dispatch_uid="outbox.reversed")


def on_code_redeemed(*, redemption: Redemption, now: datetime, **_kwargs: Any) -> None:
    emit(
        topic="code.redeemed",
        brand_id=redemption.brand_id,
        payload=_describe(redemption),
        now=now,
    )


def on_redemption_reversed(*, reversal: Reversal, now: datetime, **_kwargs: Any) -> None:
    emit(
        topic="redemption.reversed",
        brand_id=reversal.brand_id,
        payload=_describe(reversal.redemption),
        now=now,
    )


def _describe(redemption: Redemption) -> dict[str, Any]:
    return {
        "redemption_id": str(redemption.pk),
        "code_id": str(redemption.code_id),
        "store_id": str(redemption.store_id),
        "amount": redemption.amount,
        "extra_amount": redemption.extra_amount,
        "basket_total": redemption.basket_total,
        "currency": redemption.currency,
    }
