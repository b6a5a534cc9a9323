"""The browsers in which somebody is signed in: listed, and ended one by one or all but this one.

Ending deletes Django's row, so that the next request of that browser finds no session; nothing is asked
on each request for it. When a browser was last seen is when its session was saved last, which the studio
does a few times an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from giftshop.accounts.models import BrowserSession, User
from giftshop.accounts.sessions import row_key
from giftshop.accounts.user_agents import device


@dataclass(frozen=True)
class Shown:
    """One of them, for the page."""

    id: UUID
    device: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **_more: object) -> None:
    """Signed in just now, which gave the session a new key."""
    BrowserSession.objects.update_or_create(
        session_key=row_of(request),
        defaults={
            "user": user,
            "device": device(request.META.get("HTTP_USER_AGENT", "")),
            "began_at": timezone.now(),
        },
    )


def change_cookie(request: HttpRequest) -> None:
    """Another cookie for the same browser: whoever has a copy of the one before is nobody."""
    before = row_of(request)
    request.session.cycle_key()
    BrowserSession.objects.filter(session_key=before).update(session_key=row_of(request))


def of(request: HttpRequest, user: User, *, now: datetime) -> list[Shown]:
    """Those that may still open a page, this one first, then the last seen. Two queries."""
    known = {
        each.session_key: each
        for each in BrowserSession.objects.filter(
            user=user, began_at__gt=now - settings.STUDIO_SESSION_MAX
        )
    }
    lasts = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    alive = Session.objects.filter(
        session_key__in=known, expire_date__gt=now + lasts - settings.STUDIO_IDLE
    )
    this = row_of(request)
    shown = [
        Shown(
            known[row.session_key].pk,
            known[row.session_key].device,
            known[row.session_key].began_at,
            row.expire_date - lasts,
            row.session_key == this,
        )
        for row in alive
    ]
    return sorted(shown, key=lambda each: (each.is_this, each.seen_at), reverse=True)


def end(user: User, session_id: UUID) -> bool:
    """Whether it was one of theirs. Its browser is nobody's from its next request on."""
    with transaction.atomic():
        ended = BrowserSession.objects.filter(user=user, pk=session_id).first()
        if ended is None:
            return False
        _delete([ended.session_key])
    return True


def end_others(request: HttpRequest, user: User) -> int:
    """All but the one that asks; how many that were."""
    with transaction.atomic():
        return end_all(user, but=row_of(request))


def end_all(user: User, *, but: str = "") -> int:
    """Wherever they are signed in, `but` in the browser whose row is found by that; how many that were.
    Expects a transaction."""
    ended = BrowserSession.objects.filter(user=user).exclude(session_key=but)
    return _delete(list(ended.values_list("session_key", flat=True)))


def _delete(keys: list[str]) -> int:
    BrowserSession.objects.filter(session_key__in=keys).delete()
    gone, _by_model = Session.objects.filter(session_key__in=keys).delete()
    return gone


def row_of(request: HttpRequest) -> str:
    """What the row of its browser is found by."""
    return row_key(request.session.session_key or "")
