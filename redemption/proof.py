"""Proving the ledger: what the database guards, looked at again as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Difference:
    """One row that does not agree with the others."""

    kind: str
    row: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.row}: {self.detail}"


_CHECKS = {
    "entry does not sum to zero": """
        SELECT entry_id, currency || ' is off by ' || sum(amount)
          FROM redemption_posting GROUP BY entry_id, currency HAVING sum(amount) <> 0""",
    "entry has no postings": """
        SELECT e.id, e.kind || ' ' || e.reference FROM redemption_journalentry e
         WHERE NOT EXISTS (SELECT FROM redemption_posting p WHERE p.entry_id = e.id)""",
    "balance differs from the code's postings": """
        SELECT c.id, 'balance ' || c.balance || ', postings ' || coalesce(-l.total, 0)
          FROM redemption_code c
          LEFT JOIN (SELECT code_id, sum(amount) AS total FROM redemption_posting
                      WHERE account = 'gift_liability' GROUP BY code_id) l ON l.code_id = c.id
         WHERE c.balance <> coalesce(-l.total, 0)""",
    "posting in another currency than its code": """
        SELECT p.id, p.currency || ' for a code in ' || c.currency
          FROM redemption_posting p JOIN redemption_code c ON c.id = p.code_id
         WHERE p.currency <> c.currency""",
    "posting of another brand than its entry or code": """
        SELECT p.id, 'brand ' || p.brand_id
          FROM redemption_posting p JOIN redemption_journalentry e ON e.id = p.entry_id
          LEFT JOIN redemption_code c ON c.id = p.code_id
         WHERE p.brand_id <> e.brand_id OR p.brand_id <> coalesce(c.brand_id, p.brand_id)""",
    "redemption without its entry": """
        SELECT r.id, r.amount || ' ' || r.currency FROM redemption_redemption r
         WHERE NOT EXISTS (SELECT FROM redemption_journalentry e
                            WHERE e.brand_id = r.brand_id AND e.kind = 'redemption'
                              AND e.reference = 'redemption:' || r.id)""",
    "reversal without its entry": """
        SELECT v.id, v.reason FROM redemption_reversal v
         WHERE NOT EXISTS (SELECT FROM redemption_journalentry e
                            WHERE e.brand_id = v.brand_id AND e.kind = 'reversal'
                              AND e.reference = 'redemption:' || v.redemption_id)""",
    "code redeemed beyond its amount": """
        SELECT c.id, 'amount ' || c.amount || ', redeemed ' || sum(r.amount)
          FROM redemption_code c JOIN redemption_redemption r ON r.code_id = c.id
          LEFT JOIN redemption_reversal v ON v.redemption_id = r.id
         WHERE v.id IS NULL GROUP BY c.id, c.amount HAVING sum(r.amount) > c.amount""",
}

CHECKS = tuple(_CHECKS)


def differences(check: str) -> Iterator[Difference]:
    """The rows that one check finds; one pass over the tables it names, for all brands."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS[check])
        for row, detail in cursor.fetchall():
            yield Difference(check, str(row), str(detail))
