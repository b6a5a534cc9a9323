"""Proving the ledger: what the database guards, looked at again as a whole.

Each check is one statement over whole tables, so it sees one moment of them, however busy the tills are;
hash joins and one sorted pass do ten million postings in minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from core import money
from core.database.long_statements import long_statements


@dataclass(frozen=True)
class Difference:
    """One row that does not agree with the others."""

    kind: str
    row: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.row}: {self.detail}"


_COINS = {each: money.coin(each) for each in sorted({*money.WHOLE_ONLY, *money.DECIMALS})}
_COIN = " ".join(f"WHEN '{each}' THEN {coin}" for each, coin in _COINS.items() if coin > 1)
"""As discounts.paid_of() counts: in the SQL of CASE."""

_PAID = """CASE WHEN t.:left = 0 THEN 0 ELSE
               div((t.:left + div(t.:back * t.amount, t.paid)) * t.paid, t.amount * t.coin) * t.coin
               - t.:back END"""
"""discounts.paid_of(), of a row of _SHARED."""

_SHARED = f"""
        WITH moved AS (
            SELECT p.id, p.code_id, e.kind, c.amount, c.amount - c.discount AS paid,
                   CASE c.currency {_COIN} ELSE 1 END AS coin,
                   p.amount - sum(p.amount) OVER turns AS before, -sum(p.amount) OVER turns AS after,
                   coalesce(d.total, 0) AS shared,
                   CASE e.kind WHEN 'refund' THEN p.amount + coalesce(d.total, 0) ELSE 0 END AS sent
              FROM redemption_code c
              JOIN redemption_posting p ON p.code_id = c.id AND p.account = 'gift_liability'
              JOIN redemption_journalentry e ON e.id = p.entry_id
              LEFT JOIN (SELECT p.entry_id, p.code_id, sum(p.amount) AS total
                           FROM redemption_posting p JOIN redemption_code c ON c.id = p.code_id
                          WHERE p.account = 'promo_expense' AND c.discount > 0
                          GROUP BY p.entry_id, p.code_id) d
                ON d.entry_id = p.entry_id AND d.code_id = p.code_id
             WHERE c.discount > 0
            WINDOW turns AS (PARTITION BY p.code_id ORDER BY p.id)
        ), turn AS (
            SELECT moved.*, sum(sent) OVER turns - sent AS back_before, sum(sent) OVER turns AS back
              FROM moved WINDOW turns AS (PARTITION BY code_id ORDER BY id)
        )
        SELECT t.code_id, t.kind || ': discount ' || t.shared || ', balance ' || t.before || ' to '
               || t.after
          FROM turn t
         WHERE t.shared <> CASE WHEN t.kind IN ('redemption', 'reversal') THEN 0 ELSE t.after - t.before
               + {_PAID.replace(":left", "before").replace(":back", "back_before")}
               - {_PAID.replace(":left", "after").replace(":back", "back")} END"""  # nosec B608  # of our own words
"""Acts on one code take turns, so its postings are numbered in their order."""

_CHECKS = {
    "entry does not sum to zero": """
        SELECT entry_id, currency || ' is off by ' || sum(amount)
          FROM redemption_posting GROUP BY entry_id, currency HAVING sum(amount) <> 0""",
    "entry has no postings": """
        SELECT e.id, e.kind || ' ' || e.reference FROM redemption_journalentry e
         WHERE NOT EXISTS (SELECT FROM redemption_posting p WHERE p.entry_id = e.id)""",
    # A code of a batch was opened together with the batch, by its amount.
    "balance differs from the code's postings": """
        SELECT c.id, 'balance ' || c.balance || ', postings '
               || CASE WHEN c.batch_id IS NULL THEN 0 ELSE c.amount END - coalesce(l.total, 0)
          FROM redemption_code c
          LEFT JOIN (SELECT code_id, sum(amount) AS total FROM redemption_posting
                      WHERE account = 'gift_liability' AND code_id IS NOT NULL
                      GROUP BY code_id) l ON l.code_id = c.id
         WHERE c.balance <> CASE WHEN c.batch_id IS NULL THEN 0 ELSE c.amount END
                            - coalesce(l.total, 0)""",
    "code was not opened with its amount": """
        SELECT c.id, 'amount ' || c.amount || ', opened with ' || coalesce(-o.total, 0)
          FROM redemption_code c
          LEFT JOIN (SELECT p.code_id, sum(p.amount) AS total
                       FROM redemption_posting p JOIN redemption_journalentry e ON e.id = p.entry_id
                      WHERE (e.kind IN ('sale', 'promotion') OR e.kind = 'credit' AND p.amount < 0)
                        AND p.account = 'gift_liability' AND p.code_id IS NOT NULL
                      GROUP BY p.code_id) o ON o.code_id = c.id
         WHERE CASE WHEN c.batch_id IS NULL THEN c.amount ELSE 0 END <> coalesce(-o.total, 0)""",
    "discount is not shared as its code's balance moved": _SHARED,
    "paid back differs from the code's refunds": """
        SELECT c.id, 'paid back ' || c.paid_back || ', posted ' || coalesce(r.total, 0)
          FROM redemption_code c
          LEFT JOIN (SELECT p.code_id, -sum(p.amount) AS total
                       FROM redemption_posting p JOIN redemption_journalentry e ON e.id = p.entry_id
                      WHERE e.kind = 'refund' AND p.account = 'refunds' AND p.code_id IS NOT NULL
                        AND e.reference !~ ':(goodwill|came-first)$'
                      GROUP BY p.code_id) r ON r.code_id = c.id
         WHERE c.paid_back <> coalesce(r.total, 0)""",
    "batch differs from its opening": """
        SELECT coalesce(b.batch_id, o.entry_id),
               coalesce(b.codes, 0) || ' codes worth ' || coalesce(b.total, 0) || ', opened with '
               || coalesce(o.codes, 0) || ' worth ' || coalesce(o.total, 0)
          FROM (SELECT batch_id, brand_id, count(*) AS codes, sum(amount) AS total
                  FROM redemption_code WHERE batch_id IS NOT NULL GROUP BY batch_id, brand_id) b
          FULL JOIN (SELECT entry_id, brand_id, sum(codes) AS codes, -sum(amount) AS total
                       FROM redemption_posting WHERE codes IS NOT NULL
                      GROUP BY entry_id, brand_id) o
            ON o.entry_id = b.batch_id AND o.brand_id = b.brand_id
         WHERE b.codes IS DISTINCT FROM o.codes OR b.total IS DISTINCT FROM o.total""",
    "posting in another currency than its code": """
        SELECT p.id, p.currency || ' for a code in ' || c.currency
          FROM redemption_posting p JOIN redemption_code c ON c.id = p.code_id
         WHERE p.currency <> c.currency""",
    "posting of another brand than its entry or code": """
        SELECT p.id, 'brand ' || p.brand_id
          FROM redemption_posting p JOIN redemption_journalentry e ON e.id = p.entry_id
          LEFT JOIN redemption_code c ON c.id = p.code_id
         WHERE p.brand_id <> e.brand_id OR p.brand_id <> coalesce(c.brand_id, p.brand_id)""",
    "redemption differs from its entry": """
        SELECT coalesce(r.id::text, e.reference),
               CASE WHEN r.id IS NULL THEN 'an entry without its redemption'
                    WHEN e.id IS NULL THEN 'no entry for ' || r.amount || ' ' || r.currency
                    ELSE 'redeemed ' || r.amount || ', posted ' || e.amount END
          FROM redemption_redemption r
          FULL JOIN (SELECT e.id, e.brand_id, e.reference, p.code_id, p.amount, p.currency
                       FROM redemption_journalentry e
                       LEFT JOIN redemption_posting p
                         ON p.entry_id = e.id AND p.account = 'gift_liability'
                      WHERE e.kind = 'redemption') e
            ON e.reference = 'redemption:' || r.id
         WHERE (r.brand_id, r.code_id, r.amount::bigint, r.currency::text)
               IS DISTINCT FROM (e.brand_id, e.code_id, e.amount, e.currency::text)""",
    "reversal differs from its entry": """
        SELECT coalesce(v.id::text, e.reference),
               CASE WHEN v.id IS NULL THEN 'an entry without its reversal'
                    WHEN e.id IS NULL THEN 'no entry: ' || v.reason
                    ELSE 'redeemed ' || v.amount || ', given back ' || -e.amount END
          FROM (SELECT v.id, v.brand_id, v.redemption_id, v.reason, r.code_id, r.amount, r.currency
                  FROM redemption_reversal v
                  JOIN redemption_redemption r ON r.id = v.redemption_id) v
          FULL JOIN (SELECT e.id, e.brand_id, e.reference, p.code_id, p.amount, p.currency
                       FROM redemption_journalentry e
                       LEFT JOIN redemption_posting p
                         ON p.entry_id = e.id AND p.account = 'gift_liability'
                      WHERE e.kind = 'reversal') e
            ON e.reference = 'redemption:' || v.redemption_id
         WHERE (v.brand_id, v.code_id, v.amount::bigint, v.currency::text)
               IS DISTINCT FROM (e.brand_id, e.code_id, -e.amount, e.currency::text)""",
    "extension without what it undoes": """
        SELECT x.id, x.reference FROM redemption_journalentry x
         WHERE x.kind = 'extension' AND NOT EXISTS (
               SELECT FROM redemption_journalentry e
                WHERE e.brand_id = x.brand_id AND e.kind = 'expiry' AND e.reference = x.reference)""",
    "option list is missing or another's": """
        SELECT c.id, 'code offers ' || c.option_list_id FROM redemption_code c
          LEFT JOIN redemption_optionlist o ON o.id = c.option_list_id AND o.brand_id = c.brand_id
         WHERE c.option_list_id IS NOT NULL AND o.id IS NULL
         UNION ALL
        SELECT r.id, 'code offers ' || coalesce(c.option_list_id::text, 'nothing')
               || ', handed over ' || coalesce(r.option_list_id::text, 'nothing')
          FROM redemption_redemption r JOIN redemption_code c ON c.id = r.code_id
         WHERE r.option_list_id IS DISTINCT FROM c.option_list_id""",
    "state differs from the holds": """
        SELECT c.id, 'state ' || c.state || ', open holds ' || coalesce(h.open, 0)
          FROM redemption_code c
          LEFT JOIN (SELECT code_id, count(*) AS open FROM redemption_hold
                      WHERE released_at IS NULL GROUP BY code_id) h ON h.code_id = c.id
         WHERE (c.state = 'on_hold') <> (h.code_id IS NOT NULL)""",
    "code redeemed beyond its amount": """
        SELECT c.id, 'amount ' || c.amount || ', redeemed ' || r.total
          FROM (SELECT r.code_id, sum(r.amount) AS total FROM redemption_redemption r
                 WHERE NOT EXISTS (SELECT FROM redemption_reversal v WHERE v.redemption_id = r.id)
                 GROUP BY r.code_id) r
          JOIN redemption_code c ON c.id = r.code_id
         WHERE r.total > c.amount""",
}

CHECKS = tuple(_CHECKS)

_ROOM = """
SET LOCAL work_mem = '128MB';
SET LOCAL max_parallel_workers_per_gather = 0;
"""
"""For hashes of millions; without helpers, whose memory a container seldom has."""


def differences(check: str) -> Iterator[Difference]:
    """The rows that one check finds; one pass over the tables it names, for all brands."""
    with transaction.atomic(), long_statements(), connection.cursor() as cursor:
        for setting in _ROOM.strip().splitlines():
            cursor.execute(setting)
        cursor.execute(_CHECKS[check])
        for row, detail in cursor.fetchall():
            yield Difference(check, str(row), str(detail))
