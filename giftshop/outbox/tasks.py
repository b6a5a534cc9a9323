"""Celery wakes workers for what waits in a queue of the outbox. A lost call costs the second until the
next one; rows say what is to be done."""

import random
import time

from celery import shared_task

from giftshop.outbox import relay
from giftshop.outbox.outbox import Queue

TURN_SECONDS = 1.0
"""After so long a worker looks what waits in the other queues."""
STALE_SECONDS = 5
"""A call that nobody came to for so long has been repeated since."""


HANGS_SECONDS = 5.0
"""A turn that found messages and did none for so long met somebody outside who does not answer. One that
found none met a slow database, which is no reason to stay away."""
REST_SECONDS = (15.0, 45.0)
"""Then this worker leaves the queue alone for a while, so that most of the time somebody is there for the
other queues. How long is left to chance, or all of them would come back at once."""

_rests_until: dict[Queue, float] = {}


@shared_task(name="outbox.work", time_limit=60, soft_time_limit=45)
def work(queue: str) -> None:
    """Work for a turn; when there is more, take another, beside whoever is called meanwhile. So as many
    workers come to a queue as are free and it needs."""
    if time.monotonic() < _rests_until.get(Queue(queue), 0.0):
        return
    began = time.monotonic()
    done, more = relay.work(Queue(queue), seconds=TURN_SECONDS)
    ended = time.monotonic()
    if queue != Queue.FACTS and more and not done and ended - began > HANGS_SECONDS:
        _rests_until[Queue(queue)] = ended + random.SystemRandom().uniform(*REST_SECONDS)
    elif more:
        work.apply_async([queue], queue=queue, expires=STALE_SECONDS)
