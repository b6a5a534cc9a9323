"""Who comes to a counter with a gift for the first time, as far as it is known.

A guest is known by the address that the gift was for, an e-mail's or a phone's, within one brand. They return
if they came with another gift before, which stands: one that was undone by then is none. Of a gift whose link
its sender passed on by hand nobody knows whose it was.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from campaigns.models import Fact

AT_THE_COUNTER = (Fact.Topic.CODE_REDEEMED, Fact.Topic.REDEMPTION_REVERSED)

_BEFORE = """EXISTS (
  SELECT FROM orders_recipient AS same
         JOIN orders_gift AS other ON other.recipient_id = same.id AND other.id <> gift.id
         JOIN redemption_redemption AS before
           ON before.code_id = other.code_id AND before.redeemed_at < act.redeemed_at
         LEFT JOIN redemption_reversal AS undone
           ON undone.redemption_id = before.id AND undone.reversed_at <= act.redeemed_at
   WHERE same.brand_id = me.brand_id AND undone.id IS NULL AND {same})"""
_BY_EMAIL = "me.email > '' AND same.email > '' AND upper(same.email) = upper(me.email)"
_BY_PHONE = "me.phone > '' AND same.phone > '' AND same.phone = me.phone"

RETURNING = f"""
SELECT act.id, {_BEFORE.format(same=_BY_EMAIL)} OR {_BEFORE.format(same=_BY_PHONE)}
  FROM redemption_redemption AS act JOIN orders_gift AS gift ON gift.code_id = act.code_id
       JOIN orders_recipient AS me ON me.id = gift.recipient_id
 WHERE act.id = ANY(%s) AND (me.email > '' OR me.phone > '')
"""  # nosec B608  # of our own words


def returning(redemptions: Collection[UUID]) -> dict[UUID, bool | None]:
    """By each redemption that anything is known of, whether its guest had come before. What was said once is
    said again, of a redemption that is undone too: addresses are forgotten. Two statements."""
    facts = Fact.objects.filter(topic__in=AT_THE_COUNTER, subject_id__in=redemptions)
    known: dict[UUID, bool | None] = dict(facts.values_list("subject_id", "is_returning"))
    if new := [each for each in redemptions if each not in known]:
        with connection.cursor() as cursor:
            cursor.execute(RETURNING, [new])
            known |= dict(cursor.fetchall())
    return known
