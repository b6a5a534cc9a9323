"""Whether a menu, and what its sheet names, is still the same: a digest of its rows, made by PostgreSQL."""

from django.db import connection

from brands.models import Brand

_VERSION = """
WITH mine AS MATERIALIZED (SELECT id FROM catalog_treat WHERE brand_id = %(brand)s)
SELECT md5(string_agg(digest, '' ORDER BY digest)) FROM (
    SELECT md5(t::text) AS digest FROM brands_brand t WHERE id = %(brand)s
    UNION ALL SELECT md5(t::text) FROM brands_store t WHERE brand_id = %(brand)s
    UNION ALL SELECT md5(t::text) FROM catalog_treat t WHERE brand_id = %(brand)s
    UNION ALL SELECT md5(t::text) FROM catalog_treat_stores t JOIN mine ON mine.id = t.treat_id
    UNION ALL SELECT md5(t::text) FROM catalog_price t JOIN mine ON mine.id = t.treat_id
    UNION ALL SELECT md5(t::text) FROM catalog_optiongroup t JOIN mine ON mine.id = t.treat_id
    UNION ALL SELECT md5(t::text) FROM catalog_option t
      JOIN catalog_optiongroup g ON g.id = t.group_id JOIN mine ON mine.id = g.treat_id
) AS every
"""


def menu_version(brand: Brand) -> str:
    """One statement, that reads the whole menu."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, {"brand": brand.pk})
        [(version,)] = cursor.fetchall()
    return str(version)
