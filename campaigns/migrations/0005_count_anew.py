"""The sums that stand are put right by what counters mean now, as `rebuild_rollups` does, for all brands.

What processes of the old version add meanwhile is counted their way: run `manage.py rebuild_rollups` for
each brand once they have ended.
"""

from django.db import migrations

COUNT = """
WITH
event (brand_id, campaign_id, link_id, store_id, local, visits, orders, gifts_sold, revenue, delivered, opened, redeemed, redeemed_amount, spend_over, baskets, repeats, redeemed_of_sold, given_away) AS (
  SELECT fact.brand_id, campaign_id, link_id, store_id,
         occurred_at AT TIME ZONE brand.time_zone AS local,
         0 AS visits,
         (topic = 'order.paid')::int AS orders,
         CASE WHEN topic = 'order.paid' THEN quantity ELSE 0 END AS gifts_sold,
         CASE WHEN topic = 'order.paid' THEN amount ELSE 0 END AS revenue,
         0 AS delivered,
         0 AS opened,
         CASE WHEN at_the_counter THEN quantity ELSE 0 END AS redeemed,
         CASE WHEN at_the_counter THEN amount ELSE 0 END AS redeemed_amount,
         CASE WHEN at_the_counter THEN spend_over ELSE 0 END AS spend_over,
         CASE WHEN at_the_counter AND (basket_total IS NOT NULL OR extra_amount <> 0)
              THEN quantity ELSE 0 END AS baskets,
         0 AS repeats,
         0 AS redeemed_of_sold,
         CASE WHEN at_the_counter AND order_id IS NULL THEN quantity ELSE 0 END AS given_away
    FROM campaigns_fact AS fact JOIN redemption_brand AS brand ON brand.id = fact.brand_id,
         LATERAL (SELECT topic IN ('code.redeemed', 'redemption.reversed') AS at_the_counter) AS place
   WHERE topic NOT IN ('gift.sent', 'gift.opened')
 UNION ALL
  SELECT fact.brand_id, campaign_id, link_id, NULL::uuid, sale.at AT TIME ZONE brand.time_zone,
         0, 0, 0, 0,
         CASE WHEN topic = 'gift.sent' THEN quantity ELSE 0 END,
         CASE WHEN topic = 'gift.opened' THEN quantity ELSE 0 END,
         0, 0, 0, 0, 0,
         CASE WHEN topic IN ('code.redeemed', 'redemption.reversed') THEN quantity ELSE 0 END,
         0
    FROM campaigns_fact AS fact JOIN redemption_brand AS brand ON brand.id = fact.brand_id,
         LATERAL (SELECT coalesce(fact.sold_at,
                                  (SELECT occurred_at FROM campaigns_fact AS paid
                                    WHERE paid.topic = 'order.paid'
                                      AND paid.subject_id = fact.order_id)) AS at) AS sale
   WHERE topic <> 'order.paid' AND sale.at IS NOT NULL
 UNION ALL
  SELECT visit.brand_id, link.campaign_id, visit.link_id, NULL::uuid,
         visit.at AT TIME ZONE brand.time_zone,
         (NOT visit.is_repeat)::int, 0, 0, 0, 0, 0, 0, 0, 0, 0, visit.is_repeat::int, 0, 0
    FROM campaigns_visit AS visit JOIN campaigns_link AS link ON link.id = visit.link_id
         JOIN redemption_brand AS brand ON brand.id = visit.brand_id
),
added AS (
  SELECT event.brand_id, seen.grain, seen.campaign_id, seen.link_id, seen.store_id,
         local::date AS day, seen.hour,
         sum(event.visits) AS visits, sum(event.orders) AS orders, sum(event.gifts_sold) AS gifts_sold, sum(event.revenue) AS revenue, sum(event.delivered) AS delivered, sum(event.opened) AS opened, sum(event.redeemed) AS redeemed, sum(event.redeemed_amount) AS redeemed_amount, sum(event.spend_over) AS spend_over, sum(event.baskets) AS baskets, sum(event.repeats) AS repeats, sum(event.redeemed_of_sold) AS redeemed_of_sold, sum(event.given_away) AS given_away
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
),
missing AS (
  SELECT brand_id, grain, campaign_id, link_id, store_id, day, hour, sum(visits) AS visits, sum(orders) AS orders, sum(gifts_sold) AS gifts_sold, sum(revenue) AS revenue, sum(delivered) AS delivered, sum(opened) AS opened, sum(redeemed) AS redeemed, sum(redeemed_amount) AS redeemed_amount, sum(spend_over) AS spend_over, sum(baskets) AS baskets, sum(repeats) AS repeats, sum(redeemed_of_sold) AS redeemed_of_sold, sum(given_away) AS given_away
    FROM (SELECT brand_id, grain, campaign_id, link_id, store_id, day, hour, visits, orders, gifts_sold, revenue, delivered, opened, redeemed, redeemed_amount, spend_over, baskets, repeats, redeemed_of_sold, given_away FROM added
          UNION ALL
          SELECT brand_id, grain, campaign_id, link_id, store_id, day, hour, -visits, -orders, -gifts_sold, -revenue, -delivered, -opened, -redeemed, -redeemed_amount, -spend_over, -baskets, -repeats, -redeemed_of_sold, -given_away
            FROM campaigns_rollup) AS both_ways
   GROUP BY brand_id, grain, campaign_id, link_id, store_id, day, hour
  HAVING sum(visits) <> 0 OR sum(orders) <> 0 OR sum(gifts_sold) <> 0 OR sum(revenue) <> 0 OR sum(delivered) <> 0 OR sum(opened) <> 0 OR sum(redeemed) <> 0 OR sum(redeemed_amount) <> 0 OR sum(spend_over) <> 0 OR sum(baskets) <> 0 OR sum(repeats) <> 0 OR sum(redeemed_of_sold) <> 0 OR sum(given_away) <> 0
)
INSERT INTO campaigns_rollup (brand_id, grain, campaign_id, link_id, store_id, day, hour, visits, orders, gifts_sold, revenue, delivered, opened, redeemed, redeemed_amount, spend_over, baskets, repeats, redeemed_of_sold, given_away)
SELECT brand_id, grain, campaign_id, link_id, store_id, day, hour, visits, orders, gifts_sold, revenue, delivered, opened, redeemed, redeemed_amount, spend_over, baskets, repeats, redeemed_of_sold, given_away FROM missing
 ORDER BY array_position(ARRAY['brand', 'hour', 'campaign', 'link', 'store', 'at_store'], grain::text), brand_id, grain, campaign_id, link_id, store_id, day, hour
    ON CONFLICT (brand_id, grain, campaign_id, link_id, store_id, day, hour) DO UPDATE
   SET visits = campaigns_rollup.visits + EXCLUDED.visits, orders = campaigns_rollup.orders + EXCLUDED.orders, gifts_sold = campaigns_rollup.gifts_sold + EXCLUDED.gifts_sold, revenue = campaigns_rollup.revenue + EXCLUDED.revenue, delivered = campaigns_rollup.delivered + EXCLUDED.delivered, opened = campaigns_rollup.opened + EXCLUDED.opened, redeemed = campaigns_rollup.redeemed + EXCLUDED.redeemed, redeemed_amount = campaigns_rollup.redeemed_amount + EXCLUDED.redeemed_amount, spend_over = campaigns_rollup.spend_over + EXCLUDED.spend_over, baskets = campaigns_rollup.baskets + EXCLUDED.baskets, repeats = campaigns_rollup.repeats + EXCLUDED.repeats, redeemed_of_sold = campaigns_rollup.redeemed_of_sold + EXCLUDED.redeemed_of_sold, given_away = campaigns_rollup.given_away + EXCLUDED.given_away
"""
FORGET_EMPTY = """
DELETE FROM campaigns_rollup WHERE visits = 0 AND orders = 0 AND gifts_sold = 0 AND revenue = 0 AND delivered = 0 AND opened = 0 AND redeemed = 0 AND redeemed_amount = 0 AND spend_over = 0 AND baskets = 0 AND repeats = 0 AND redeemed_of_sold = 0 AND given_away = 0
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_sold_and_given_away")]

    operations = [
        migrations.RunSQL(
            [
                "SET LOCAL statement_timeout = 0",
                "SET LOCAL lock_timeout = 0",
                "SET LOCAL work_mem = '256MB'",
                COUNT,
                FORGET_EMPTY,
            ],
            migrations.RunSQL.noop,
        )
    ]
