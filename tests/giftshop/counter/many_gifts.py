"""As many gifts as a chain sold in three years, by a statement for each table.

Rows are copies of those that the product made for one gift. Names are uneven, as people's are: one in
fifteen is a Maria, most surnames are rare; some are only in the past, and one address sends thousands.
"""

from collections.abc import Mapping

from django.db import connection, models, transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from giftshop.orders.models import Gift
from redemption.code_format import ALPHABET
from redemption.models import Code, Device, RefusedAttempt

YEARS = 3
COMMON, COMMON_IN_FULL = "Maria", "Maria Lamonte"
LONG_AGO, LONG_AGO_PART = "Wendeline", "endelin"
"""First name of every third recipient and sender in the oldest percent, and of nobody since."""
OFFICE = "Gifts@Office.example"
"""Sends one order in fifty."""
FIRST = (
    "Maria Anna Ben Chloe Dara Emil Femke Goran Hana Ivo Jana Kofi Lena Milan Nora Omar Petra Quinn Rosa"
    " Sven Tariq Uma Vera Wanda Xenia Yusuf Zoe Amara Bruno Carmen Dmitri Elif Farah Gita Hugo Ines Jorge"
    " Kenji Luca Mei Nadia Olga Pablo Rania Sofia Tomas Ulla Viktor Willem Ximena Yara Zoltan 李明 秀英"
)
SYLLABLES = "la ber cor dan fel gor hal jen kov lin mon nor pet ros ska tor val wen zem bri cas dru esk fran"
ENDS = "monte son ez ova ini berg man sky ley dottir"


@transaction.atomic
def many_gifts(gift: Gift, count: int, *, first: int = 1) -> None:
    """So many gifts beside this paid one, numbered from `first` on, five to two orders; as many codes of a
    campaign's batch, a goodwill gift for each hundred, all with names, addresses and times of their own."""
    order, recipient, code = gift.order, gift.recipient, gift.code
    assert code is not None
    orders = count * 2 // 5
    of_orders = _Numbers("order", first, orders)
    of_gifts = _Numbers("gift", first, orders * 5 // 2)
    of_batch, of_goodwill = (
        _Numbers("batch", first, count),
        _Numbers("goodwill", first, count // 100),
    )
    # Gift n is in order m; the n-th of all.
    m = f"({first} + ((n - {first}) * 2) / 5)"
    with connection.cursor() as cursor:  # what refers to what is right by construction
        cursor.execute(
            "SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0"
        )
    _copy(
        order,
        of_orders,
        key=_text("'key:' || n"),
        draft_id="NULL::uuid",
        sender_name=of_orders.name,
        sender_email=f"CASE WHEN n % 50 = 0 THEN '{OFFICE}' ELSE 'amy.' || n / 3 || '@senders.example' END",
        placed_at=of_orders.at,
        paid_at=of_orders.at,
        token_digest=_digest("order"),
    )
    _copy(
        recipient,
        of_gifts,
        name=of_gifts.name,
        email="CASE WHEN n % 4 = 0 THEN '' ELSE 'friend.' || n / 3 || '@friends.example' END",
        created_at=of_gifts.at,
    )
    for numbers, told in (
        (of_gifts, {"recipient_name": f"split_part({of_gifts.name}, ' ', 1)"}),
        (of_batch, {"recipient_name": "''", "batch_id": f"'{order.pk}'::uuid"}),
        (of_goodwill, {"recipient_name": of_goodwill.name, "issued_by": f"'{order.pk}'::uuid"}),
    ):
        _copy(
            code,
            numbers,
            reference=_text(f"'{numbers.kind}:' || n"),
            digest=_digest(numbers.kind),
            last4=_symbols(numbers.kind),
            valid_from=numbers.at,
            created_at=numbers.at,
            **told,
        )
    _copy(
        gift,
        of_gifts,
        order_id=of_orders.key(m),
        recipient_id=of_gifts.key("n"),
        code_id=of_gifts.key("n"),
        position=f"1 + (n - {first}) - (({m} - {first}) * 5 + 1) / 2",
        token_digest=_digest("gift"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


def refused_attempts(device: Device, count: int) -> None:
    """So many in the last month at the device's store, of codes of the batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            SQL(
                "INSERT INTO {table} (brand_id, store_id, device_id, code_id, act, reason, attempted_at)"
                " SELECT {brand}, {store}, {device}, id, 'lookup', 'expired', now() - interval '1 day'"
                " FROM {codes} WHERE brand_id = {brand} AND batch_id IS NOT NULL LIMIT {count}"
            ).format(
                table=Identifier(RefusedAttempt._meta.db_table),
                codes=Identifier(Code._meta.db_table),
                brand=Literal(device.brand_id),
                store=Literal(device.store_id),
                device=Literal(device.pk),
                count=Literal(count),
            )
        )


def searches(gift: Gift) -> dict[str, str]:
    """What people ask for, and how it is typed."""
    assert gift.code
    return {
        "the sender's address": gift.order.sender_email,
        "a friend's address": "friend.700@friends.example",
        "an address that sends thousands": OFFICE,
        "nobody's address": "nobody@nowhere.example",
        "an order's number": gift.order.number,
        "the last four": gift.code.last4,
        "a name that nobody has": "Qwertzuiop",
        "a common name in full": COMMON_IN_FULL,
        "a name of one in a thousand": "Anna Val",
        "a common first name": COMMON,
        "a part of a surname": "fran",
        "a name of long ago": LONG_AGO_PART,
        "two letters": "Ma",
        "two letters that nobody has": "Xq",
        "two short names": "Jo Xu",
        "two signs": "李明",
    }


class _Numbers:
    """From `first` on so many things of a kind, the later ones newer, in SQL of their number n."""

    def __init__(self, kind: str, first: int, count: int) -> None:
        self.kind, self.first, self.count = kind, first, count
        self.at = f"now() - interval '{YEARS} years' * (1 - (n - {first} + 0.5) / {max(count, 1)})"

    def key(self, number: str) -> str:
        """As core.ids.uuid7 makes it, the same for the same number."""
        at = self.at.replace("n -", f"{number} -", 1)
        random = f"md5('{self.kind}' || {number})"
        return (
            f"(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7'"
            f" || substr({random}, 1, 3) || '8' || substr({random}, 4, 15))::uuid"
        )

    @property
    def name(self) -> str:
        first = _one_of(FIRST, f"power({_chance(1)}, 1.5)")
        surname = f"initcap({_one_of(SYLLABLES, _chance(2))} || {_one_of(SYLLABLES, _chance(3))}"
        surname += f" || {_one_of(ENDS, _chance(4))})"
        old = f"n < {self.first + self.count / 100} AND n % 3 = 0"
        full = f"n % 400 = 0 THEN '{COMMON_IN_FULL}'"
        return f"CASE WHEN {old} THEN '{LONG_AGO} ' || n WHEN {full} ELSE {first} || ' ' || {surname} END"


def _chance(seed: int) -> str:
    """From 0 to below 1, by the number."""
    return f"((hashint8extended(n, {seed}) & 1048575) / 1048576.0)"


def _one_of(words: str, chance: str) -> str:
    """The first ones more often, if chances are."""
    count = len(words.split())
    return f"(string_to_array('{words}', ' '))[1 + floor({chance} * {count})::int]"


def _symbols(kind: str) -> str:
    return " || ".join(
        f"substr('{ALPHABET}', 1 + get_byte(sha256(('{kind}' || n)::bytea), {byte}) % 32, 1)"
        for byte in range(4)
    )


def _digest(kind: str) -> str:
    return f"sha256(('{kind}' || n)::bytea)"


def _text(expression: str) -> str:
    return f"({expression})::text"


def _copy(row: models.Model, numbers: _Numbers, **told: str) -> None:
    """Rows like this one; `told` in SQL of the number n."""
    expressions: Mapping[str, str] = {"id": numbers.key("n"), **told}
    columns = [field.column for field in row._meta.concrete_fields]
    assert set(expressions) <= set(columns)
    values: list[Composable] = [
        SQL(expressions[each])  # type: ignore[arg-type]  # no literal
        if each in expressions
        else SQL("one.{}").format(Identifier(each))
        for each in columns
    ]
    table = Identifier(row._meta.db_table)
    statement = SQL(
        "INSERT INTO {table} ({columns}) SELECT {values}"
        " FROM {table} AS one, generate_series({first}, {last}) AS n WHERE one.id = {key}"
    ).format(
        table=table,
        columns=SQL(", ").join(map(Identifier, columns)),
        values=SQL(", ").join(values),
        first=Literal(numbers.first),
        last=Literal(numbers.first + numbers.count - 1),
        key=Literal(row.pk),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection))
