"""A recipient rates a gift that was handed over, changes that for a time, or takes it back.

Nobody is asked for more than once, and nobody gets anything for it. Whoever works for the brand rates
none of its treats; a goodwill gift has no page, so it cannot be rated either.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.forms.version import check_version
from core.refused import Refused
from giftshop.accounts.models import Membership
from giftshop.orders.models import Gift
from giftshop.reviews import standings
from giftshop.reviews.models import Review
from redemption.models import Code

CHANGEABLE_FOR = timedelta(days=30)


class ReviewRefusal(models.TextChoices):
    NOT_ENJOYED = "not_enjoyed", _("You can say how it was once you had it.")
    OWN = "own", _("Whoever works here does not rate what is sold here.")
    LATE = "late", _("This was said a while ago and can no longer be changed, only taken back.")


class ReviewRefused(Refused[ReviewRefusal]):
    """`reason` in words for the recipient."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a recipient says. `stars` 1 to 5; `name` empty for none; `language` as in LANGUAGES."""

    stars: int
    words: str = ""
    name: str = ""
    language: str


def said_by(review: Review | None) -> dict[str, Any]:
    """What a form shows of it, and is compared by."""
    if review is None:
        return {}
    return {"stars": review.stars, "words": review.words, "name": review.name}


def write(*, gift_id: UUID, said: Said, now: datetime, seen: str = "") -> Review:
    """Keep it, to be shown or hidden by the brand; what is changed waits again. The same once more
    changes nothing. Expects the brand's scope. Raises ReviewRefused, and SavedSince where what is kept is
    not what was `seen`."""
    with transaction.atomic():
        gift = _held(gift_id)
        if refusal := may_not(gift):
            raise ReviewRefused(refusal)
        values = {
            "stars": said.stars,
            "words": said.words.strip(),
            "name": said.name,
            "language": said.language,
        }
        review = Review.objects.filter(gift=gift).first()
        wanted = {name: values[name] for name in ("stars", "words", "name")}
        check_version(seen, kept=said_by(review), wanted=wanted)
        if review is None:
            review = Review(
                brand_id=gift.brand_id, gift=gift, treat_id=gift.treat_id, written_at=now
            )
        elif all(getattr(review, name) == value for name, value in values.items()):
            return review
        elif not is_changeable(review, now):
            raise ReviewRefused(ReviewRefusal.LATE)
        for name, value in values.items():
            setattr(review, name, value)
        review.state, review.hidden_because, review.judged_at = Review.State.WAITING, "", None
        review.changed_at = now
        review.save()
        standings.count_reviews(gift.treat, now=now)
    return review


def take_back(*, gift_id: UUID, now: datetime) -> bool:
    """Whether there was one. At any time. Expects the brand's scope."""
    with transaction.atomic():
        gift = _held(gift_id)
        gone, _by_model = Review.objects.filter(gift=gift).delete()
        if gone:
            standings.count_reviews(gift.treat, now=now)
    return bool(gone)


def is_changeable(review: Review, now: datetime) -> bool:
    return now < review.written_at + CHANGEABLE_FOR


def may_not(gift: Gift) -> ReviewRefusal | None:
    """Why this gift is not rated; None where it may be. At most one query."""
    if not is_enjoyed(gift) or gift.code is None or gift.code.origin != Code.Origin.PAID:
        return ReviewRefusal.NOT_ENJOYED
    theirs = {gift.order.sender_email.lower(), gift.recipient.email.lower()} - {""}
    if Membership.objects.filter(brand=gift.brand_id, user__email__in=theirs).exists():
        return ReviewRefusal.OWN
    return None


def is_enjoyed(gift: Gift) -> bool:
    """It was handed over, and not taken back: by the state that its page goes by, too."""
    return gift.code is not None and gift.code.state == Code.State.REDEEMED


def _held(gift_id: UUID) -> Gift:
    """Until commit: of two that are sent at once the second changes the first."""
    rows = Gift.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("order", "recipient", "code", "treat").get(pk=gift_id)
