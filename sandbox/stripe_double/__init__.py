"""A double of Stripe for development and tests: the API, hosted Checkout, webhooks and trouble on demand."""

from sandbox.stripe_double.double import StripeDouble

__all__ = ["StripeDouble"]
