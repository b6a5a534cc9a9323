"""The Celery application: it carries what the outbox has promised."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")

app = Celery("giftshop", fixups=["giftshop.celery_fixup:fixup"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
