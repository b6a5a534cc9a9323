"""The product with its guard off, for the positive control: the code is read without a lock.

If a test still finds every gift redeemed once here, the test could not have found a race.
"""

from giftshop.wsgi import application
from redemption import redeeming
from redemption.models import Code


def read_without_lock(symbols: str) -> Code | None:
    return Code.objects.matching(symbols).select_related("brand").first()


redeeming.lock = read_without_lock

__all__ = ["application"]
