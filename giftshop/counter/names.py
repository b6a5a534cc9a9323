"""The newest of a brand's rows that have some words in a name, however many rows there are.

PostgreSQL can walk them from the newest on, which is soon done for a common name and takes forever for one
that nobody has; or ask the index of names, which is soon done for a rare name only. Here both have an end:
the newest are walked; if some of those fit, but too few, WALK_ON times as many more, which is likely to be
enough; and else the index is asked for MATCHES_MAX at most. No plan that PostgreSQL makes can take the one
for the other.
"""

import re
from enum import Enum
from uuid import UUID

from django.db import connection

WALK_ON, WALK_ON_FROM = 3, 10
"""How many times as many are walked where so many of the newest fit: a third of what is wanted."""
MATCHES_MAX = 10_000
"""Of a name that more have, but hardly one of the newest, some are found."""
LETTERS_MIN = 2
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_THREE = re.compile(r"[^\W_]{3}")

_FIND = """
    WITH near AS MATERIALIZED (
        SELECT id, at FROM (
            SELECT id, {at} AS at, {name} FROM {table}
             WHERE brand_id = %(brand)s AND {among} ORDER BY {at} DESC LIMIT {newest}
        ) AS one
         WHERE {fits} AND {issued} ORDER BY at DESC LIMIT %(most)s
    ), further AS MATERIALIZED (
        SELECT id, at FROM (
            SELECT id, {at} AS at, {name} FROM {table}
             WHERE brand_id = %(brand)s AND {among}
               AND (SELECT count(*) FROM near) >= {walk_on_from}
               AND (SELECT count(*) FROM near) < %(most)s
             ORDER BY {at} DESC OFFSET {newest} LIMIT {walk_on} * {newest}
        ) AS one
         WHERE {fits} AND {issued} ORDER BY at DESC
         LIMIT %(most)s - (SELECT count(*) FROM near)
    ), far AS MATERIALIZED (
        SELECT id, at FROM (
            SELECT id, at FROM (
                SELECT id, {at} AS at FROM {table}
                 WHERE brand_id = %(brand)s AND {among} AND {fits}
                   AND (SELECT count(*) FROM near) + (SELECT count(*) FROM further) < %(most)s
                 LIMIT {matches_max}
            ) AS fitting
             ORDER BY at DESC OFFSET 0
        ) AS one
         WHERE {issued} LIMIT %(most)s
    )
    SELECT id FROM (SELECT * FROM near UNION SELECT * FROM further UNION SELECT * FROM far) AS found
     ORDER BY at DESC LIMIT %(most)s
"""
_INSIDE = "UPPER({name}::text) LIKE UPPER(%(inside)s)"
_AT_A_WORD = f"({_INSIDE} OR UPPER({{name}}::text) LIKE UPPER(%(first)s))"


class Name(Enum):
    """Whose names: their table, and what an index of it by time is limited to. `newest`: how many are walked,
    fewer where there are fewer. `issued`: what else must be true of a row before it is one of the newest."""

    SENDER = {
        "table": "orders_order",
        "name": "sender_name",
        "at": "paid_at",
        "among": "state = 'paid'",
        "newest": 10_000,
        "issued": "true",
    }
    RECIPIENT = {
        "table": "orders_recipient",
        "name": "name",
        "at": "created_at",
        "among": "true",
        "newest": 10_000,
        "issued": "EXISTS (SELECT FROM orders_gift gift"
        " WHERE gift.recipient_id = one.id AND gift.code_id IS NOT NULL)",
    }
    GOODWILL = {
        "table": "redemption_code",
        "name": "recipient_name",
        "at": "valid_from",
        "among": "issued_by IS NOT NULL",
        "newest": 2_000,
        "issued": "true",
    }


def find(words: str, whose: Name, *, brand_id: UUID, most: int) -> list[UUID]:
    """The ids of the newest that have these words in their name: anywhere if three letters or digits stand
    together in them, else from the beginning of a word on. None for less than two letters. 1 query."""
    bare = _ENDS.sub("", words)
    if len(bare) < LETTERS_MIN:
        return []
    literal = re.sub(r"([\\%_])", r"\\\1", bare)
    if _THREE.search(bare):
        fits, patterns = _INSIDE, {"inside": f"%{literal}%"}
    else:
        fits, patterns = _AT_A_WORD, {"inside": f"% {literal}%", "first": f"{literal}%"}
    with connection.cursor() as cursor:
        cursor.execute(_statement(whose, fits), {"brand": brand_id, "most": most, **patterns})
        return [pk for (pk,) in cursor.fetchall()]


def _statement(whose: Name, fits: str) -> str:
    told = {**whose.value, "matches_max": MATCHES_MAX}
    walked = {"walk_on": WALK_ON, "walk_on_from": WALK_ON_FROM}
    return _FIND.format(fits=fits.format(name=told["name"]), **walked, **told)
