"""Stands in for the product where only its being started and stopped matters."""

from giftshop.celery import app as celery_app

__all__ = ["celery_app"]
