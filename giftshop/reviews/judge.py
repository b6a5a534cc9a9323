"""A brand shows a review, or hides it for a reason that everybody is told in numbers. Nobody edits one."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from giftshop.reviews import standings
from giftshop.reviews.models import Review
from giftshop.reviews.write import is_enjoyed
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record


class JudgeRefusal(models.TextChoices):
    CHANGED = (
        "changed",
        _("The recipient has changed or taken back these words. Please look again."),
    )
    UNDONE = "undone", _("This gift was taken back at the counter, so it was not enjoyed yet.")


class JudgeRefused(Refused[JudgeRefusal]):
    """`reason` in words for whoever judged."""


def show(review: Review, *, by: Actor, now: datetime) -> None:
    """As `review` was read. Expects the brand's scope. Raises JudgeRefused."""
    with transaction.atomic():
        kept = _held(review)
        if not is_enjoyed(kept.gift):
            raise JudgeRefused(JudgeRefusal.UNDONE)
        if kept.state != Review.State.SHOWN:
            _judge(kept, Review.State.SHOWN, "", Act.REVIEW_SHOWN, by, now)


def hide(review: Review, *, because: Review.Reason, by: Actor, now: datetime) -> None:
    """The same."""
    with transaction.atomic():
        kept = _held(review)
        if (kept.state, kept.hidden_because) != (Review.State.HIDDEN, because):
            _judge(kept, Review.State.HIDDEN, because, Act.REVIEW_HIDDEN, by, now)


def _held(review: Review) -> Review:
    """Until commit, if it still says what was read."""
    rows = Review.objects.select_for_update(of=("self",)).select_related(
        "brand", "gift__code", "treat"
    )
    kept = rows.filter(pk=review.pk, changed_at=review.changed_at).first()
    if kept is None:
        raise JudgeRefused(JudgeRefusal.CHANGED)
    return kept


def _judge(
    kept: Review, state: Review.State, because: str, act: Act, by: Actor, now: datetime
) -> None:
    """The audit log keeps stars and reason: whoever hides what does not please is seen."""
    kept.state, kept.hidden_because, kept.judged_at = state, because, now
    kept.save(update_fields=["state", "hidden_because", "judged_at"])
    standings.count_reviews(kept.treat, now=now)
    told = {"name": kept.treat.name, "stars": kept.stars}
    record(
        brand=kept.brand,
        actor=by,
        act=act,
        subject=f"review:{kept.pk}",
        now=now,
        details={**told, **({"because": because} if because else {})},
    )
