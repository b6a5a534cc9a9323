"""Gifts that were put right."""
