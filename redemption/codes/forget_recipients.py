"""Forgetting whom a code was for: the greeting at the counter goes, also from answers that tills were given.

The books name codes, stores and amounts, and no recipient, so nothing of them changes. A till that repeats a
request gets the same answer with an empty name: the one exception to "same key, same answer".
"""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from redemption.codes import acts
from redemption.models import Code, IdempotencyRecord, Redemption

FIELD = "recipient_name"


def forget_recipients(code_ids: Collection[UUID]) -> None:
    """Locks the codes until commit. Expects the brand's scope and a transaction. 4 statements, and one for
    each answer that names somebody."""
    codes = acts.lock_all(code_ids)
    named = [code.pk for code in codes if code.recipient_name]
    Code.objects.filter(pk__in=named).update(recipient_name="")
    told = Redemption.objects.filter(code__in=[code.pk for code in codes])
    keys = list(told.values_list("device_id", "idempotency_key"))
    answers = Q()
    for device_id, key in keys:
        answers |= Q(device_id=device_id, key=key)
    for answer in IdempotencyRecord.objects.filter(answers) if keys else ():
        body = json.loads(answer.body or "null")
        if _clear(body):
            answer.body = json.dumps(body)
            answer.save(update_fields=["body"])


def _clear(body: Any) -> bool:
    """Whether there was a name."""
    gift = body.get("gift") if isinstance(body, dict) else None
    if not isinstance(gift, dict) or not gift.get(FIELD):
        return False
    gift[FIELD] = ""
    return True
