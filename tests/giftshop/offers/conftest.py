"""Stripe's double, for what is earned by paying."""

from tests.giftshop.payments.conftest import double, tell

__all__ = ["double", "tell"]
