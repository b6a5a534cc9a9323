"""The idiomatic consumer: a Celery application that makes one task of each message, by the book.

Django's settings and models are the product's; the connection is handled as Celery and Django do it by
themselves. A task reads its message, finds what it is about, gets or creates the fact, and adds to each
sum with get_or_create and F(), in one transaction.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")

from celery import Celery

app = Celery("bench.day.idiomatic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {"relay": {"task": "bench.relay", "schedule": 1.0}}

MOST_AT_ONCE = 1000


@app.task(name="bench.relay")
def relay() -> None:
    """Hand out what is due, each with a lease, as this product's own relay once did."""
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from giftshop.outbox.models import Message

    now = timezone.now()
    with transaction.atomic():
        due = Message.objects.due(now).filter(topic="code.redeemed").order_by("available_at")
        messages = list(due.select_for_update(skip_locked=True)[:MOST_AT_ONCE])
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(
            leased_until=now + timedelta(minutes=2)
        )
    for message in messages:
        record.delay(str(message.pk))


@app.task(name="bench.record")
def record(message_id: str) -> None:
    from django.db import transaction
    from django.utils import timezone
    from django_scopes import scope

    from brands.models import Brand
    from campaigns.models import Fact
    from giftshop.orders.models import Gift
    from giftshop.outbox.models import Message
    from redemption.models import Code

    message = Message.objects.get(pk=message_id)
    if message.done_at:
        return
    brand = Brand.objects.get(pk=message.brand_id)
    told = message.payload
    with scope(brand=brand), transaction.atomic():
        code = Code.objects.get(pk=told["code_id"])
        gift = Gift.objects.select_related("order").filter(code=code).first()
        fact, is_new = Fact.objects.get_or_create(
            message_id=message.pk,
            defaults={
                "brand": brand,
                "topic": message.topic,
                "subject_id": told["redemption_id"],
                "occurred_at": message.occurred_at,
                "store_id": told["store_id"],
                "order_id": gift.order_id if gift else None,
                "gift_id": gift.pk if gift else None,
                "code_id": code.pk,
                "quantity": 1,
                "amount": told["amount"],
                "currency": told["currency"],
                "extra_amount": told["extra_amount"] or 0,
                "basket_total": told["basket_total"],
            },
        )
        if is_new:
            add(brand, fact)
        message.done_at = timezone.now()
        message.save()


def add(brand: object, fact: object) -> None:
    """To the brand's day and hour, and the store's day."""
    from django.db.models import F

    from campaigns.models import Rollup

    local = fact.occurred_at.astimezone(brand.tz)
    for grain, store_id, hour in (
        (Rollup.Grain.BRAND, None, None),
        (Rollup.Grain.HOUR, None, local.hour),
        (Rollup.Grain.STORE, fact.store_id, None),
    ):
        row, _created = Rollup.objects.get_or_create(
            brand=brand, grain=grain, store_id=store_id, day=local.date(), hour=hour
        )
        Rollup.objects.filter(pk=row.pk).update(
            redeemed=F("redeemed") + 1,
            redeemed_amount=F("redeemed_amount") + fact.amount,
            baskets=F("baskets") + int(fact.basket_total is not None),
        )
