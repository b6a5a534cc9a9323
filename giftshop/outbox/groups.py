"""Messages that leave one by one, while what they need is read, and what follows from them written, for all
that were claimed at once (outbox.in_groups).

Nothing waits long: a group is worked on for GROUP_SECONDS at most. A worker that dies in between leaves its
messages to be claimed again, as any; by then what it had taken is known to whoever follows, and only what
follows from it is still to be written.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Group, group_maker

GROUP_SECONDS = 1.0
"""What was read for a group is not used for longer; whoever writes it down is not waited for any longer."""

log = logging.getLogger(__name__)


class Groups:
    """What a worker has claimed, in groups by subscriber where they have any. Raises what the database raises
    when it is away."""

    def __init__(self, rows: Iterable[Message]) -> None:
        self.by_name: dict[str, Group] = {}
        self.taken: list[Message] = []
        named: dict[str, list[Message]] = defaultdict(list)
        for row in rows:
            named[row.subscriber].append(row)
        for name, messages in named.items():
            self._make(name, messages)

    def _make(self, name: str, messages: list[Message]) -> None:
        if not (make := group_maker(name)):
            return
        try:
            self.by_name[name] = make(messages)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("outbox: no group of %s", name)

    def take(self, message: Message) -> bool:
        """As Group.take; False for what is in none."""
        group = self.by_name.get(message.subscriber)
        if group is None:
            self.catch_up()
            return False
        if not group.take(message):
            return False
        self.taken.append(message)
        return True

    def catch_up(self) -> None:
        """Before anything that may take long."""
        for group in self.by_name.values():
            group.catch_up()

    def settle(self) -> int:
        """Write down what was taken, all or nothing, and give back the rest; how many messages are done."""
        if not self.by_name:
            return 0
        self.catch_up()
        with transaction.atomic():
            for group in self.by_name.values():
                group.settle()
                group.give_back()
            return mark_done(self.taken)


def mark_done(messages: Iterable[Message]) -> int:
    """Those whose newest attempt this still is; how many. One statement for each number of attempts."""
    told = {"done_at": timezone.now(), "error": "", "leased_until": None, "worker_id": None}
    return sum(
        Message.objects.filter(pk__in=ids, attempts=attempt, done_at__isnull=True).update(**told)
        for attempt, ids in by_attempt((each.pk, each.attempts) for each in messages).items()
    )


def by_attempt(claims: Iterable[tuple[UUID, int]]) -> dict[int, list[UUID]]:
    """The ids of those that are claimed for the first time, for the second, and so on."""
    found: dict[int, list[UUID]] = defaultdict(list)
    for message_id, attempt in claims:
        found[attempt].append(message_id)
    return found
