"""Afterwards: what was acknowledged is in the database, whole, whichever stack wrote it."""

import psycopg

from bench.redeem.measure import Table

ROWS = """
SELECT d.name, count(*),
       count(*) FILTER (WHERE c.state = 'redeemed' AND c.balance = 0),
       count(i.key) FILTER (WHERE i.status_code = 201 AND i.body::jsonb ->> 'id' = r.id::text),
       count(e.id), count(*) FILTER (WHERE p.legs = 2 AND p.total = 0), count(m.id)
  FROM redemption_redemption r
  JOIN redemption_device d ON d.id = r.device_id
  JOIN redemption_code c ON c.id = r.code_id
  LEFT JOIN redemption_idempotencyrecord i
    ON i.device_id = r.device_id AND i.key = r.idempotency_key
  LEFT JOIN redemption_journalentry e
    ON e.brand_id = r.brand_id AND e.kind = 'redemption' AND e.reference = 'redemption:' || r.id
  LEFT JOIN (SELECT entry_id, count(*) AS legs, sum(amount) AS total
               FROM redemption_posting GROUP BY entry_id) p ON p.entry_id = e.id
  LEFT JOIN outbox_message m ON m.id = r.id AND m.topic = 'code.redeemed'
 GROUP BY d.name
"""
NAMES = ("redemptions", "spent codes", "kept answers", "entries", "balanced pairs", "messages")


def agree(table: Table) -> None:
    """Print the counts. Raises when a stack acknowledged more or less than it left behind."""
    with psycopg.connect(table.url) as connection:
        found = {name: counts for name, *counts in connection.execute(ROWS).fetchall()}
    for stack, acknowledged in table.acknowledged.items():
        counts = found.get(stack, [0] * len(NAMES))
        wrong = [f"{n} {name}" for name, n in zip(NAMES, counts, strict=True) if n != acknowledged]
        if wrong:
            raise RuntimeError(f"{stack}: {acknowledged} acknowledged, but {', '.join(wrong)}")
        print(f"rows agree: {stack}: {acknowledged} acknowledged = {' = '.join(NAMES)}")
