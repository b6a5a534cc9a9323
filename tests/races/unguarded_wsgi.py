"""The product with its guard off, for the positive controls: read, judge, write what was judged.

The write no longer asks whether the code is still as it was read, and sets the balance that follows
from what was read, as a program does that reads, checks and saves. If a test still finds every gift
redeemed once here, the test could not have found a race.
"""

import time
from typing import Any

from giftshop.wsgi import application
from redemption.redeem import write

WAY_TO_THE_DATABASE_SECONDS = 0.005
"""As from another machine; on one machine some rounds are over before a second till has read."""


def without_its_guard(statement: str) -> str:
    for part, instead in (
        (write.AS_IT_WAS_READ, "true"),
        ("balance = balance -", "balance = %(balance)s::integer -"),
        ("WHEN balance >", "WHEN %(balance)s::integer >"),
    ):
        assert part in statement, f"the statement no longer says {part}: this control is void"
        statement = statement.replace(part, instead)
    return statement


def spend_from_afar(*about: Any, **more: Any) -> bool:
    time.sleep(WAY_TO_THE_DATABASE_SECONDS)
    return spend(*about, **more)


write.SPEND = without_its_guard(write.SPEND)
spend, write.spend = write.spend, spend_from_afar

__all__ = ["application"]
