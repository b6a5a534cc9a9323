"""Is it alive, and can it do its work?"""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from giftshop.outbox.models import Message

OUTBOX_LAG_MAX = timedelta(minutes=5)


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and outbox are well, else 503; the body says which is not."""
    checks = {"database": _database(), "broker": _broker(), "outbox": _outbox()}
    well = all(state == "ok" for state in checks.values())
    return JsonResponse(
        {"status": "ready" if well else "unready", **checks}, status=200 if well else 503
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as broker:
            broker.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


def _outbox() -> str:
    try:
        late = Message.objects.due(timezone.now() - OUTBOX_LAG_MAX).exists()
    except DatabaseError:
        return "unreachable"
    return "behind" if late else "ok"


urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
