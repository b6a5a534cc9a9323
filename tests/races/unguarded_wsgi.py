"""The product with its guard off, for the positive controls: read, judge, write what was judged.

The write no longer asks whether the code is still as it was read, and sets the balance that follows
from what was read, as a program does that reads, checks and saves. Redemptions of one code meet, as in
meeting_wsgi.py. If a test still finds every gift redeemed once here, the test could not have found a race.
"""

from giftshop.wsgi import application
from redemption.redeem import write
from tests.races.meeting import meeting


def without_its_guard(statement: str) -> str:
    for part, instead in (
        (write.AS_IT_WAS_READ, "true"),
        ("balance = balance -", "balance = %(balance)s::integer -"),
        ("WHEN balance >", "WHEN %(balance)s::integer >"),
    ):
        assert part in statement, f"the statement no longer says {part}: this control is void"
        statement = statement.replace(part, instead)
    return statement


write.SPEND = without_its_guard(write.SPEND)
write.spend = meeting(write.spend)

__all__ = ["application"]
