"""What must be there in the end: every mail, every acknowledged redemption, books that balance."""

import time

from bench.soak.client import Client
from bench.soak.demo_copy import DemoCopy
from bench.soak.record import Record
from bench.soak.senders import link_in_the_mail
from bench.soak.tills import ask

MAIL_SECONDS = 60.0


def lost(demo: DemoCopy, record: Record) -> list[str]:
    """What was acknowledged and is missing, in words. Raises GaveUp when nobody answers."""
    client = Client(demo.url, record, number=70)
    return [*_gifts_without_mail(client, demo, record), *_forgotten(client, record)]


def _gifts_without_mail(client: Client, demo: DemoCopy, record: Record) -> list[str]:
    waiting = list(record.gifts)
    deadline = time.monotonic() + MAIL_SECONDS
    while waiting and time.monotonic() < deadline:
        waiting = [gift for gift in waiting if not link_in_the_mail(client, demo.tray, gift)]
        time.sleep(0.5 if waiting else 0)
    return [f"paid and never mailed: the gift to {gift.address}" for gift in waiting]


def _forgotten(client: Client, record: Record) -> list[str]:
    """Every till asks once more with its key and must hear the same bytes again."""
    found = []
    for key, (token, body, told) in record.acknowledged.items():
        answer = ask(client, token, "redemptions", body, key)
        if answer.content != told or answer.headers.get("Idempotent-Replayed") != "true":
            found.append(f"redemption {key} was acknowledged and is answered otherwise now")
    return found


def verify(demo: DemoCopy) -> list[str]:
    """What is wrong with ledger and audit log."""
    wrong = []
    for command in ("verify_ledger", "verify_audit"):
        try:
            demo.manage(command)
        except RuntimeError as error:
            wrong.append(str(error))
    return wrong
