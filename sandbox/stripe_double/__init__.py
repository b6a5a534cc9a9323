"""A double of Stripe for development and tests: the API, hosted Checkout, webhooks and trouble on demand."""

from .double import StripeDouble

__all__ = ["StripeDouble"]
