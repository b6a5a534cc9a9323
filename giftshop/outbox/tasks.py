"""Celery wakes workers for what waits in a queue of the outbox. A lost call costs the second until the
next one; rows say what is to be done."""

from celery import shared_task

from giftshop.outbox import relay
from giftshop.outbox.outbox import Queue

TURN_SECONDS = 1.0
"""After so long a worker looks what waits in the other queues."""
STALE_SECONDS = 5
"""A call that nobody came to for so long has been repeated since."""


@shared_task(name="outbox.work", time_limit=60, soft_time_limit=45)
def work(queue: str) -> None:
    """Work for a turn; when there is more, take another, beside whoever is called meanwhile. So as many
    workers come to a queue as are free and it needs."""
    _, more = relay.work(Queue(queue), seconds=TURN_SECONDS)
    if more:
        work.apply_async([queue], queue=queue, expires=STALE_SECONDS)
