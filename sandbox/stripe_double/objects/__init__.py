"""Stripe's objects: how each comes to be, changes, and looks from outside."""
