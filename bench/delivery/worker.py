"""A worker as Celery has them, for mails alone: says when it is ready, works when it is told to, and ends."""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    from giftshop.outbox import relay
    from giftshop.outbox.outbox import Queue

    relay.work(Queue.FACTS)  # opens what a worker keeps open
    print("ready", flush=True)
    sys.stdin.readline()
    print(f"done {relay.work(Queue.MAIL)[0]}", flush=True)


if __name__ == "__main__":
    main()
