"""Figures counted once more in plain SQL, from orders, gifts, redemptions, reversals, refunds, disputes,
codes, uses of offers and visits: from no fact and no sum."""

from django.db import connection

from brands.models import Brand
from campaigns.dashboard.period import Period

ACTS = """
WITH told AS (
  SELECT r.id, r.code_id, r.amount, r.basket_total, r.extra_amount, 1 AS sign, r.redeemed_at AS at,
         r.redeemed_at FROM redemption_redemption r
  UNION ALL
  SELECT r.id, r.code_id, r.amount, r.basket_total, r.extra_amount, -1, v.reversed_at, r.redeemed_at
    FROM redemption_reversal v JOIN redemption_redemption r ON r.id = v.redemption_id
), act AS (
  SELECT told.*, g.id AS gift_id, o.id AS order_id, o.paid_at, me.email, had.offer_id, had.link_id,
         c.origin = 'promotional' AS given,
         CASE WHEN told.basket_total IS NULL THEN told.extra_amount
              ELSE greatest(told.basket_total - told.amount, 0) END AS beyond
    FROM told JOIN redemption_code c ON c.id = told.code_id
         LEFT JOIN orders_gift g ON g.code_id = told.code_id
         LEFT JOIN orders_order o ON o.id = g.order_id
         LEFT JOIN orders_recipient me ON me.id = g.recipient_id
         LEFT JOIN offers_offeruse had ON had.code_id = told.code_id
), day AS (SELECT %(first)s::date AS first, %(last)s::date AS last, %(zone)s AS zone)"""

COUNT = (
    ACTS
    + """, known AS (
  SELECT act.*, EXISTS (
           SELECT FROM redemption_redemption b JOIN orders_gift h ON h.code_id = b.code_id
                  JOIN orders_recipient other ON other.id = h.recipient_id
            WHERE h.id <> act.gift_id AND lower(other.email) = lower(act.email)
              AND b.redeemed_at < act.redeemed_at
              AND NOT EXISTS (SELECT FROM redemption_reversal v WHERE v.redemption_id = b.id
                                 AND v.reversed_at <= act.redeemed_at)) AS again
    FROM act WHERE act.email > ''
), void AS (
  SELECT c.state_at AS at, o.paid_at FROM redemption_code c JOIN orders_gift g ON g.code_id = c.id
         JOIN orders_order o ON o.id = g.order_id
   WHERE c.state = 'voided' AND NOT EXISTS (
           SELECT FROM redemption_redemption r LEFT JOIN redemption_reversal v ON v.redemption_id = r.id
            WHERE r.code_id = c.id AND v.id IS NULL)
), sale AS (
  SELECT o.id, o.total, o.paid_at, (SELECT count(*) FROM orders_gift g WHERE g.order_id = o.id) AS gifts
    FROM orders_order o WHERE o.paid_at IS NOT NULL
), back AS (
  SELECT amount, succeeded_at AS at FROM refunds_refund WHERE succeeded_at IS NOT NULL
  UNION ALL SELECT amount, over_at FROM refunds_dispute
   WHERE status = 'lost' OR status = 'prevented' AND withdrawn_at IS NOT NULL
), coupon AS (
  SELECT cost, used_at AS at FROM offers_offeruse WHERE state = 'used' AND NOT is_discount
), off AS (
  SELECT cost, used_at AS at FROM offers_offeruse WHERE state = 'used' AND is_discount
), ended AS (
  SELECT p.amount, e.occurred_at AS at FROM redemption_posting p
         JOIN redemption_journalentry e ON e.id = p.entry_id
          AND e.kind IN ('void', 'expiry', 'extension')
         JOIN offers_offeruse had ON had.code_id = p.code_id
   WHERE p.account = 'gift_liability'
), unused AS (
  SELECT p.amount, e.occurred_at AS at FROM redemption_posting p
         JOIN redemption_journalentry e ON e.id = p.entry_id AND e.kind <> 'sale'
         JOIN redemption_code c ON c.id = p.code_id AND c.discount > 0
   WHERE p.account = 'promo_expense'
)
SELECT
  (SELECT count(*) FROM campaigns_visit, day WHERE NOT is_repeat AND {at}) AS visits,
  (SELECT count(*) FROM campaigns_visit, day WHERE NOT said_yes AND {at}) AS follows,
  (SELECT count(*) FROM sale, day WHERE {paid_at}) AS orders,
  (SELECT coalesce(sum(gifts), 0) FROM sale, day WHERE {paid_at})
    - (SELECT count(*) FROM void, day WHERE {at}) AS gifts_sold,
  (SELECT coalesce(sum(gifts), 0) FROM sale, day WHERE {paid_at}) AS sold,
  (SELECT coalesce(sum(total), 0) FROM sale, day WHERE {paid_at}) AS sales,
  (SELECT count(*) FROM void, day WHERE {at}) AS taken_back,
  (SELECT count(*) FROM void, day WHERE {paid_at}) AS taken_back_of_sold,
  (SELECT coalesce(sum(total), 0) FROM sale, day WHERE {paid_at})
    - (SELECT coalesce(sum(amount), 0) FROM back, day WHERE {at}) AS revenue,
  (SELECT coalesce(sum(amount), 0) FROM back, day WHERE {at}) AS went_back,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE {at}) AS redeemed,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE {at}) AS guests,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE given AND {at}) AS given_away,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE given AND {at}) AS given_guests,
  (SELECT coalesce(sum(sign * amount), 0) FROM act, day WHERE {at}) AS redeemed_amount,
  (SELECT coalesce(sum(sign * beyond), 0) FROM act, day WHERE {at}) AS spend_over,
  (SELECT coalesce(sum(total), 0) FROM sale, day WHERE {paid_at})
    - (SELECT coalesce(sum(amount), 0) FROM back, day WHERE {at})
    + (SELECT coalesce(sum(sign * beyond), 0) FROM act, day WHERE {at}) AS came_in,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE basket_total IS NOT NULL AND {at}) AS baskets,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE {paid_at}) AS redeemed_of_sold,
  (SELECT coalesce(sum(sign), 0) FROM known, day WHERE {at}) AS known_guests,
  (SELECT coalesce(sum(sign), 0) FROM known, day WHERE NOT again AND {at}) AS first_time,
  (SELECT coalesce(sum(sign), 0) FROM known, day WHERE again AND {at}) AS came_back,
  (SELECT count(*) FROM orders_gift g JOIN orders_order o ON o.id = g.order_id, day
    WHERE g.opened_at IS NOT NULL AND {paid_at}) AS opened,
  (SELECT count(*) FROM off, day WHERE {at}) AS discounts,
  (SELECT coalesce(sum(cost), 0) FROM off, day WHERE {at})
    + (SELECT coalesce(sum(amount), 0) FROM unused, day WHERE {at}) AS discount_cost,
  (SELECT count(*) FROM coupon, day WHERE {at}) AS coupons,
  (SELECT coalesce(sum(cost), 0) FROM coupon, day WHERE {at})
    - (SELECT coalesce(sum(amount), 0) FROM ended, day WHERE {at}) AS coupon_cost,
  (SELECT coalesce(sum(sign), 0) FROM act, day WHERE offer_id IS NOT NULL AND {at}) AS coupons_used,
  (SELECT coalesce(sum(sign * amount), 0) FROM act, day
    WHERE offer_id IS NOT NULL AND {at}) AS coupons_used_amount,
  (SELECT coalesce(sum(sign * beyond), 0) FROM act, day
    WHERE offer_id IS NOT NULL AND {at}) AS coupon_over
"""
)
BY_LINK = (
    ACTS
    + """
SELECT coalesce(act.link_id, led.link_id) AS link, sum(sign)
  FROM day, act LEFT JOIN orders_order o ON o.id = act.order_id
       LEFT JOIN LATERAL (
         SELECT link_id FROM campaigns_visit v
          WHERE v.visitor = o.visitor AND o.visitor > ''
            AND v.at BETWEEN o.placed_at - interval '30 days' AND o.placed_at
          ORDER BY v.at DESC, v.id DESC LIMIT 1) AS led ON true
 WHERE coalesce(act.link_id, led.link_id) IS NOT NULL AND {at}
 GROUP BY 1
"""
)


def _within(sql: str) -> str:
    days = "({name} AT TIME ZONE zone)::date BETWEEN first AND last"
    return sql.format(at=days.format(name="at"), paid_at=days.format(name="paid_at"))


def _asked(brand: Brand, period: Period) -> dict[str, object]:
    return {"first": period.first, "last": period.last, "zone": brand.time_zone}


def recount(brand: Brand, period: Period) -> dict[str, int]:
    """Of the only brand there is, by the names of its figures."""
    with connection.cursor() as cursor:
        cursor.execute(_within(COUNT), _asked(brand, period))
        names = [column.name for column in cursor.description or ()]
        [row] = cursor.fetchall()
        return dict(zip(names, map(int, row), strict=True))


def redeemed_by_link(brand: Brand, period: Period) -> dict[object, int]:
    """Gifts and coupons handed over, by the id of the link that brought them."""
    with connection.cursor() as cursor:
        cursor.execute(_within(BY_LINK), _asked(brand, period))
        return {link: int(count) for link, count in cursor.fetchall()}


PROMOTION = """
WITH brand AS (SELECT %(brand)s::uuid AS id), had AS (
  SELECT u.*, c.state AS now, c.amount, c.balance FROM brand
         JOIN offers_offeruse u ON u.brand_id = brand.id AND u.state = 'used'
         LEFT JOIN redemption_code c ON c.id = u.code_id
), spent AS (
  SELECT r.code_id, sum(r.amount) AS amount, count(*) AS times FROM redemption_redemption r
   WHERE NOT EXISTS (SELECT FROM redemption_reversal v WHERE v.redemption_id = r.id) GROUP BY r.code_id
), gift AS (
  SELECT c.*, coalesce(spent.amount, 0) AS spent FROM brand
         JOIN redemption_code c ON c.brand_id = brand.id AND c.discount > 0
         LEFT JOIN spent ON spent.code_id = c.id
)
SELECT count(*) FILTER (WHERE NOT is_discount) AS coupons,
       coalesce(sum(CASE WHEN now IN ('voided', 'expired') THEN coalesce(spent.amount, 0) ELSE cost END)
                FILTER (WHERE NOT is_discount), 0) AS coupon_cost,
       count(spent.code_id) AS coupons_used,
       coalesce(sum(spent.amount), 0) AS coupons_used_amount,
       count(*) FILTER (WHERE is_discount) AS discounts,
       (SELECT coalesce(sum(CASE WHEN state IN ('voided', 'expired')
                                 THEN spent + div((amount - spent) * (amount - discount), amount)
                                 ELSE spent + balance + paid_back END - (amount - discount)), 0)
          FROM gift) AS discount_cost
  FROM had LEFT JOIN spent ON spent.code_id = had.code_id
"""
"""What became of each coupon and each discounted gift, from how it stands: from no entry and no message. Of a
currency without larger coins."""


def promotion(brand: Brand) -> dict[str, int]:
    """What its offers gave and cost until now, by the names of figures."""
    with connection.cursor() as cursor:
        cursor.execute(PROMOTION, {"brand": brand.pk})
        names = [column.name for column in cursor.description or ()]
        [row] = cursor.fetchall()
        return dict(zip(names, map(int, row), strict=True))
