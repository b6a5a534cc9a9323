"""A worker as Celery has them, for mails alone: says when it is ready, works when it is told to, and ends.

send    sends what is due: how many, and how many seconds of a processor it and its connection to PostgreSQL
        used
lease   only claims what is due, as many at once as a worker that is done in time: how many, the seconds until
        it held the first, and seconds of a processor as above
"""

import os
import sys
import time

import django

from bench.redeem import machine


def main(task: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    from django.db import connection

    from giftshop.outbox import relay
    from giftshop.outbox.outbox import Queue

    relay.work(Queue.FACTS)  # opens what a worker keeps open
    first = 0
    if task == "send":
        _claimed, first = relay.deliver_group(
            Queue.MAIL, ends=0.0
        )  # lays out what it lays out once
    print(f"ready {first}", flush=True)
    sys.stdin.readline()
    backend = connection.connection.info.backend_pid
    [before] = machine.cpu_seconds(backend)
    began = time.process_time()
    did = f"{relay.work(Queue.MAIL)[0]}" if task == "send" else lease()
    own = time.process_time() - began
    [after] = machine.cpu_seconds(backend)
    print(f"done {did} {own:.3f} {after - before:.3f}", flush=True)


def lease() -> str:
    """How many were held, and the seconds until the first were."""
    from django.utils import timezone

    from giftshop.outbox import relay
    from giftshop.outbox.outbox import Queue

    began, first, held = time.monotonic(), 0.0, 0
    limit = relay.GROUP
    while some := relay.claim(now=timezone.now(), queue=Queue.MAIL, limit=limit):
        first = first or time.monotonic() - began
        held += len(some)
        limit = min(limit * 2, relay.GROUP_MAX)
    return f"{held} {first:.3f}"


if __name__ == "__main__":
    main(sys.argv[1])
