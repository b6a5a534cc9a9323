"""The gift mails that a worker has claimed at once: what they need is read for all together, and what follows
once they were sent is written for all together.

Each leaves by itself, and costs one statement: right before it, it is looked whether all that was read is
still so, and written down that the one before it was sent. That is a fact by itself: a worker that dies then,
with nothing else written, leaves its gifts to whoever follows, who finds the fact and sends nothing again
(send.py). The last one's is written by itself, and before anything else is begun. Of these statements every
eighth or so waits for the disk, which then takes those before it, too. A worker may die at any time, and all
that it said is kept; a PostgreSQL that dies forgets a few facts at most.

Only what is plain goes this way: the first mail of a gift to whoever takes mails, with nobody at it before.
All else goes to the ordinary handler: a text, a second try, a gift that has to wait or changed in between.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseFailed
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.database.insert import insert
from giftshop.catalog.models import Treat
from giftshop.delivery.models import Delivery, Suppression
from giftshop.delivery.purposes import Purpose
from giftshop.delivery.send import BeginAnew, hand_over, ours
from giftshop.delivery.shared import gifts as gift_sheets
from giftshop.orders.models import Gift, Order
from giftshop.outbox import workers
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import emit_many
from giftshop.outbox.topics import Topic
from redemption.models import Code

AT_RISK_MAX = 8
"""So many mails a worker has sent at most of which a PostgreSQL that dies may know nothing."""

_SUPPRESSED = "SELECT digest FROM delivery_suppression WHERE digest = ANY(%s)"

_SHOWN = {
    Gift: [
        *(
            "brand",
            "order",
            "treat",
            "channel",
            "label",
            "translations",
            "kind",
            "amount",
            "design",
        ),
        *("message", "deliver_at", "token_ciphertext", "code", "recipient"),
        *("recipient__brand", "recipient__name", "recipient__email", "recipient__language"),
        *("recipient__erased_at", "code__brand", "code__state", "code__ciphertext"),
        *("code__currency", "code__expires_at", "code__store_ids"),
    ],
    Order: ["brand", "sender_name", "sender_erased_at", "language"],
}
"""Columns that a gift's letter needs; each other one would be a query for each mail."""

_CLAIM_AGAIN = """
    WITH held AS (
        SELECT id FROM delivery_delivery
         WHERE purpose = %s AND subject = ANY(%s) AND addressee = '' AND version = 1
           AND state = 'pending' AND attempts_made = 0 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE delivery_delivery d
       SET state = 'sending', leased_until = %s, worker_id = %s, attempts_made = 1
      FROM held WHERE d.id = held.id RETURNING d.id, d.subject
"""

_AS_IT_WAS = """
    SELECT EXISTS (
        SELECT FROM delivery_delivery d, orders_gift g, redemption_code c, orders_recipient r
         WHERE d.id = %s AND d.attempts_made = 1 AND d.state = 'sending'
           AND g.id = %s AND c.id = g.code_id AND c.state = 'active'
           AND r.id = g.recipient_id AND r.erased_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM delivery_suppression s
         WHERE s.digest IN ({digests}) AND s.subject IN ('', %s)
           AND (s.brand_id = %s OR s.brand_id IS NULL)
    )
"""
"""Whoever changes a gift outdates its delivery first (mend.py); the rest is looked at. There are as many
digests as ways to keep an address."""

_WAS_SENT = """
    WITH told AS (
        UPDATE delivery_delivery SET provider_id = %s WHERE id = %s AND attempts_made = 1 AND %s
    ), fact AS (
        INSERT INTO delivery_attempt (delivery_id, at, outcome, error) VALUES (%s, %s, 'sent', '')
    )
"""
"""Stands before another statement."""

_WITHOUT_THE_DISK = ", set_config('synchronous_commit', 'off', true)"
"""Stands behind another statement, whose transaction then doesn't wait for it. The next one that waits has
the disk take all before it, too."""

_OVER = """
    WITH held AS (
        SELECT id FROM delivery_delivery
         WHERE id = ANY(%s) AND attempts_made = 1 AND state = 'sending' ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE delivery_delivery d
       SET state = 'sent', leased_until = NULL, worker_id = NULL, over_at = %s
      FROM held WHERE d.id = held.id RETURNING d.id
"""

_GIFTS_SENT = """
    WITH held AS (
        SELECT id, sent_at IS NULL AS is_first FROM orders_gift
         WHERE id = ANY(%(ids)s::uuid[])
           AND (sent_at IS NULL OR code_left_at IS NULL AND id = ANY(%(shown)s::uuid[]))
         ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE orders_gift g
       SET sent_at = COALESCE(g.sent_at, %(now)s::timestamptz), undeliverable_at = NULL,
           delivered_at = NULL,
           code_left_at = CASE WHEN g.id = ANY(%(shown)s::uuid[])
                               THEN COALESCE(g.code_left_at, %(now)s::timestamptz)
                               ELSE g.code_left_at END
      FROM held WHERE g.id = held.id RETURNING g.id, held.is_first
"""
"""`shown`: those whose mail has the code in it."""


@dataclass(frozen=True)
class _Mail:
    gift: Gift
    delivery: Delivery
    digests: list[bytes]
    """Under which its address would be suppressed."""


class GiftGroup:
    """See giftshop.outbox.outbox.Group; of the purpose `gift`."""

    def __init__(self, purpose: Purpose[Gift], messages: list[Message]) -> None:
        self.purpose = purpose
        self.mails: dict[UUID, _Mail] = {}
        self.untouched: set[UUID] = set()
        self.sent: list[_Mail] = []
        self.left: list[Any] = []
        """What to write down of the mail that left last: the parameters of _WAS_SENT."""
        self.at_risk = 0
        """Facts that a PostgreSQL which dies now may forget."""
        self._cursor: Any = None
        self.read = gift_sheets.Read()
        of_brand: dict[UUID | None, list[Message]] = defaultdict(list)
        for message in messages:
            of_brand[message.brand_id].append(message)
        for brand_id, some in of_brand.items():
            with scope(brand=brand_id):
                self._hold(some, timezone.now())

    def _hold(self, messages: list[Message], now: datetime) -> None:
        """Seven statements; one more where rows were given back before."""
        by_gift = {UUID(message.payload["gift_id"]): message for message in messages}
        plain = [gift for gift in _read(list(by_gift)) if _is_plain(gift, now)]
        digests = [Suppression.digests_of(self.purpose.address(gift)) for gift in plain]
        with connection.cursor() as cursor:
            cursor.execute(_SUPPRESSED, [[each for some in digests for each in some]])
            unwanted = {bytes(digest) for (digest,) in cursor.fetchall()}
        lease = ours(now)
        mails = [
            _Mail(gift, self._row(gift, lease, now), its)
            for gift, its in zip(plain, digests, strict=True)
            if unwanted.isdisjoint(its)
        ]
        self._claim([mail.delivery for mail in mails])
        for mail in mails:
            if mail.delivery.pk in self.untouched:
                self.mails[by_gift[mail.gift.pk].pk] = mail

    def _claim(self, rows: list[Delivery]) -> None:
        """Those that nobody was at before: new ones, and such as a group gave back."""
        self.untouched |= {row.pk for row in insert(rows, ignore_conflicts=True)}
        known = {row.subject: row for row in rows if row.pk not in self.untouched}
        if not known:
            return
        lease = next(iter(known.values()))
        with connection.cursor() as cursor:
            cursor.execute(
                _CLAIM_AGAIN,
                [self.purpose.name, list(known), lease.leased_until, lease.worker_id],
            )
            for pk, subject in cursor.fetchall():
                known[subject].pk = pk
                self.untouched.add(pk)

    def _row(self, gift: Gift, lease: dict[str, Any], now: datetime) -> Delivery:
        return Delivery(
            brand=gift.order.brand,
            purpose=self.purpose.name,
            subject=self.purpose.subject(gift),
            address=self.purpose.address(gift),
            channel=self.purpose.channel(gift),
            attempts_made=1,
            created_at=now,
            **lease,
        )

    def take(self, message: Message) -> bool:
        """One statement. What it ends in but `sent` is written down at once, as ever."""
        mail = self.mails.pop(message.pk, None)
        if mail is None:
            self.catch_up()
            return False
        look = partial(self._look, mail)
        try:
            with scope(brand=message.brand_id), gift_sheets.read_once(self.read):
                told_as = hand_over(self.purpose, mail.delivery, mail.gift, look)
        except BeginAnew:
            self._give_back([mail.delivery.pk])
            return False
        if told_as is not None:
            pk = mail.delivery.pk
            self.left = [told_as, pk, bool(told_as), pk, timezone.now()]
            self.sent.append(mail)
        return True

    def _look(self, mail: _Mail) -> None:
        self.untouched.discard(mail.delivery.pk)
        gift, delivery = mail.gift, mail.delivery
        wanted = [delivery.pk, gift.pk, *mail.digests, delivery.subject, delivery.brand_id]
        digests = ", ".join(["%s"] * len(mail.digests))
        is_so = self._ask(_AS_IT_WAS.format(digests=digests), wanted)
        if not (is_so and workers.is_heard()):
            raise BeginAnew

    def catch_up(self) -> None:
        if self.left or self.at_risk:
            self._ask("SELECT 1", [], waits=True)

    def _ask(self, sql: str, parameters: list[Any], *, waits: bool = False) -> Any:
        """The first value of what it answers, with what is still to be written down in the same statement."""
        waits = waits or self.at_risk >= AT_RISK_MAX
        self.at_risk = 0 if waits else self.at_risk + bool(self.left)
        said = f"{_WAS_SENT if self.left else ''} {sql}{'' if waits else _WITHOUT_THE_DISK}"
        try:
            if self._cursor is None or self._cursor.connection is not connection.connection:
                self._cursor = connection.cursor()  # a new one costs more than what is asked
            self._cursor.execute(said, [*self.left, *parameters])
            self.left = []
            return self._cursor.fetchone()[0]
        except DatabaseFailed:
            workers.abandon()  # nobody shall wait for us to say how it went
            raise

    def settle(self) -> None:
        """Four statements. A delivery that somebody else has taken over is theirs to write."""
        if not self.sent:
            return
        now = timezone.now()
        gift_of = {mail.delivery.pk: mail.gift for mail in self.sent}
        with connection.cursor() as cursor:
            cursor.execute(_OVER, [list(gift_of), now])
            over = [gift_of[pk] for (pk,) in cursor.fetchall()]
            shown = [gift.pk for gift in over if not gift.order.brand.hides_code]
            ids = [gift.pk for gift in over]
            cursor.execute(_GIFTS_SENT, {"ids": ids, "shown": shown, "now": now})
            first = {pk for pk, is_first in cursor.fetchall() if is_first}
        told: dict[UUID, list[Gift]] = defaultdict(list)
        for gift in over:
            if gift.pk in first:
                told[gift.brand_id].append(gift)
        for brand_id, gifts in told.items():
            emit_many(
                topic=Topic.GIFT_SENT,
                brand_id=brand_id,
                told=[({"gift_id": str(gift.pk)}, None) for gift in gifts],
                now=now,
            )

    def give_back(self) -> None:
        if self.untouched:
            self._give_back(list(self.untouched))

    def _give_back(self, pks: list[UUID]) -> None:
        """As if nobody had been at them."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_delivery SET state = 'pending', leased_until = NULL, worker_id = NULL,"
                " attempts_made = 0 WHERE id = ANY(%s) AND attempts_made = 1 AND state = 'sending'",
                [pks],
            )


def _read(ids: list[UUID]) -> list[Gift]:
    """With everything that a letter shows, of the scope's brand. What many of them share is read once."""
    found = Gift.objects.filter(pk__in=ids).select_related("recipient", "code").only(*_SHOWN[Gift])
    gifts = list(found)
    orders = Order.objects.only(*_SHOWN[Order]).in_bulk({gift.order_id for gift in gifts})
    treats = Treat.objects.in_bulk({gift.treat_id for gift in gifts})
    brands = Brand.objects.in_bulk({order.brand_id for order in orders.values()})
    for order in orders.values():
        order.brand = brands[order.brand_id]
    for gift in gifts:
        gift.order, gift.treat = orders[gift.order_id], treats[gift.treat_id]
        if gift.code:
            gift.code.brand = gift.order.brand
    return gifts


def _is_plain(gift: Gift, now: datetime) -> bool:
    return (
        gift.channel == Gift.Channel.EMAIL
        and bool(gift.recipient.email)
        and gift.recipient.erased_at is None
        and gift.code is not None
        and gift.code.state == Code.State.ACTIVE
        and gift.is_due(now)
    )
