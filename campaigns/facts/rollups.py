"""Sums kept ready: what facts and visits add, added in the same transaction.

What an event adds to which counter is declared in counters.py; to which rows, is said once, here, in SQL,
for a batch of new facts, for a visit and for all events of a brand. A fact is counted as it is, and once more
gift by gift for the rows of treats. A test holds them equal, to the unit, to
a count by hand after random histories.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from brands.models import Brand
from campaigns.facts.counters import COUNTERS, NAMES
from campaigns.models import Rollup
from core.database.long_statements import long_statements

KEY = "brand_id, grain, campaign_id, link_id, store_id, treat_id, offer_id, day, hour"
TURN = f"array_position(ARRAY{[str(grain) for grain in Rollup.Grain]}, grain::text)"

SUMS = ", ".join(NAMES)


def _added(by: str, *, without: Sequence[str] = ()) -> str:
    """What an event adds to each counter, in their order. `by`: the source of a Counter."""
    return ", ".join(
        "0" if name in without else getattr(counter, by) or "0"
        for name, counter in COUNTERS.items()
    )


WHOLE = "(SELECT *, NULL::uuid AS treat_id FROM campaigns_fact)"

_TOLD_OF_ONE = """told.id, told.brand_id, told.campaign_id, NULL, NULL,
         told.topic, told.occurred_at, told.sold_at, told.order_id, told.subject_id, told.quantity,
         told.gifts, told.amount, told.spend_over, told.basket_total,
         told.extra_amount, told.is_promotional, told.is_returning, told.offer_id,
         told.code_id"""

# What the counters look at, of a gift at a time: an order tells of several treats. A coupon is no gift; its
# use says its treat. A discount is of an order, and of no treat.
OF_TREATS = f"""(
  SELECT told.id, told.brand_id, told.campaign_id, NULL::uuid AS link_id, NULL::uuid AS store_id,
         told.topic, told.occurred_at, told.sold_at, told.order_id, told.subject_id, 1 AS quantity,
         NULL::int AS gifts, gift.amount - gift.discount AS amount, 0 AS spend_over,
         NULL::bigint AS basket_total,
         0 AS extra_amount, NULL::bool AS is_promotional, NULL::bool AS is_returning,
         NULL::uuid AS offer_id, NULL::uuid AS code_id, gift.treat_id
    FROM campaigns_fact AS told JOIN orders_gift AS gift ON gift.order_id = told.subject_id
         LEFT JOIN redemption_code AS code ON code.id = gift.code_id
   WHERE told.topic = 'order.paid' AND code.origin IS DISTINCT FROM 'promotional'
   UNION ALL
  SELECT {_TOLD_OF_ONE}, gift.treat_id
    FROM campaigns_fact AS told JOIN orders_gift AS gift ON gift.id = told.gift_id
   WHERE told.topic NOT IN ('order.paid', 'promotion.moved')
   UNION ALL
  SELECT {_TOLD_OF_ONE}, coupon.treat_id
    FROM campaigns_fact AS told JOIN offers_offeruse AS coupon ON coupon.code_id = told.code_id
   WHERE told.offer_id IS NOT NULL AND coupon.treat_id IS NOT NULL)"""  # nosec B608  # of our own words


def _of_facts(source: str, *, without: Sequence[str] = ()) -> str:
    return f"""
  SELECT fact.brand_id, campaign_id, link_id, store_id, treat_id, offer_id,
         occurred_at AT TIME ZONE brand.time_zone, {_added("of_fact", without=without)}
    FROM {source} AS fact JOIN brands_brand AS brand ON brand.id = fact.brand_id
   WHERE topic NOT IN ('gift.sent', 'gift.opened')
"""  # nosec B608  # of our own words


def _of_sales(source: str) -> str:
    """What became of a sold gift, counted on the day of the sale. Facts of old do not say when that was."""
    return f"""
  SELECT fact.brand_id, campaign_id, link_id, NULL::uuid, treat_id, NULL::uuid,
         sale.at AT TIME ZONE brand.time_zone, {_added("of_sale")}
    FROM {source} AS fact JOIN brands_brand AS brand ON brand.id = fact.brand_id,
         LATERAL (SELECT coalesce(fact.sold_at,
                                  (SELECT occurred_at FROM campaigns_fact AS paid
                                    WHERE paid.topic = 'order.paid'
                                      AND paid.subject_id = fact.order_id)) AS at) AS sale
   WHERE topic NOT IN ('order.paid', 'refund.arrived', 'refund.returned', 'dispute.lost', 'promotion.moved')
     AND sale.at IS NOT NULL
"""  # nosec B608  # of our own words


# An order is one, however many treats are in it.
SOURCES = (
    _of_facts(WHOLE),
    _of_sales(WHOLE),
    _of_facts(OF_TREATS, without=("orders",)),
    _of_sales(OF_TREATS),
)

OF_VISITS = f"""
  SELECT visit.brand_id, campaign_id, link_id, NULL::uuid, NULL::uuid, NULL::uuid,
         visit.at AT TIME ZONE brand.time_zone, {_added("of_visit")}
    FROM campaigns_visit AS visit JOIN brands_brand AS brand ON brand.id = visit.brand_id
"""  # nosec B608  # of our own words

SEEN = f"""
event (brand_id, campaign_id, link_id, store_id, treat_id, offer_id, local, {SUMS}) AS ({{events}}),
added AS (
  SELECT event.brand_id, seen.grain, seen.campaign_id, seen.link_id, seen.store_id, seen.treat_id,
         seen.offer_id, local::date AS day, seen.hour,
         {", ".join(f"sum(event.{name}) AS {name}" for name in NAMES)}
    FROM event, LATERAL (
      SELECT * FROM (
        SELECT 'brand', NULL::uuid, NULL::uuid, NULL::uuid, NULL::uuid, NULL::uuid, NULL::int
        UNION ALL SELECT 'hour', NULL, NULL, NULL, NULL, NULL, extract(hour FROM local)::int
        UNION ALL SELECT 'campaign', event.campaign_id, NULL, NULL, NULL, NULL, NULL
            WHERE event.campaign_id IS NOT NULL
        UNION ALL SELECT 'link', event.campaign_id, event.link_id, NULL, NULL, NULL, NULL
            WHERE event.link_id IS NOT NULL
        UNION ALL SELECT 'store', NULL, NULL, event.store_id, NULL, NULL, NULL
            WHERE event.store_id IS NOT NULL
        UNION ALL SELECT 'at_store', event.campaign_id, NULL, event.store_id, NULL, NULL, NULL
            WHERE event.campaign_id IS NOT NULL AND event.store_id IS NOT NULL
        UNION ALL SELECT 'offer', NULL, NULL, NULL, NULL, event.offer_id, NULL
            WHERE event.offer_id IS NOT NULL
        UNION ALL SELECT 'of_offer', event.campaign_id, NULL, NULL, NULL, event.offer_id, NULL
            WHERE event.offer_id IS NOT NULL AND event.campaign_id IS NOT NULL
      ) AS whole WHERE event.treat_id IS NULL
      UNION ALL SELECT 'treat', NULL, NULL, NULL, event.treat_id, NULL, NULL
          WHERE event.treat_id IS NOT NULL
      UNION ALL SELECT 'of_treat', event.campaign_id, NULL, NULL, event.treat_id, NULL, NULL
          WHERE event.treat_id IS NOT NULL AND event.campaign_id IS NOT NULL
    ) AS seen(grain, campaign_id, link_id, store_id, treat_id, offer_id, hour)
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
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
    events=" UNION ALL ".join(f"{source} AND fact.id = ANY(%s)" for source in SOURCES)
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
    events=" UNION ALL ".join(
        [
            *(f"{source} AND fact.brand_id = %s" for source in SOURCES),
            f"{OF_VISITS} WHERE visit.brand_id = %s",
        ]
    )
)
FORGET_EMPTY = f"""
DELETE FROM campaigns_rollup
 WHERE brand_id = %s AND {" AND ".join(f"{name} = 0" for name in NAMES)}
"""  # nosec B608  # names of our own columns


def add_facts(ids: Sequence[int]) -> None:
    """Add these facts to every row that sees them: one statement, in the transaction that wrote them."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(ADD_FACTS, [list(ids)] * len(SOURCES))


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
        cursor.execute(REBUILD, [brand.pk] * (len(SOURCES) + 2))
        corrected = int(cursor.rowcount)
        cursor.execute(FORGET_EMPTY, [brand.pk])
        return corrected
