"""A worker as Celery has them, for mails alone: says when it is ready, works when it is told to, and ends. It
says how many it sent, and how many seconds of a processor it and its connection to PostgreSQL used.
"""

import os
import sys
import time

import django

from bench.redeem import machine


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    from django.db import connection

    from giftshop.outbox import relay
    from giftshop.outbox.outbox import Queue

    relay.work(Queue.FACTS)  # opens what a worker keeps open
    _claimed, first = relay.deliver_group(Queue.MAIL, ends=0.0)  # lays out what it lays out once
    print(f"ready {first}", flush=True)
    sys.stdin.readline()
    backend = connection.connection.info.backend_pid
    [before] = machine.cpu_seconds(backend)
    began = time.process_time()
    done = relay.work(Queue.MAIL)[0]
    own = time.process_time() - began
    [after] = machine.cpu_seconds(backend)
    print(f"done {done} {own:.3f} {after - before:.3f}", flush=True)


if __name__ == "__main__":
    main()
