"""What follows from a question: e-mails to the brand's owners. From its answer: one e-mail to whoever asked,
whose address is then forgotten, in the question and where it was sent from."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from giftshop.delivery.models import Delivery
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send, send_to_owners
from giftshop.delivery.suppression import is_suppressed
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.questions.emails import Told, answer_letter, question_letter
from giftshop.questions.models import Question

TOLD_BY_MAIL_MAX = 30
"""Questions of one brand in a day of which its owners get a mail. More wait in the studio all the same:
nobody's mail box can be filled by whoever asks."""


def _forget_address(question: Question, state: Delivery.State, now: datetime) -> None:
    """It was for this one answer."""
    told = "mailed_at" if state == Delivery.State.SENT else "undeliverable_at"
    Question.objects.filter(pk=question.pk).update(email="", **{told: now})
    sent = Delivery.objects.filter(purpose=ANSWER.name, subject=ANSWER.subject(question))
    sent.update(address="")


QUESTION = register(
    Purpose[Told](
        name="question",
        subject=lambda told: f"question:{told.question.pk}",
        addressee=lambda told: f"user:{told.owner.pk}",
        address=lambda told: told.owner.email,
        compose=question_letter,
        is_needed=True,
    )
)
ANSWER = register(
    Purpose[Question](
        name="answer",
        subject=lambda question: f"question:{question.pk}",
        address=lambda question: question.email,
        compose=answer_letter,
        followed_by=_forget_address,
        is_needed=True,  # and has no link to stop more: there is no address left to write to
    )
)


@subscribe(Topic.QUESTION_ASKED, name="questions.asked", queue=Queue.MAIL)
def tell_owners(message: Message) -> None:
    """Each owner of the brand, as long as it waits."""
    with scope(brand=message.brand_id):
        question = _find(message)
        if question is None or question.state != Question.State.WAITING or _were_many(question):
            return
        send_to_owners(question.brand, QUESTION, lambda owner: Told(question, owner))


@subscribe(Topic.QUESTION_ANSWERED, name="questions.answered", queue=Queue.MAIL)
def send_answer(message: Message) -> None:
    """Once. Not to whoever wants no e-mails: somebody else may have typed their address."""
    with scope(brand=message.brand_id):
        question = _find(message)
        if question is None or not question.email:
            return
        if is_suppressed(address=question.email, brand=question.brand):
            with transaction.atomic():
                _forget_address(question, Delivery.State.SUPPRESSED, timezone.now())
            return
        send(purpose=ANSWER, about=question, brand=question.brand)


def _find(message: Message) -> Question | None:
    rows = Question.objects.select_related("brand", "treat")
    return rows.filter(pk=message.payload["question_id"]).first()


def _were_many(question: Question) -> bool:
    before = Question.objects.filter(
        asked_at__gt=question.asked_at - timedelta(days=1), asked_at__lt=question.asked_at
    )
    return before.count() >= TOLD_BY_MAIL_MAX
