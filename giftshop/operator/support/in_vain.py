"""Searches of support that found nothing: no brand has them in its activity, so they are kept here.

Of an address or a code only so much is kept that whoever knows it sees that it was meant.
"""

from datetime import datetime

from giftshop.accounts.models import User
from giftshop.models import SearchInVain
from giftshop.operator.support.search import Answer

SHOWN_MAX = 10


def record(user: User, answer: Answer, reason: str, *, now: datetime) -> SearchInVain:
    return SearchInVain.objects.create(
        user=user, at=now, by=answer.by, about=answer.about, reason=reason
    )


def latest() -> list[SearchInVain]:
    """Of all operators, the newest first. 1 query."""
    return list(SearchInVain.objects.select_related("user").order_by("-pk")[:SHOWN_MAX])
