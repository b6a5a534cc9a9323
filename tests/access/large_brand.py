"""Two brands that are alike but for their size: what a brand has when its owner begins, and what a chain has.

Rows are copies of one that the product made, written by a statement for each table. Gifts are a handful
in both: what a page costs by its gifts is asked elsewhere.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg.sql import SQL, Composable, Identifier, Literal

from brands.models import Store
from campaigns.models import Link, Rollup
from redemption.models import Device, StaffMember
from tests.access.people import Company, Person, build_company, everybody
from tests.access.routes import every_route

STORES, DEVICES, STAFF, LINKS = 400, 800, 3_000, 1_000
FEW = 3
"""Stores of the small brand, each with what `people` gives it."""
FEW_LINKS = 8
DAYS = 5
"""On which something happened at each store and by each link."""


@dataclass
class Place:
    """One of the two brands, as test_matrix looks at a world: `own` is the brand that is asked about."""

    own: Company
    people: list[Person]
    routes: dict[str, str]
    seen: str = ""
    """Where the manager's search of the gift led to."""

    def may_open(self, rule: Any, method: str = "GET") -> Person:
        """Whoever the table lets in. The last that fits: where roles may do more and less, it is the most."""
        fitting = [person for person in self.people if rule(person, method) is None]
        own = [person for person in fitting if person.place == "own"]
        return (own or fitting)[0]


def build() -> tuple[Place, Place]:
    """The small brand and the large one."""
    small = build_company("frosty-spoon", "Quillon", counters=FEW)
    large = build_company("harbor-bean", "Zephyr", counters=FEW)
    grow(large)
    copy(small.link, FEW_LINKS - 1, slug="'flyer-' || n", name="'Flyer ' || n")
    for company in (small, large):
        happen(company)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people, routes = everybody(small, large), every_route()
    theirs = [replace(one, place="own") for one in people if one.place == "other brand"]
    nobodys = [one for one in people if one.company is None]
    ours = [one for one in people if one.place == "own"]
    return Place(small, nobodys + ours, routes), Place(large, nobodys + theirs, routes)


def grow(company: Company) -> None:
    """To the size of a chain."""
    first, brand = company.counters[0], company.brand.pk
    copy(
        first.store,
        STORES - FEW,
        slug="'branch-' || n",
        name="'Market Street ' || n",
        city="(ARRAY['Seattle', 'Portland', 'Tacoma', 'Spokane'])[1 + n % 4]",
        postal_code="(98000 + n)::text",
        phone="'+1206555' || lpad((n % 10000)::text, 4, '0')",
        latitude="47.6 + n / 1000.0",
        longitude="-122.3",
    )
    store = "(stores.ids)[1 + n %% cardinality(stores.ids)]"
    copy(
        first.device,
        DEVICES - len(first.tokens) * FEW,
        brand=brand,
        store_id=store,
        name="'Counter ' || n",
        token_digest=r"'\x' || md5('device' || n)",
    )
    copy(first.cashier, STAFF - 2 * FEW, name="'Robin ' || n")
    works_at = Identifier(StaffMember.stores.through._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            SQL(
                "INSERT INTO {table} (staffmember_id, store_id)"
                " SELECT one.id, (stores.ids)[1 + one.n % cardinality(stores.ids)] FROM"
                " (SELECT id, row_number() OVER () AS n FROM redemption_staffmember"
                "  WHERE brand_id = {brand} AND name LIKE 'Robin %') one, {stores}"
            ).format(table=works_at, brand=Literal(brand), stores=stores_of(brand))
        )
    copy(company.link, LINKS - 1, slug="'poster-' || n", name="'Poster ' || n")


def happen(company: Company) -> None:
    """Some days of figures for the brand, each of its stores and each of its links."""
    brand, campaign = Literal(company.brand.pk), Literal(company.campaign.pk)
    none, grain = SQL("NULL::uuid"), Rollup.Grain
    store, link = Identifier(Store._meta.db_table), Identifier(Link._meta.db_table)
    for kind, table, keys in (
        (grain.BRAND, None, (none, none, none)),
        (grain.CAMPAIGN, None, (campaign, none, none)),
        (grain.STORE, store, (none, none, SQL("thing.id"))),
        (grain.CAMPAIGN_STORE, store, (campaign, none, SQL("thing.id"))),
        (grain.LINK, link, (campaign, SQL("thing.id"), none)),
    ):
        things = SQL("(SELECT 1) AS thing (id)")
        if table:
            things = SQL("{} AS thing").format(table)
        mine = SQL("thing.brand_id = {}").format(brand) if table else SQL("true")
        with connection.cursor() as cursor:
            cursor.execute(
                SQL(
                    "INSERT INTO campaigns_rollup (brand_id, grain, campaign_id, link_id, store_id, day,"
                    " visits, orders, gifts_sold, revenue, redeemed, redeemed_amount)"
                    " SELECT {brand}, {grain}, {keys}, current_date - n, 30, 12, 14, 9000, 11, 7000"
                    " FROM generate_series(2, {days}) AS n, {things} WHERE {mine} ON CONFLICT DO NOTHING"
                ).format(
                    brand=brand,
                    grain=Literal(kind.value),
                    keys=SQL(", ").join(keys),
                    days=Literal(1 + DAYS),
                    things=things,
                    mine=mine,
                )
            )


def copy(row: models.Model, count: int, *, brand: UUID | None = None, **columns: str) -> None:
    """So many rows like this one, with keys of their own; `columns` in SQL, of the number n. With `brand`
    the ids of its stores are at hand, as stores.ids."""
    table, key = Identifier(row._meta.db_table), Literal(row.pk)
    told: list[Composable] = [SQL("'id', gen_random_uuid()")]
    told += [SQL("{}, {}").format(Literal(name), SQL(how)) for name, how in columns.items()]
    beside = SQL(", {}").format(stores_of(brand)) if brand else SQL("")
    statement = SQL(
        "INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object({told}))).*"
        " FROM {table} AS one, generate_series(1, {count}) AS n{beside} WHERE one.id = {key}"
    ).format(table=table, told=SQL(", ").join(told), count=Literal(count), beside=beside, key=key)
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection).replace("%%", "%"))


def stores_of(brand: UUID) -> Composable:
    return SQL(
        "(SELECT array_agg(id ORDER BY name) AS ids FROM brands_store WHERE brand_id = {}) AS stores"
    ).format(Literal(brand))


__all__ = ["DEVICES", "LINKS", "STAFF", "STORES", "Device", "Place", "build"]
