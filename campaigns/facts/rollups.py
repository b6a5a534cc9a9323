"""Sums kept ready: what facts and visits add, added in the same transaction.

What an event adds to which counter is declared in counters.py; to which rows, is said once, here, in SQL,
for a batch of new facts, for a visit and for all events of a brand. A test holds them equal, to the unit, to
a count by hand after random histories.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from brands.models import Brand
from campaigns.facts.counters import COUNTERS, NAMES
from campaigns.models import Rollup
from core.database.long_statements import long_statements

KEY = "brand_id, grain, campaign_id, link_id, store_id, day, hour"
TURN = f"array_position(ARRAY{[str(grain) for grain in Rollup.Grain]}, grain::text)"

SUMS = ", ".join(NAMES)


def _added(by: str) -> str:
    """What an event adds to each counter, in their order. `by`: the source of a Counter."""
    return ", ".join(getattr(counter, by) or "0" for counter in COUNTERS.values())


OF_FACTS = f"""
  SELECT fact.brand_id, campaign_id, link_id, store_id, occurred_at AT TIME ZONE brand.time_zone,
         {_added("of_fact")}
    FROM campaigns_fact AS fact JOIN brands_brand AS brand ON brand.id = fact.brand_id
   WHERE topic NOT IN ('gift.sent', 'gift.opened')
"""  # nosec B608  # of our own words

# What became of a sold gift, counted on the day of the sale. Facts of old do not say when that was.
OF_SALES = f"""
  SELECT fact.brand_id, campaign_id, link_id, NULL::uuid, sale.at AT TIME ZONE brand.time_zone,
         {_added("of_sale")}
    FROM campaigns_fact AS fact JOIN brands_brand AS brand ON brand.id = fact.brand_id,
         LATERAL (SELECT coalesce(fact.sold_at,
                                  (SELECT occurred_at FROM campaigns_fact AS paid
                                    WHERE paid.topic = 'order.paid'
                                      AND paid.subject_id = fact.order_id)) AS at) AS sale
   WHERE topic <> 'order.paid' AND sale.at IS NOT NULL
"""  # nosec B608  # of our own words

OF_VISITS = f"""
  SELECT visit.brand_id, campaign_id, link_id, NULL::uuid,
         visit.at AT TIME ZONE brand.time_zone, {_added("of_visit")}
    FROM campaigns_visit AS visit JOIN brands_brand AS brand ON brand.id = visit.brand_id
"""  # nosec B608  # of our own words

SEEN = f"""
event (brand_id, campaign_id, link_id, store_id, local, {SUMS}) AS ({{events}}),
added AS (
  SELECT event.brand_id, seen.grain, seen.campaign_id, seen.link_id, seen.store_id,
         local::date AS day, seen.hour,
         {", ".join(f"sum(event.{name}) AS {name}" for name in NAMES)}
    FROM event, LATERAL (
      SELECT 'brand', NULL::uuid, NULL::uuid, NULL::uuid, NULL::int
      UNION ALL SELECT 'hour', NULL, NULL, NULL, extract(hour FROM local)::int
      UNION ALL SELECT 'campaign', event.campaign_id, NULL, NULL, NULL
          WHERE event.campaign_id IS NOT NULL
      UNION ALL SELECT 'link', event.campaign_id, event.link_id, NULL, NULL
          WHERE event.link_id IS NOT NULL
      UNION ALL SELECT 'store', NULL, NULL, event.store_id, NULL
          WHERE event.store_id IS NOT NULL
      UNION ALL SELECT 'at_store', event.campaign_id, NULL, event.store_id, NULL
          WHERE event.campaign_id IS NOT NULL AND event.store_id IS NOT NULL
    ) AS seen(grain, campaign_id, link_id, store_id, hour)
   GROUP BY 1, 2, 3, 4, 5, 6, 7
)"""  # nosec B608  # names of our own columns

# Everybody who adds locks rows in the same order: by grain, then by key.
ADD = f"""
INSERT INTO campaigns_rollup ({KEY}, {SUMS})
SELECT {KEY}, {SUMS} FROM {{rows}}
 ORDER BY {TURN}, {KEY}
    ON CONFLICT ({KEY}) DO UPDATE
   SET {", ".join(f"{name} = campaigns_rollup.{name} + EXCLUDED.{name}" for name in NAMES)}
"""  # nosec B608  # names of our own columns

OF_EVENTS = f"WITH {SEEN} {ADD.format(rows='added')}"
ADD_FACTS = OF_EVENTS.format(
    events=f"{OF_FACTS} AND fact.id = ANY(%s) UNION ALL {OF_SALES} AND fact.id = ANY(%s)"
)
ADD_VISIT = OF_EVENTS.format(events=f"{OF_VISITS} WHERE visit.id = %s")

MISSING = f"""
missing AS (
  SELECT {KEY}, {", ".join(f"sum({name}) AS {name}" for name in NAMES)}
    FROM (SELECT {KEY}, {SUMS} FROM added
          UNION ALL
          SELECT {KEY}, {", ".join(f"-{name}" for name in NAMES)}
            FROM campaigns_rollup WHERE brand_id = %s) AS both_ways
   GROUP BY {KEY}
  HAVING {" OR ".join(f"sum({name}) <> 0" for name in NAMES)}
)"""  # nosec B608  # names of our own columns
REBUILD = f"WITH {SEEN}, {MISSING} {ADD.format(rows='missing')}".format(
    events=f"{OF_FACTS} AND fact.brand_id = %s UNION ALL {OF_SALES} AND fact.brand_id = %s"
    f" UNION ALL {OF_VISITS} WHERE visit.brand_id = %s"
)
FORGET_EMPTY = f"""
DELETE FROM campaigns_rollup
 WHERE brand_id = %s AND {" AND ".join(f"{name} = 0" for name in NAMES)}
"""  # nosec B608  # names of our own columns


def add_facts(ids: Sequence[int]) -> None:
    """Add these facts to every row that sees them: one statement, in the transaction that wrote them."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(ADD_FACTS, [list(ids)] * 2)


def add_visit(visit_id: UUID) -> None:
    """The same for one visit."""
    with connection.cursor() as cursor:
        cursor.execute(ADD_VISIT, [visit_id])


def rebuild(*, brand: Brand) -> int:
    """Make the brand's sums equal its facts and visits; how many rows were not.

    Writers go on meanwhile. A fact and its sums are one commit, so whatever moment the statement sees,
    what it finds missing then is missing for good: it adds the difference, as they add theirs. One
    rebuild at a time, though, or two would add the same difference.
    """
    with transaction.atomic(), long_statements(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('rollups'), hashtext(%s))", [str(brand.pk)]
        )
        cursor.execute(REBUILD, [brand.pk] * 4)
        corrected = int(cursor.rowcount)
        cursor.execute(FORGET_EMPTY, [brand.pk])
        return corrected
