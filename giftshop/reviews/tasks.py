"""Celery's task that counts what was given and said lately."""

from celery import shared_task
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.reviews import standings


@shared_task(name="reviews.count_standings")
def count_standings() -> None:
    """Of each brand that has opened, in a transaction of its own."""
    for brand in Brand.objects.filter(opened_at__isnull=False).order_by("pk").iterator():
        with scope(brand=brand):
            standings.count_all(brand, now=timezone.now())
