"""The team says what it believes: owners, store managers and marketers, each once in a round. The first round
begins with the first of them who says or skips it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from brands.models import Brand
from core import crypto
from giftshop.accounts.models import Membership
from giftshop.reasons import answer
from giftshop.reasons.models import Answer, Round, Skip


def newest() -> Round | None:
    """Expects the brand's scope. One query."""
    return Round.objects.order_by("-opened_on").first()


def said_by(member: Membership) -> Answer | None:
    """In the newest round. Two queries."""
    latest = newest()
    return answer.said(_subject(latest, member)) if latest else None


def is_asked(member: Membership) -> bool:
    """Whether the studio's first page asks them: they neither said nor skipped it. Two queries."""
    latest = newest()
    if latest is None:
        return True
    keys = crypto.digests(_subject(latest, member))
    said, skipped = (model.objects.filter(key__in=keys) for model in (Answer, Skip))
    return not said.values("key").union(skipped.values("key")).exists()


def believe(member: Membership, *, ranks: Sequence[str], now: datetime) -> None:
    """Their three, the strongest first; the first word of a round stands. Expects the brand's scope, and
    somebody whose role is a side."""
    to = _round(member.brand, now)
    made = Answer(brand=member.brand, side=side_of(member), round=to)
    answer.keep(made, _subject(to, member), ranks, now)


def skip(member: Membership, *, now: datetime) -> None:
    """They are asked no more in this round; they may still say it."""
    key = crypto.digest(_subject(_round(member.brand, now), member))
    Skip.objects.bulk_create([Skip(brand=member.brand, key=key)], ignore_conflicts=True)


def ask_again(*, brand: Brand, now: datetime) -> bool:
    """A new round, so that everybody is asked once more; False where the newest began today."""
    today = timezone.localdate(now, brand.tz)
    _round_of_today, is_new = Round.objects.get_or_create(brand=brand, opened_on=today)
    return is_new


def _round(brand: Brand, now: datetime) -> Round:
    if latest := newest():
        return latest
    today = timezone.localdate(now, brand.tz)
    return Round.objects.get_or_create(brand=brand, opened_on=today)[0]


def _subject(to: Round, member: Membership) -> str:
    return f"reasons:round:{to.pk}:{member.user_id}"


def side_of(member: Membership) -> Answer.Side:
    """Raises ValueError for a role that is not asked."""
    return Answer.Side(member.role)


def subject_of(member: Membership) -> str:
    """Whose order of the twelve it is, in any round."""
    return f"reasons:team:{member.brand_id}:{member.user_id}"
