"""Which drafts a browser made: what it may go on with, and whose order's page it is led to."""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from giftshop.orders.models import Draft

SESSION_KEY = "drafts"
REMEMBERED_MAX = 20


def remember(draft: Draft, session: SessionBase) -> None:
    """Only this browser may see it; the latest twenty are known."""
    session[SESSION_KEY] = [*session.get(SESSION_KEY, []), str(draft.pk)][-REMEMBERED_MAX:]


def of(request: HttpRequest) -> list[str]:
    """Their ids."""
    return list(request.session.get(SESSION_KEY, []))


def is_own(request: HttpRequest, draft_id: UUID | None) -> bool:
    """Whether this browser made it: its session says so, and nothing that anybody can name."""
    return str(draft_id) in request.session.get(SESSION_KEY, [])
