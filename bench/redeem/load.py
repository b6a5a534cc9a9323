"""A brand with a few stores, devices for each stack, and codes by the million."""

import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from bench.redeem.codes import codes

STORES = 4
AMOUNT = 500
ROWS_AT_ONCE = 5000
COLUMNS = (
    "id, brand_id, reference, batch_id, kind, origin, label, amount, balance, currency, picks,"
    " store_ids, recipient_name, valid_from, expires_at, state, state_at, digest, kid, ciphertext,"
    " last4, version, created_at"
)


@dataclass(frozen=True)
class Shop:
    brand_id: UUID
    store_ids: list[UUID]
    tokens: dict[str, list[str]]
    """By stack: one device in each store."""


def open_shop(stacks: tuple[str, ...]) -> Shop:
    """The rows that are few, through the product's own words. Expects an empty, migrated database."""
    from django.utils import timezone

    from brands.models import Brand, Store
    from redemption.till import devices

    brand = Brand.objects.create(
        slug="bench",
        name="Bench",
        currency="USD",
        country="US",
        time_zone="UTC",
        opened_at=timezone.now(),
    )
    stores = [
        Store.objects.create(
            brand=brand, slug=f"s{n}", name=f"Store {n}", country="US", time_zone="UTC"
        )
        for n in range(STORES)
    ]
    tokens = {
        stack: [
            devices.pair_directly(store=store, name=stack, profile="integration").token
            for store in stores
        ]
        for stack in stacks
    }
    return Shop(brand.pk, [store.pk for store in stores], tokens)


def load(url: str, shop: Shop, first: int, last: int) -> float:
    """Codes number first to last - 1 and the entry that opens them. Rows a second."""
    started = time.perf_counter()
    now = datetime.now(UTC)
    batch = UUID(int=(int(now.timestamp() * 1000) << 80) | 0x7000_8000_0000_0000_0000)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO redemption_journalentry (id, brand_id, kind, reference, occurred_at,"
            " created_at) VALUES (%s, %s, 'promotion', %s, %s, %s)",
            [batch, shop.brand_id, f"bench:{batch}", now, now],
        )
        total = (last - first) * AMOUNT
        for account, amount, count in (
            ("promo_expense", total, None),
            ("gift_liability", -total, last - first),
        ):
            cursor.execute(
                "INSERT INTO redemption_posting (entry_id, brand_id, account, amount, currency,"
                " codes) VALUES (%s, %s, %s, %s, 'USD', %s)",
                [batch, shop.brand_id, account, amount, count],
            )
        with cursor.copy(f"COPY redemption_code ({COLUMNS}) FROM STDIN") as copy:
            for block in blocks(shop, batch, first, last, now):
                copy.write(block)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) redemption_code")
        connection.execute("CHECKPOINT")
    return (last - first) / (time.perf_counter() - started)


def blocks(shop: Shop, batch: UUID, first: int, last: int, now: datetime) -> Iterator[str]:
    """Rows as COPY reads them. Every second code names the stores that take it."""
    from django.conf import settings

    from core import crypto

    kid, pepper = crypto.current_kid(), settings.CODE_PEPPERS[crypto.current_kid()]
    head = str(UUID(int=int(now.timestamp() * 1000) << 80))[:13]
    named = "{" + ",".join(map(str, shop.store_ids)) + "}"
    before, until = now - timedelta(days=1), now + timedelta(days=365)
    rest = f"\titem\tpromotional\tDouble scoop\t{AMOUNT}\t{AMOUNT}\tUSD\t{{}}"
    dates = f"\tBen\t{before}\t{until}\tactive\t{now}"
    rows: list[str] = []
    for number, code in enumerate(codes(first, last), start=first):
        digest = hmac.digest(pepper, code.encode(), "sha256").hex()
        rows.append(
            f"{head}-7000-8000-{number:012x}\t{shop.brand_id}\tbench:{number}\t{batch}{rest}"
            f"\t{named if number % 2 else '{}'}{dates}\t\\\\x{digest}\t{kid}"
            f"\t\\\\x{digest}{digest[:28]}\t{code[-4:]}\t1\t{now}\n"
        )
        if len(rows) == ROWS_AT_ONCE:
            yield "".join(rows)
            rows.clear()
    yield "".join(rows)
