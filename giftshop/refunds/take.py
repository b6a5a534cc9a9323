"""A refund arrived: what it covers of its gifts is owed to nobody any more, once for each refund."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from giftshop.refunds.credit.worth import with_worth
from giftshop.refunds.earned import end_what_was_earned
from giftshop.refunds.lost import came_later
from giftshop.refunds.models import Refund, RefundLine
from giftshop.refunds.owed import owed
from redemption.codes import dispute, refund
from redemption.codes.own_reasons import OwnReason


def take(found: Refund, now: datetime, since: Sequence[RefundLine] = ()) -> None:
    """Of each line first what was paid for what is left on the gift, or was before a later dispute or refund
    took it, then what was owed back for it already; what is beyond that is the brand's goodwill. The caller
    holds the order. Expects `succeeded_at` and lines that sum to the amount.

    `since`: of a refund that came back, lines of those made after it and taken: what they took was its own,
    and they sent what is owed again."""
    owed_now = owed(found.payment)
    lines = list(found.lines.select_related("gift"))
    codes = {
        gift.pk: gift.code_id
        for gift in with_worth(line.gift for line in lines if line.gift)
        if gift.code_id
    }
    taken = refund.take_off(
        brand=found.brand,
        refund=found.subject,
        amounts={codes[line.gift_id]: line.amount for line in lines if line.gift_id in codes},
        reason=found.reason or OwnReason.PAID_BACK,
        now=now,
    )
    beyond: dict[UUID | None, int] = {}
    first = came_later(found, found.payment.disputes.all(), codes.values())
    for line in lines:
        code_id = codes.get(line.gift_id) if line.gift_id else None
        rest = line.amount - (taken.get(code_id, 0) if code_id else 0)
        if code_id and first[code_id]:
            first[code_id] = min(rest, first[code_id])
            rest -= first[code_id]
        for later in since:
            if later.gift_id == line.gift_id:
                moved = min(rest, direct(later))
                rest -= moved
                later.from_owed += moved
                later.save(update_fields=["from_owed"])
        was = line.from_owed, line.goodwill
        line.from_owed = min(rest, owed_now[line.gift_id])
        line.goodwill = rest - line.from_owed
        beyond[code_id] = line.goodwill
        if was != (line.from_owed, line.goodwill):
            line.save(update_fields=["from_owed", "goodwill"])
    if +first:
        dispute.came_first(brand=found.brand, refund=found.subject, amounts=+first, now=now)
    refund.spend_goodwill(brand=found.brand, refund=found.subject, amounts=beyond, now=now)
    found.taken_at = now
    end_what_was_earned(found.payment, now, arrived=found)


def direct(line: RefundLine) -> int:
    """What a taken line took of what was left on its gift: minor units."""
    return line.amount - line.from_owed - line.goodwill
