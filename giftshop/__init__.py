"""The Django project, and what a sender and a recipient see."""

from giftshop.celery import app as celery_app

__all__ = ["celery_app"]
