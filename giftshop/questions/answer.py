"""A brand answers a question, shows it on its shop if the asker agreed, takes it down, or closes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.questions.models import Question
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

State = Question.State


class QuestionRefusal(models.TextChoices):
    OVER = "over", _("Somebody else has answered or closed this question in the meantime.")
    NOT_AGREED = "not_agreed", _("Only an answered question whose asker agreed can be shown.")


class QuestionRefused(Refused[QuestionRefusal]):
    """`reason` in words for whoever wanted to."""


def answer(question: Question, *, words: str, show: bool, by: Actor, now: datetime) -> Question:
    """Once; the asker is mailed. `show` counts only where the asker agreed. Expects the brand's scope.
    Raises QuestionRefused for one that does not wait any more."""
    with transaction.atomic():
        kept = _held(question, {State.WAITING})
        kept.answer, kept.answered_at = words.strip(), now
        kept.shown_at = now if show and kept.may_be_shown else None
        _turn(kept, State.ANSWERED, Act.QUESTION_ANSWERED, by, now, shown=bool(kept.shown_at))
        emit(
            topic=Topic.QUESTION_ANSWERED,
            brand_id=kept.brand_id,
            payload={"question_id": str(kept.pk)},
            now=now,
        )
    return kept


def show(question: Question, *, by: Actor, now: datetime) -> None:
    """On the shop. Expects the brand's scope. Raises QuestionRefused unless both agree."""
    with transaction.atomic():
        kept = _held(question, {State.ANSWERED}, QuestionRefusal.NOT_AGREED)
        if not kept.may_be_shown:
            raise QuestionRefused(QuestionRefusal.NOT_AGREED)
        if kept.shown_at is None:
            kept.shown_at = now
            _turn(kept, State.ANSWERED, Act.QUESTION_SHOWN, by, now)


def take_down(question: Question, *, by: Actor, now: datetime) -> None:
    """Off the shop. Expects the brand's scope."""
    with transaction.atomic():
        kept = _held(question, State)
        if kept.shown_at is not None:
            kept.shown_at = None
            _turn(kept, State.ANSWERED, Act.QUESTION_TAKEN_DOWN, by, now)


def close(question: Question, *, as_spam: bool, by: Actor, now: datetime) -> None:
    """Without an answer; nobody is mailed. Expects the brand's scope. Raises QuestionRefused."""
    with transaction.atomic():
        kept = _held(question, {State.WAITING})
        state = State.SPAM if as_spam else State.CLOSED
        _turn(kept, state, Act.QUESTION_CLOSED, by, now, spam=as_spam)


def reopen(question: Question, *, by: Actor, now: datetime) -> None:
    """One that was closed waits again. Expects the brand's scope. Raises QuestionRefused."""
    with transaction.atomic():
        kept = _held(question, {State.CLOSED, State.SPAM})
        _turn(kept, State.WAITING, Act.QUESTION_REOPENED, by, now)


def _held(
    question: Question,
    states: Iterable[State],
    otherwise: QuestionRefusal = QuestionRefusal.OVER,
) -> Question:
    """As it is now, until commit."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("brand")
    kept = rows.get(pk=question.pk)
    if kept.state not in set(states):
        raise QuestionRefused(otherwise)
    return kept


def _turn(kept: Question, state: State, act: Act, by: Actor, now: datetime, **told: Any) -> None:
    """Names and words stay out of the audit log: it keeps none."""
    kept.state, kept.changed_at = state, now
    kept.save(update_fields=["state", "changed_at", "answer", "answered_at", "shown_at"])
    subject = f"question:{kept.pk}"
    record(brand=kept.brand, actor=by, act=act, subject=subject, now=now, details=told)
