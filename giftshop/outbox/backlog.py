"""Which messages wait in which queue."""

from datetime import datetime

from django.db import models

from giftshop.outbox.models import Message, MessageQuerySet
from giftshop.outbox.outbox import Queue, heard_in, subscribers


def waiting_in(queue: Queue, *, now: datetime) -> MessageQuerySet:
    """What is due in this queue. What nobody knows how to do is among the others."""
    due = Message.objects.due(now)
    if queue is not Queue.OTHERS:
        return due.filter(_in(queue))
    for other in Queue:
        if other is not queue:
            due = due.exclude(_in(other))
    return due


def _in(queue: Queue) -> models.Q:
    names, topics = heard_in(queue)
    return models.Q(subscriber__in=names) | models.Q(subscriber="", topic__in=topics)


def fan_out(rows: list[Message]) -> list[Message]:
    """Give what the triggers wrote to its first subscriber, and a copy to each other one."""
    copies = []
    for row in rows:
        row.subscriber, *others = subscribers(row.topic) or [""]  # nobody: deliver() will say so
        copies += [row.copy_for(name) for name in others]
    return Message.objects.bulk_create(copies)
