"""Sums kept ready: what a fact or a visit adds, added in the same transaction.

`add` and `rebuild` say the same thing twice, once for one event and once for all of them; a test holds
them equal to the unit after random histories.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from campaigns.models import Fact, Rollup
from redemption.models import Brand

Key = tuple[str, UUID | None, UUID | None, UUID | None, int | None]
"""grain, campaign, link, store, hour"""

UPSERT = """
INSERT INTO campaigns_rollup (brand_id, grain, campaign_id, link_id, store_id, day, hour, {counters})
VALUES {rows}
ON CONFLICT (brand_id, grain, campaign_id, link_id, store_id, day, hour) DO UPDATE SET {sums}
"""

REBUILD = """
WITH event AS (
  SELECT campaign_id, link_id, store_id, occurred_at AT TIME ZONE %(time_zone)s AS local,
         0 AS visits,
         (topic = 'order.paid')::int AS orders,
         CASE WHEN topic = 'order.paid' THEN quantity ELSE 0 END AS gifts_sold,
         CASE WHEN topic = 'order.paid' THEN amount ELSE 0 END AS revenue,
         CASE WHEN topic = 'gift.sent' THEN quantity ELSE 0 END AS delivered,
         CASE WHEN topic = 'gift.opened' THEN quantity ELSE 0 END AS opened,
         CASE WHEN at_the_counter THEN quantity ELSE 0 END AS redeemed,
         CASE WHEN at_the_counter THEN amount ELSE 0 END AS redeemed_amount,
         CASE WHEN at_the_counter THEN spend_over ELSE 0 END AS spend_over,
         CASE WHEN at_the_counter AND basket_total IS NOT NULL THEN quantity ELSE 0 END AS baskets
    FROM campaigns_fact,
         LATERAL (SELECT topic IN ('code.redeemed', 'redemption.reversed') AS at_the_counter) AS place
   WHERE brand_id = %(brand)s
  UNION ALL
  SELECT link.campaign_id, visit.link_id, NULL, visit.at AT TIME ZONE %(time_zone)s,
         1, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM campaigns_visit AS visit JOIN campaigns_link AS link ON link.id = visit.link_id
   WHERE visit.brand_id = %(brand)s
)
INSERT INTO campaigns_rollup (brand_id, grain, campaign_id, link_id, store_id, day, hour, {counters})
SELECT %(brand)s::uuid, seen.grain, seen.campaign_id, seen.link_id, seen.store_id, local::date,
       seen.hour, {sums}
  FROM event, LATERAL (
    SELECT 'brand', NULL::uuid, NULL::uuid, NULL::uuid, NULL::int
    UNION ALL SELECT 'hour', NULL, NULL, NULL, extract(hour FROM local)::int
    UNION ALL SELECT 'campaign', campaign_id, NULL, NULL, NULL WHERE campaign_id IS NOT NULL
    UNION ALL SELECT 'link', campaign_id, event.link_id, NULL, NULL WHERE event.link_id IS NOT NULL
    UNION ALL SELECT 'store', NULL, NULL, event.store_id, NULL WHERE event.store_id IS NOT NULL
    UNION ALL SELECT 'at_store', campaign_id, NULL, event.store_id, NULL
        WHERE campaign_id IS NOT NULL AND event.store_id IS NOT NULL
  ) AS seen(grain, campaign_id, link_id, store_id, hour)
 GROUP BY 2, 3, 4, 5, 6, 7
"""


def counted(fact: Fact) -> dict[str, int]:
    """What one fact adds to each counter that it moves."""
    match fact.topic:
        case Fact.Topic.ORDER_PAID:
            return {"orders": 1, "gifts_sold": fact.quantity, "revenue": fact.amount}
        case Fact.Topic.GIFT_SENT:
            return {"delivered": fact.quantity}
        case Fact.Topic.GIFT_OPENED:
            return {"opened": fact.quantity}
        case _:
            return {
                "redeemed": fact.quantity,
                "redeemed_amount": fact.amount,
                "spend_over": fact.spend_over,
                "baskets": 0 if fact.basket_total is None else fact.quantity,
            }


def add(
    *,
    brand: Brand,
    at: datetime,
    counts: Mapping[str, int],
    campaign_id: UUID | None = None,
    link_id: UUID | None = None,
    store_id: UUID | None = None,
) -> None:
    """Add the counts to every row that sees them: one statement, in the caller's transaction.

    The brand's own row comes first, so two writers of one day queue there and never deadlock.
    """
    local = at.astimezone(brand.tz)
    added = [counts.get(name, 0) for name in Rollup.COUNTERS]
    keys = _keys(hour=local.hour, campaign_id=campaign_id, link_id=link_id, store_id=store_id)
    places = "(" + ", ".join(["%s"] * (7 + len(added))) + ")"
    values: list[Any] = []
    for grain, campaign, link, store, hour in keys:
        values += [brand.pk, grain, campaign, link, store, local.date(), hour, *added]
    statement = UPSERT.format(
        counters=", ".join(Rollup.COUNTERS),
        rows=", ".join([places] * len(keys)),
        sums=", ".join(f"{name} = campaigns_rollup.{name} + EXCLUDED.{name}" for name in counts),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rebuild(*, brand: Brand) -> int:
    """Throw the brand's sums away and make them again from its facts and visits; the rows made.

    Writers wait meanwhile: whoever has written a fact but not yet its sums adds them afterwards, to
    the new rows, because the rebuild cannot see a fact that is not committed.
    """
    names = ", ".join(Rollup.COUNTERS)
    sums = ", ".join(f"sum(event.{name})" for name in Rollup.COUNTERS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("LOCK TABLE campaigns_rollup IN SHARE ROW EXCLUSIVE MODE")
        Rollup.objects.filter(brand=brand).delete()
        cursor.execute(
            REBUILD.format(counters=names, sums=sums),
            {"brand": brand.pk, "time_zone": brand.time_zone},
        )
        return int(cursor.rowcount)


def _keys(
    *, hour: int, campaign_id: UUID | None, link_id: UUID | None, store_id: UUID | None
) -> list[Key]:
    grain = Rollup.Grain
    keys: list[Key] = [
        (grain.BRAND, None, None, None, None),
        (grain.HOUR, None, None, None, hour),
    ]
    if campaign_id:
        keys.append((grain.CAMPAIGN, campaign_id, None, None, None))
    if link_id:
        keys.append((grain.LINK, campaign_id, link_id, None, None))
    if store_id:
        keys.append((grain.STORE, None, None, store_id, None))
    if campaign_id and store_id:
        keys.append((grain.CAMPAIGN_STORE, campaign_id, None, store_id, None))
    return keys
