"""Whom an operator helps just now: why they look, what they opened for it, and what they typed before they
had to show who they are.

Both stand in the operator's session for half an hour. An order is opened by a POST that leaves an audit entry
with that reason, and its pages are shown to whoever opened it: no address of a page is enough to look.
"""

import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.utils import timezone

from brands.models import Brand
from core import crypto
from giftshop.accounts.access import operator_of
from giftshop.operator.access import OperatorRequest
from redemption.audit.log import Act, record

LASTS = timedelta(minutes=30)
OPENED_MAX = 10
_KEY, _TYPED = "support", "support_typed"


def begin(request: OperatorRequest, reason: str) -> None:
    """What was opened before stays open."""
    opened = _case(request).get("opened", {})
    request.session[_KEY] = {
        "user": str(request.user.pk),
        "reason": reason,
        "since": timezone.now().timestamp(),
        "opened": opened,
    }


def reason_of(request: OperatorRequest) -> str:
    """Empty when nothing was looked for lately."""
    case = _case(request)
    return str(case["reason"]) if case and _is_recent(case["since"]) else ""


def note_opened(request: OperatorRequest, key: UUID) -> None:
    """An order or a code; of the latest ten."""
    case = _case(request)
    opened = {**case.get("opened", {}), str(key): timezone.now().timestamp()}
    newest = sorted(opened.items(), key=lambda each: each[1])[-OPENED_MAX:]
    request.session[_KEY] = {**case, "user": str(request.user.pk), "opened": dict(newest)}


def opened(request: OperatorRequest) -> list[UUID]:
    """The latest first."""
    found = _case(request).get("opened", {})
    newest = sorted(found.items(), key=lambda each: each[1], reverse=True)
    return [UUID(key) for key, at in newest if _is_recent(at)]


def keep_typed(request: OperatorRequest, form: str, said: dict[str, str]) -> None:
    """Until that form is shown again: sealed, for it may hold somebody's address."""
    sealed = crypto.seal(json.dumps(said), context=_whose(request))
    request.session[_TYPED] = {
        "form": form,
        "said": b64encode(sealed).decode(),
        "at": timezone.now().timestamp(),
    }


def take_typed(request: OperatorRequest, *forms: str) -> tuple[str, dict[str, str]]:
    """Which of these forms is to be shown as it was typed, and with what; once. Nothing and an empty one
    where none is."""
    kept = request.session.get(_TYPED, {})
    if kept.get("form") not in forms:
        return "", {}
    del request.session[_TYPED]
    try:
        said = json.loads(crypto.unseal(b64decode(kept["said"]), context=_whose(request)))
    except InvalidTag:  # of somebody else, who was signed in here before
        return "", {}
    return (kept["form"], said) if _is_recent(kept["at"]) else ("", {})


def _whose(request: OperatorRequest) -> str:
    return f"support:{request.user.pk}"


def record_look(
    request: OperatorRequest, *, brand: Brand, act: Act, subject: str, **details: Any
) -> None:
    """An audit entry of the brand. Expects its scope."""
    with transaction.atomic():
        record(
            brand=brand,
            actor=operator_of(request.user),
            act=act,
            subject=subject,
            now=timezone.now(),
            details={"reason": reason_of(request), **details},
        )


def _case(request: OperatorRequest) -> dict[str, Any]:
    """Of this operator: somebody else may have signed in here before."""
    case = request.session.get(_KEY, {})
    return case if case.get("user") == str(request.user.pk) else {}


def _is_recent(at: float) -> bool:
    return timezone.now() - datetime.fromtimestamp(at, tz=timezone.now().tzinfo) < LASTS
