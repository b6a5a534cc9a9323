"""An order of two gifts that was paid at the double."""

from tests.giftshop.refunds.conftest import double, opened, order, paid

__all__ = ["double", "opened", "order", "paid"]
